"""What successive imports show of the ladder, and adopting what closed deals teach."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from planning.domain.network import Network
from planning.errors import NothingToPlanError
from planning.store import Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.desk import Desk
from planning.workflows.incoming import Incoming
from planning.workflows.ladder_looks import rates_learned
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
HEADER = "opportunity_id,source,observed_date,stage,product,market,quantity,expected_date,status\n"


def deal(stage: str, status: str = "open", id: str = "OP-1") -> str:
    return f"{id},crm,2026-11-03,{stage},0001,uk,40,2027-01-08,{status}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The small company with a deal that is a lead, as import 1."""
    database = write_imported(tmp_path / "workspace", TODAY, opportunities=HEADER + deal("lead"))
    with Workspace.open(database) as workspace:
        desk = Desk(workspace)
        yield desk
        desk.close()


def network(desk: Desk) -> Network:
    held = desk.network()
    assert held is not None
    return held


def upload(desk: Desk, *rows: str) -> int:
    preview = desk.uploads.preview([Incoming("opportunities.csv", (HEADER + "".join(rows)).encode())])
    return desk.uploads.load(preview).batch


def climbed(desk: Desk) -> list[tuple[str | None, str]]:
    return desk.ladder_steps().select("came_from", "rung").rows()


def test_every_import_is_a_look_and_an_undone_one_is_none(desk: Desk) -> None:
    assert climbed(desk) == [(None, "lead")]
    upload(desk, deal("quoted"))
    latest = upload(desk, deal("quoted", "lost"))
    assert climbed(desk) == [(None, "lead"), ("lead", "quoted"), ("quoted", "lost")]
    desk.uploads.undo(latest)
    assert climbed(desk) == [(None, "lead"), ("lead", "quoted")]


def test_before_the_first_import_there_are_no_steps(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as workspace:
        desk = Desk(workspace)
        assert desk.ladder_steps().is_empty()
        desk.close()


def test_what_is_adopted_stands_in_stages_csv_until_it_is_undone(desk: Desk) -> None:
    upload(desk, *(deal("quoted", "won" if n < 6 else "lost", f"X-{n}") for n in range(10)))
    rates = rates_learned(desk.ladder_steps(), network(desk))
    receipt = desk.adopt_rates(rates, network(desk).input_hash)
    entered = dict(network(desk)["stages"].select("stage", "probability").iter_rows())
    # (6 + 20 · 0.3) / (10 + 20), in whole per cent; nobody was verbal.
    assert (entered["quoted"], entered["verbal"]) == (0.4, 0.7)
    desk.uploads.undo(receipt.batch)
    assert dict(network(desk)["stages"].select("stage", "probability").iter_rows())["quoted"] == 0.3


def test_what_was_learned_from_other_data_is_not_adopted(desk: Desk) -> None:
    old = network(desk).input_hash
    rates = rates_learned(desk.ladder_steps(), network(desk))
    upload(desk, deal("quoted", "won", "X"))
    with pytest.raises(ChangedMeanwhileError, match="no probability was adopted"):
        desk.adopt_rates(rates, old)


def test_what_holds_already_is_not_adopted_again(desk: Desk) -> None:
    upload(desk, deal("quoted", "won", "X"))
    rates = rates_learned(desk.ladder_steps(), network(desk))
    desk.adopt_rates(rates, network(desk).input_hash)
    with pytest.raises(NothingToPlanError, match="hold already"):
        desk.adopt_rates(rates, network(desk).input_hash)
