"""Salesforce's line items and opportunities in files of their own: together, or one after the other."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.signals.reading.profile import Profile
from planning.signals.sources.settings import Answers
from planning.store import Workspace
from planning.workflows.mending import draft_mending, edited, save_mending
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
DEALS = (
    "Id,Name,StageName,CloseDate,Probability,Amount,IsClosed,IsWon,CreatedDate,IsDeleted\n"
    "006A,Fair,Negotiation/Review,2026-12-18,60,4000,false,false,2026-11-02T08:00:00.000Z,false\n"
    "006B,Refit,Prospecting,2026-12-18,10,900,false,false,2026-11-03T08:00:00.000Z,false\n"
    "006C,Spare,Closed Lost,2026-11-10,0,100,true,false,2026-11-03T08:00:00.000Z,false\n"
)
ITEMS = (
    "Id,OpportunityId,ProductCode,Quantity,UnitPrice,ServiceDate,CreatedDate,IsDeleted\n"
    "00kA,006A,0001,40,40,2027-01-08,2026-11-05T08:00:00.000Z,false\n"
    "00kB,006A,0002,few,60,,2026-11-05T08:00:00.000Z,false\n"
    "00kC,006A,0002,5,60,,2026-11-05T08:00:00.000Z,true\n"
    "00kD,006C,0002,9,60,,2026-11-05T08:00:00.000Z,false\n"
    "00kE,006Z,0001,1,60,,2026-11-05T08:00:00.000Z,false\n"
)
UK = Profile(answers=Answers(market="uk"))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(write_imported(tmp_path, TODAY)) as opened:
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def dropped(uploads: Uploads, **files: str) -> Preview:
    """Files of these names, dropped together and imported."""
    given = [(f"{name}.csv", text.encode()) for name, text in files.items()]
    incoming = []
    for name, data in given:
        told = uploads.understood(name, data, UK, beside=[one for one in given if one[0] != name])
        assert told is not None
        incoming.append(uploads.incoming(name, data, told))
    preview = uploads.preview(incoming)
    assert not preview.faults
    if preview.loads:
        uploads.load(preview)
    return preview


def deals(workspace: Workspace) -> dict[str, tuple[float, float, str]]:
    network = workspace.load_network(TODAY)
    assert network is not None
    rows = network["opportunities"].select("opportunity_id", "quantity", "probability", "status")
    return {id: (quantity, sure, status) for id, quantity, sure, status in rows.iter_rows()}


def sums(preview: Preview) -> dict[str, tuple[int, int, int, int]]:
    return {one.file: (one.rows_in, one.loaded, one.kept_aside, one.collapsed) for one in preview.sums}


def test_items_are_read_with_their_opportunities_when_both_are_dropped(
    uploads: Uploads, workspace: Workspace
) -> None:
    preview = dropped(uploads, deals=DEALS, items=ITEMS)
    assert deals(workspace) == {"006A/00kA": (40, 0.6, "open"), "006C/00kD": (9, 0, "lost")}
    assert sums(preview) == {"deals.csv": (3, 0, 1, 2), "items.csv": (5, 2, 3, 0)}
    told = {(row["file"], row["line"]): row for row in preview.aside.iter_rows(named=True)}
    assert told["deals.csv", 3]["remedy"].startswith("Drop the export of its line items")
    assert (told["items.csv", 3]["column"], told["items.csv", 3]["value"]) == ("Quantity", "few")
    assert told["items.csv", 4]["reason"] == "was deleted in the CRM"
    assert told["items.csv", 6]["reason"] == "opportunity 006Z is in no file of opportunities"
    assert told["items.csv", 6]["remedy"] == "Drop the export of the opportunities together with it."


@pytest.mark.parametrize(
    ("alone", "remedy"),
    [
        ({"items": ITEMS.replace("IsDeleted", "Notes")}, "the opportunities together with it."),
        ({"deals": DEALS}, "its line items (OpportunityLineItem) together with it."),
    ],
)
def test_one_without_the_other_loads_nothing_and_says_what_is_missing(
    uploads: Uploads, workspace: Workspace, alone: dict[str, str], remedy: str
) -> None:
    preview = dropped(uploads, **alone)
    assert not preview.loads
    assert set(preview.aside["remedy"]) == {f"Drop the export of {remedy}"}
    assert deals(workspace) == {}


def test_what_was_dropped_before_stands_beside_what_comes_later(
    uploads: Uploads, workspace: Workspace
) -> None:
    dropped(uploads, deals=DEALS, items=ITEMS)
    later = ITEMS.replace("0001,40", "0001,70").replace("006Z", "006B")
    preview = dropped(uploads, items=later)
    assert deals(workspace)["006A/00kA"] == (70, 0.6, "open")
    assert deals(workspace)["006B/00kE"] == (1, 0.1, "open")
    assert sums(preview) == {"items.csv": (5, 3, 2, 0)}

    preview = dropped(uploads, deals=DEALS.replace(",60,4000", ",90,4000"))
    assert deals(workspace)["006A/00kA"] == (70, 0.9, "open")
    assert sums(preview) == {"deals.csv": (3, 0, 0, 3), "items.csv": (5, 3, 2, 0)}


def test_a_line_item_is_mended_after_its_import_with_its_opportunity(
    uploads: Uploads, workspace: Workspace
) -> None:
    dropped(uploads, deals=DEALS, items=ITEMS)
    rows = uploads.rows_unread("items.csv")
    assert rows is not None
    mended = rows.rows.with_columns(Quantity=rows.rows["Quantity"].replace("few", "3"))
    mending = draft_mending(uploads, rows, edited(rows.rows, mended))
    assert mending.loads == (3,)
    save_mending(uploads, rows, mending)
    assert deals(workspace)["006A/00kB"] == (3, 0.6, "open")
