"""A plan made for real, once for all tests of the export."""

from datetime import date

import pytest

from planning.domain.plan import Plan
from planning.workflows.folders import FolderRun, run_folder
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)

#: Ids as customers and spreadsheets think of them.
AWKWARD = {
    "comma": "A,1",
    "quote": 'he said "now"',
    "newline": "two\nlines",
    "zeros": "00012",
    "formula": "=1+1",
    "accents": "Åse-é-ß",
    "exponent": "12E5",
    "spaces inside": "a  b",
}


@pytest.fixture(scope="session")
def company_run(tmp_path_factory: pytest.TempPathFactory) -> FolderRun:
    """The small company planned, with orders of awkward ids among its own and a row that is kept aside."""
    folder = tmp_path_factory.mktemp("company")
    quoted = ('"' + name.replace('"', '""') + '"' for name in AWKWARD.values())
    rows = [f"{name},,2026-12-04,0003,pt,2.5,," for name in quoted]
    orders = "\n".join([FILES["orders"].strip(), *rows, "SO-9,,2026-12-04,9999,pt,1,,", ""])
    network = write_company(folder / "network", orders=orders)
    return run_folder(network, folder / "out", TODAY)


@pytest.fixture(scope="session")
def company_plan(company_run: FolderRun) -> Plan:
    """Its plan."""
    return company_run.plan
