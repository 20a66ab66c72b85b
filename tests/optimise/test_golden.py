"""Programs of tiny networks, kept as files that can be read (see golden_networks)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from planning.domain.network import Network
from tests.optimise.golden_networks import CASES, FOLDER, write
from tests.test_docs import formulas


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_program_is_the_one_that_was_read(case: Callable[[], Network], tmp_path: Path) -> None:
    written = write(case, tmp_path).read_text(encoding="utf-8")
    assert written == (FOLDER / f"{case.__name__}.lp").read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_network_and_can_be_read_at_a_glance() -> None:
    files = sorted(FOLDER.glob("*.lp"))
    assert [file.stem for file in files] == sorted(case.__name__ for case in CASES)
    assert all(len(file.read_text(encoding="utf-8").splitlines()) <= 30 for file in files)


def test_every_family_of_constraints_can_be_read_in_a_golden_file() -> None:
    """Of those on the model page, which are all there are (tests/test_docs.py)."""
    families = {name for names, _ in formulas().values() for name in names}
    rows = "\n".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.lp"))
    unread = {name for name in families if not re.search(rf"^{name}(_-?\d+|_print)*:", rows, re.MULTILINE)}
    assert unread == set()
