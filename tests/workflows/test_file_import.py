"""Files of other systems join the data with their own lines, by a profile, and nothing of them is lost."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.command_line import main
from planning.errors import InputError
from planning.signals.reading.profile import Profile, read_profile
from planning.signals.reading.proposal import answered
from planning.store import Workspace
from planning.workflows.file_import import import_file
from planning.workflows.upload_preview import Preview
from planning.workflows.uploads import Uploads
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
HEADER = "Auftrag;Artikel;Land;Menge;Liefertermin\n"
AMBIGUOUS = "Order ID,SKU,Country,Qty,Due\nSO-9,0003,pt,10,03/12/2026\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The small company holds, as import 1."""
    with Workspace.open(write_imported(tmp_path, TODAY)) as opened:
        yield opened


@pytest.fixture
def uploads(workspace: Workspace) -> Uploads:
    return Uploads(workspace, lambda: TODAY)


def previewed(uploads: Uploads, name: str, data: bytes, draft: Profile | None = None) -> Preview:
    proposal = uploads.read(name, data, draft)
    return uploads.preview([uploads.incoming(name, data, proposal)])


def german(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode("cp1252")


def test_every_row_that_does_not_load_is_told_by_its_own_line_and_text(uploads: Uploads) -> None:
    data = german("SO-9;0003;pt;1,5;18.12.2026", "SO-8;0O03;pt;1,5;18.12.2026", "SO-7;0003;pt;x;18.12.2026")
    preview = previewed(uploads, "Aufträge.csv", data)
    assert [(r.rows_in, r.new, r.kept_aside) for r in preview.files] == [(3, 1, 2)]
    assert preview.aside.select("file", "line", "column", "value", "raw").rows() == [
        ("Aufträge.csv", 3, "Artikel", "0O03", "SO-8;0O03;pt;1,5;18.12.2026"),
        ("Aufträge.csv", 4, "Menge", "x", "SO-7;0003;pt;x;18.12.2026"),
    ]


def test_rows_that_contradict_one_another_are_named_by_their_own_lines(uploads: Uploads) -> None:
    data = german("x;y", "SO-9;0003;pt;1,5;18.12.2026", "SO-9;0003;pt;2,5;18.12.2026")
    draft = Profile()
    proposal = uploads.read("Aufträge.csv", data)
    (question,) = proposal.questions
    draft = answered(draft, proposal, question, "one")
    preview = previewed(uploads, "Aufträge.csv", data, draft)
    reasons = preview.aside.filter(pl.col("line") > 2)["reason"].to_list()
    assert all(reason.startswith("lines 3, 4 have the same order_id") for reason in reasons)
    assert len(reasons) == 2


def test_rows_kept_aside_keep_the_line_they_came_in_whatever_is_imported_later(
    uploads: Uploads, workspace: Workspace
) -> None:
    uploads.load(previewed(uploads, "Aufträge.csv", german("", "SO-8;0O03;pt;1,5;18.12.2026")))
    uploads.load(
        previewed(uploads, "mehr.csv", german("SO-9;0003;pt;1,5;18.12.2026", "SO-7;no;pt;1,5;18.12.2026"))
    )
    told = workspace.origins().select("upload", "upload_line", "raw").sort("upload")
    assert told.rows() == [
        ("Aufträge.csv", 3, "SO-8;0O03;pt;1,5;18.12.2026"),
        ("mehr.csv", 3, "SO-7;no;pt;1,5;18.12.2026"),
    ]
    uploads.undo(3)
    assert workspace.origins()["upload"].to_list() == ["Aufträge.csv"]


def test_the_same_foreign_file_twice_changes_nothing(uploads: Uploads) -> None:
    data = german("SO-9;0003;pt;1,5;18.12.2026")
    uploads.load(previewed(uploads, "Aufträge.csv", data))
    again = previewed(uploads, "Aufträge.csv", data)
    assert not again.loads
    assert again.files[0].same == 1


def test_a_file_of_our_form_never_enters_the_reading(uploads: Uploads) -> None:
    data = b"order_id,due_date,product,market,quantity\nSO-9,2026-12-18,0003,pt,10\n"
    assert uploads.in_our_form("orders.csv", data) == data
    assert uploads.in_our_form("orders.csv", data.replace(b"quantity", b"qty")) is None


def test_what_was_answered_is_kept_under_a_name_and_holds_for_the_next_file(uploads: Uploads) -> None:
    draft = Profile(name="Shop")
    proposal = uploads.read("export.csv", AMBIGUOUS.encode(), draft)
    assert not proposal.is_settled
    draft = answered(draft, proposal, proposal.questions[0], "dmy")
    uploads.load(previewed(uploads, "export.csv", AMBIGUOUS.encode(), draft))
    assert [profile.name for profile in uploads.profiles()] == ["Shop"]
    later = AMBIGUOUS.replace("SO-9", "SO-10").replace("03/12", "02/12").encode()
    settled = uploads.read("another.csv", later)
    assert settled.is_settled
    assert settled.profile.columns["due_date"].form == "dmy"


def test_a_form_no_value_settled_is_asked_about_in_the_next_file(uploads: Uploads) -> None:
    plain = b"Order ID,SKU,Country,Qty,Due\nSO-9,0003,pt,10,2026-12-18\n"
    uploads.load(previewed(uploads, "export.csv", plain))
    later = uploads.read("export.csv", plain.replace(b",10,", b",1.234,"))
    assert [question.column for question in later.questions] == ["quantity"]


def test_a_profile_says_the_same_after_a_trip_through_its_file(uploads: Uploads) -> None:
    profile = uploads.read("Aufträge.csv", german("SO-9;0003;pt;1,5;18.12.2026")).profile
    assert read_profile("shop.json", profile.as_json()) == profile
    with pytest.raises(InputError, match="speaks of a table or a column there is not"):
        read_profile("shop.json", profile.as_json().replace('"orders"', '"bestellungen"'))
    with pytest.raises(InputError, match="is no profile"):
        read_profile("shop.json", "{")


def test_rows_that_were_taken_away_to_be_mended_are_nothing_without_their_file(uploads: Uploads) -> None:
    sheet = b"Auftrag,Artikel,Takt: line,Takt: reason,Takt: what to do\nSO-9,0003,3,why,what\n"
    with pytest.raises(InputError, match="Bring it back where that file's rows are mended"):
        uploads.read("rows-to-mend.csv", sheet)


def test_the_command_line_reads_a_foreign_file_by_a_profile(
    workspace: Workspace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    export, profile = tmp_path / "export.csv", tmp_path / "shop.json"
    export.write_text(AMBIGUOUS)
    with pytest.raises(InputError, match="03/12/2026 can be read in several ways"):
        import_file(workspace, export, TODAY)
    database = workspace.path
    workspace.close()
    command = ["import", str(export), "--workspace", str(database)]
    assert main([*command, "--write-profile", str(profile)]) == 0
    said = read_profile("shop.json", profile.read_text())
    taken = said.columns["due_date"]
    assert taken.heading == "Due"
    assert taken.form is None
    text = profile.read_text().replace('"heading": "Due"', '"heading": "Due", "form": "dmy"')
    profile.write_text(text)
    assert main([*command, "--profile", str(profile)]) == 0
    told = capfd.readouterr().out
    assert "1 rows read: 1 loaded, 0 kept aside, 0 collapsed." in told
    assert "orders.csv: 1 new, 0 changed, 0 the same, 0 removed" in told
    assert main([*command, "--profile", "nobody"]) == 2
    assert "there is no profile of this name" in capfd.readouterr().err
