"""Overruling the forecast: what is typed is understood or told, and saved like any other import."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.domain.forecast_schema import METHODS_SCHEMA
from planning.errors import InputError, NothingToPlanError
from planning.forecast import Forecast
from planning.forecast.forecast import QUANTILES_SCHEMA
from planning.store import Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder
from planning.workflows.overruling import Draft, Entry, Signature, draft_overrides
from tests.builders.company import write_company
from tests.builders.demand import DEMAND
from tests.builders.networks import week
from tests.builders.outlooks import an_outlook
from tests.builders.workspaces import write_imported

TODAY = date(2026, 11, 23)
SIGNED = Signature("second line starts", "ada")
OUTLOOK = an_outlook()
ONE = pl.DataFrame({"product": ["P"], "market": ["M"]})
FAMILY = pl.DataFrame({"product": ["P", "P"], "market": ["M", "N"]})


def draft(text: str, *weeks: int, series: pl.DataFrame = ONE, signed: Signature = SIGNED) -> Draft:
    """One entry for these weeks of the small company: 10 a week of P in M, 2 in N."""
    entry = Entry("There", tuple(week(t) for t in weeks or (0,)), text)
    return draft_overrides(OUTLOOK, series, [entry], signed)


def quantities(made: Draft) -> list[float]:
    return made.rows["quantity"].to_list()


def test_units_stand_as_they_are_typed_and_carry_reason_author_and_last_day() -> None:
    made = draft("12.5", signed=replace(SIGNED, expires=week(2)))
    assert made.can_be_saved
    row = made.rows.row(0, named=True)
    assert (row["quantity"], row["model"], row["before"]) == (12.5, 10, None)
    assert (row["reason"], row["author"], row["expires"]) == ("second line starts", "ada", week(2))


@pytest.mark.parametrize(
    ("text", "becomes"), [("+20 %", 12), ("+20%", 12), ("-50 %", 5), ("− 50%", 5), ("-100 %", 0), (" 0 ", 0)]
)
def test_a_change_is_one_of_the_forecast(text: str, becomes: float) -> None:
    assert quantities(draft(text)) == [becomes]


def test_what_is_said_of_a_family_and_a_range_is_shared_out_as_the_forecast_is() -> None:
    assert quantities(draft("60", 0, 1, series=FAMILY)) == [25, 5, 25, 5]
    assert quantities(draft("+10 %", 0, 1, series=FAMILY)) == [11, 2.2, 11, 2.2]


def test_a_change_is_of_the_forecast_also_where_an_override_holds() -> None:
    made = draft("+20 %", 5)
    assert (quantities(made), made.rows["before"].to_list()) == ([12], [20])


def test_a_series_without_a_forecast_gets_no_share_of_what_others_have() -> None:
    both = pl.DataFrame({"product": ["P", "Q"], "market": ["M", "N"]})
    assert draft("30", series=both).rows["product"].to_list() == ["P"]
    alone = pl.DataFrame({"product": ["Q"], "market": ["N"]})
    assert quantities(draft("30", 0, 1, 2, series=alone)) == [10, 10, 10]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abc", "'abc' is neither units, such as 120, nor a change, such as +20 %"),
        ("1,250", "'1,250' has a comma"),
        ("20 %", "'20 %' needs its sign"),
        ("-5", "'-5' is below zero"),
        ("+5", "'+5' is neither units"),
        ("-120 %", "'-120 %' is below zero: −100 % is the most"),
        ("1e5", "'1e5' is neither units"),
        ("9999999999", "is too large to plan with: at most 1,000,000,000"),
        ("nan", "is neither units"),
        ("end", "no override holds there that could end"),
    ],
)
def test_what_will_not_do_is_told_and_never_made_to_fit(text: str, told: str) -> None:
    made = draft(text)
    assert made.rows.is_empty()
    assert not made.can_be_saved
    (fault,) = made.faults
    assert fault.startswith("There: ")
    assert told in fault


def test_while_one_entry_will_not_do_the_others_wait() -> None:
    entries = [Entry("week 49", (week(0),), "12"), Entry("week 50", (week(1),), "x")]
    made = draft_overrides(OUTLOOK, ONE, entries, SIGNED)
    assert quantities(made) == [12]
    assert not made.can_be_saved


def test_a_share_of_nothing_is_refused_in_words() -> None:
    nothing = pl.DataFrame({"product": ["Q"], "market": ["N"]})
    assert "say it in units" in draft("+20 %", series=nothing).faults[0]


def test_a_week_said_twice_is_told() -> None:
    entries = [Entry("week 49", (week(0),), "12"), Entry("range", (week(0), week(1)), "50")]
    made = draft_overrides(OUTLOOK, ONE, entries, SIGNED)
    assert made.faults == ("2026-W49 is said twice, in the table and in the range: keep one of them.",)


def test_it_needs_a_reason_and_an_author_and_a_day_to_come() -> None:
    assert draft("12", signed=Signature()).missing == "An override needs a reason and an author."
    assert draft("12", signed=Signature("a fair", " ")).missing == "An override needs an author."
    late = draft("12", signed=replace(SIGNED, expires=OUTLOOK.network.policy.as_of - timedelta(1)))
    assert "is over already" in late.faults[0]


def test_letting_an_override_end_needs_no_reason_and_keeps_what_it_was_said_with() -> None:
    made = draft("end", 4, 5, signed=Signature())
    assert made.can_be_saved
    row = made.rows.row(0, named=True)
    assert (row["week"], row["quantity"], row["reason"]) == (week(5), 20, "second line starts")
    assert row["expires"] == OUTLOOK.network.policy.as_of - timedelta(1)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The small company, 20 a week of 0001 forecast in the uk."""
    with Workspace.open(write_imported(tmp_path / "workspace", TODAY, **DEMAND)) as workspace:
        save_forecast(workspace, TODAY, 20)
        yield workspace


