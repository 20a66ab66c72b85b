"""The templates a planner starts from can be planned as they are."""

from pathlib import Path

from planning.domain.assume import complete
from planning.domain.schema import INPUT
from planning.signals import Folder, counts, read_folder, validate
from tests.signals.mini import TODAY

NEEDED = ("orders", "routings", "factories", "offers", "owned")


def test_all_templates_together_load_with_nothing_kept_aside(repo_root: Path) -> None:
    folder = read_folder(repo_root / "data" / "templates")
    network = validate(folder, TODAY)
    assert set(folder.files) == set(INPUT)
    assert network.given == set(NEEDED)
    assert network.rejected.is_empty()
    assert counts(folder, network)["loaded"].sum() == 10


def test_the_five_needed_templates_are_enough(repo_root: Path) -> None:
    templates = repo_root / "data" / "templates"
    folder = Folder.from_files({f"{name}.csv": (templates / f"{name}.csv").read_bytes() for name in NEEDED})
    whole = complete(validate(folder, TODAY))
    kinds = {line.split(":")[0] for line in whole.assumed}
    assert {
        "markets",
        "lanes",
        "robots",
        "products",
        "price",
        "supervisors",
        "cost of a refused unit",
    } <= kinds
    assert whole["lanes"].height == whole["factories"].height * whole["markets"].height
