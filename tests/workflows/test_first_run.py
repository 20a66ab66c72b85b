"""The first data of an empty workspace: the demo, a folder or a zip of it; never over data there are."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from planning.errors import InputError
from planning.store import Workspace
from planning.workflows.first_run import FirstRun, NotEmptyError
from planning.workflows.incoming import Incoming
from planning.workflows.touring import Tour
from planning.workflows.uploads import Uploads
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
COMPANY = {f"company/{name}.csv": text.encode() for name, text in FILES.items()}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "takt.duckdb") as opened:
        yield opened


@pytest.fixture
def first_run(workspace: Workspace, tmp_path: Path) -> FirstRun:
    return FirstRun(workspace, write_company(tmp_path / "demo"), lambda: TODAY)


def damaged_zip(content: bytes) -> bytes:
    """A zip of one deflated file, whose packed bytes are then spoilt."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", content)
    data = bytearray(buffer.getvalue())
    start = 30 + len("orders.csv")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def zipped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"company.zip": buffer.getvalue()}


@pytest.mark.parametrize(
    "dropped",
    [
        COMPANY,
        zipped(COMPANY),
        zipped({f"backup/2026/{name}": data for name, data in COMPANY.items()}),
        {name.removeprefix("company/"): data for name, data in COMPANY.items()},
        {name.replace("/", "\\"): data for name, data in COMPANY.items()},
    ],
    ids=["folder", "zip", "folder deep in a zip", "files alone", "as Windows writes it"],
)
def test_a_folder_is_found_however_it_comes(
    dropped: Mapping[str, bytes], first_run: FirstRun, workspace: Workspace
) -> None:
    look = first_run.look(dropped)
    assert look.faults == ()
    assert dict(look.files.select("file", "loaded").iter_rows())["orders.csv"] == 5
    first_run.bring_in(look)
    network = workspace.load_network()
    assert network is not None
    assert network["orders"].height == 5
    assert not first_run.is_demo()


def test_the_published_plan_comes_along_and_what_is_none_of_takt_s_is_named(
    first_run: FirstRun, workspace: Workspace
) -> None:
    production = b"factory,product,routing,week,quantity\nleeds,0001,0001/printer,2026-11-23,7\n"
    beside = {
        "company/published/production.csv": production,
        "company/notes.txt": b"hello",
        "company/.DS_Store": b"",
        "__MACOSX/company/orders.csv": b"",
    }
    look = first_run.look(zipped(COMPANY | beside))
    assert look.passed_over == ("company/notes.txt",)
    first_run.bring_in(look)
    network = workspace.load_network()
    assert network is not None
    assert network.published["production"]["quantity"].to_list() == [7]


#: A zip whose one member cannot be inflated.
DAMAGED = damaged_zip(b"a" * 1000)


def test_what_is_missing_or_wrong_is_told_before_anything_counts(
    first_run: FirstRun, workspace: Workspace
) -> None:
    without = {name: data for name, data in COMPANY.items() if "orders" not in name}
    for dropped, wrong in (
        (without, "orders.csv: is missing"),
        (COMPANY | {"old/orders.csv": b""}, "several folders"),
        ({"company.zip": b"no zip"}, "cannot be unpacked"),
        ({"company.zip": DAMAGED}, "cannot be unpacked"),
        ({"readme.txt": b"hello"}, "is missing"),
    ):
        look = first_run.look(dropped)
        assert any(wrong in str(fault) for fault in look.faults), wrong
        with pytest.raises(InputError):
            first_run.bring_in(look)
    assert workspace.holding() is None


def test_rows_that_will_not_load_are_told_with_what_to_do(first_run: FirstRun) -> None:
    orders = FILES["orders"] + "SO-9,2026-11-02,2026-12-04,0001,uk,many,Ada,40\n"
    look = first_run.look(COMPANY | {"company/orders.csv": orders.encode()})
    aside = look.aside.row(0, named=True)
    assert (aside["file"], aside["line"], aside["column"]) == ("orders.csv", 7, "quantity")
    assert aside["remedy"] == "Write digits with a decimal dot, without a unit."


def test_the_demo_is_the_demo_also_after_edits_and_no_more_once_a_folder_takes_its_place(
    first_run: FirstRun, workspace: Workspace
) -> None:
    assert not first_run.is_demo()
    receipt = first_run.load_demo()
    assert first_run.is_demo()
    uploads = Uploads(workspace, lambda: TODAY)
    stock = Incoming("stock.csv", b"factory,product,quantity\nleeds,0001,5\n")
    uploads.load(uploads.preview([stock]))
    assert first_run.is_demo()
    with pytest.raises(NotEmptyError):
        first_run.load_demo()
    with pytest.raises(NotEmptyError):
        first_run.bring_in(first_run.look(COMPANY))
    workspace.undo(receipt.batch)
    assert not first_run.is_demo()


def test_the_tour_remembers_what_was_seen_in_the_workspace(
    first_run: FirstRun, workspace: Workspace, tmp_path: Path
) -> None:
    tour = Tour(workspace.tour(), first_run.is_demo)
    assert not tour.is_here()
    first_run.load_demo()
    assert (tour.is_here(), tour.is_new(), tour.is_on()) == (True, True, False)
    tour.start()
    tour.see("today")
    tour.leave()
    workspace.close()
    with Workspace.open(tmp_path / "takt.duckdb") as again:
        later = Tour(again.tour(), lambda: True)
        assert (later.seen(), later.is_on(), later.is_new()) == ({"today"}, False, False)
        later.start()
        assert (later.is_on(), later.seen()) == (True, {"today"})
        later.begin_again()
        assert (later.is_on(), later.seen()) == (True, frozenset())
