"""Folders made by somebody else: they load whole."""

from pathlib import Path

import pytest

from planning.domain.assume import complete
from planning.signals import counts, read_folder, validate
from tests.signals.mini import TODAY


@pytest.mark.parametrize("name", ["mini-1", "tiny-2", "stress-tiny", "small-1"])
def test_reference_networks_load_with_nothing_kept_aside(shared_data: Path, name: str) -> None:
    folder = read_folder(shared_data / "networks" / name)
    network = validate(folder, TODAY)
    assert network.rejected.is_empty(), network.rejected
    assert counts(folder, network)["loaded"].sum() == sum(source.rows_in for source in folder.files.values())
    assert network.given == set(folder.files)
    whole = complete(network)
    assert whole["products"].null_count().select("price", "lost_cost", "waste_cost").row(0) == (0, 0, 0)