@pytest.fixture
def desk(workspace: Workspace) -> Iterator[Desk]:
    desk = Desk(workspace)
    yield desk
    desk.close()


def typed(desk: Desk, text: str, signed: Signature = SIGNED) -> Draft:
    """An override of 0001 in the uk in the first week."""
    outlook = desk.outlook()
    assert outlook is not None
    entry = Entry("week 49", (outlook.network.policy.start_week,), text)
    return draft_overrides(outlook, pl.DataFrame({"product": ["0001"], "market": ["uk"]}), [entry], signed)


def first_week(desk: Desk) -> float:
    """What counts as forecast of 0001 in the uk in the first week."""
    outlook = desk.outlook()
    assert outlook is not None
    mine = {"product": "0001", "market": "uk", "week": outlook.network.policy.start_week}
    return float(outlook.network["forecast"].filter(**mine)["quantity"].item())


def test_what_is_saved_counts_survives_a_new_forecast_and_is_undone_like_any_import(
    desk: Desk, workspace: Workspace
) -> None:
    receipt = desk.save_overrides(typed(desk, "77"))
    assert first_week(desk) == 77
    save_forecast(workspace, TODAY, 30)
    assert first_week(desk) == 77
    history = desk.uploads.history().row(0, named=True)
    assert (history["batch"], history["source"], history["rows_new"]) == (receipt.batch, "overrides.csv", 1)
    desk.uploads.undo(receipt.batch)
    assert first_week(desk) == 30


def test_another_override_of_the_same_week_takes_its_place_and_an_ended_one_is_kept(desk: Desk) -> None:
    desk.save_overrides(typed(desk, "77"))
    desk.save_overrides(typed(desk, "80", Signature('says "so", again', "bela")))
    assert first_week(desk) == 80
    desk.save_overrides(typed(desk, "end", Signature()))
    network = desk.network()
    assert network is not None
    assert network["overrides"].select("quantity", "reason", "author").rows() == [
        (80, 'says "so", again', "bela")
    ]
    assert first_week(desk) != 80


def test_the_second_of_two_savers_is_told_and_nothing_is_lost(desk: Desk) -> None:
    mine, theirs = typed(desk, "77"), typed(desk, "90")
    desk.save_overrides(theirs)
    with pytest.raises(ChangedMeanwhileError, match="no override was saved"):
        desk.save_overrides(mine)
    assert first_week(desk) == 90


def test_what_holds_already_is_not_saved_again(desk: Desk) -> None:
    desk.save_overrides(typed(desk, "77"))
    with pytest.raises(NothingToPlanError, match="hold already"):
        desk.save_overrides(typed(desk, "77"))


def test_a_row_the_network_would_not_take_is_told_and_none_is_saved(desk: Desk) -> None:
    made = typed(desk, "77", replace(SIGNED, expires=date(2199, 1, 1)))
    with pytest.raises(InputError, match="more than five years"):
        desk.save_overrides(made)
    assert len(desk.uploads.history()) == 1


def test_the_record_sets_an_override_beside_the_forecast_it_overruled(
    desk: Desk, workspace: Workspace, tmp_path: Path
) -> None:
    """The forecast before it counts: 20 said, 30 overridden, 28 came; the one made after is passed over."""
    due = date(2026, 11, 2)
    save_forecast(workspace, due, 20)
    rows = f"product,market,week,quantity,reason,author\n0001,uk,{due},30,fair,ada\n"
    history = DEMAND["history"].splitlines()
    # What is due on the Monday after belongs to the week before.
    kept = [line for line in history if not line.startswith(f"{due + WEEK},0001,uk,")]
    files = DEMAND | {"overrides": rows, "history": "\n".join([*kept, f"{due + WEEK},0001,uk,28", ""])}
    import_folder(workspace, write_company(tmp_path / "company", **files), TODAY)
    save_forecast(workspace, due, 27)

    record = desk.override_record()
    assert record.select("override", "model", "actual", "gain", "author").rows() == [(30, 20, 28, 6, "ada")]


def save_forecast(workspace: Workspace, first: date, units: float) -> None:
    """A forecast of Takt's, as it was made for the weeks from `first` on."""
    rows = [("0001", "uk", first + t * WEEK, units, units, units, units) for t in range(3)]
    quantiles = pl.DataFrame(rows, QUANTILES_SCHEMA, orient="row")
    workspace.save_forecast("d" * 64, Forecast(quantiles, pl.DataFrame(schema=METHODS_SCHEMA)))
