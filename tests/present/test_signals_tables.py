"""What came in is told whole, and how fresh it is."""

from datetime import date, datetime

import polars as pl

from planning.domain.schema import EXPORT
from planning.errors import Fault
from planning.present import signals_tables, signals_words
from tests.builders.plans import a_network, input_frame, rejected_rows


def test_kept_aside_rows_show_every_column_of_the_contract() -> None:
    view = signals_tables.kept_aside(rejected_rows(2))
    assert list(view.columns) == EXPORT["rejected_rows"].columns
    assert view.frame.height == 2


def test_reasons_that_only_name_other_lines_are_one_reason() -> None:
    reasons = [
        "lines 3, 4 have the same order_id and line and differ: keep the right one",
        "lines 7, 8, 9 … have the same order_id and line and differ: keep the right one",
        "is the same as line 12",
        "is the same as line 13",
        "due_date is more than five years from 2026-11-23 (as_of)",
    ]
    rows = rejected_rows(5).with_columns(reason=pl.Series(reasons), remedy=pl.lit("Mend it."))
    told = signals_tables.aside_reasons(rows).frame
    assert dict(told.select("reason", "rows").iter_rows()) == {
        "several lines have the same order_id and line and differ: keep the right one": 2,
        "is the same as an earlier line": 2,
        "due_date is more than five years from 2026-11-23 (as_of)": 1,
    }
    assert told["rows"].sum() == rows.height


def test_a_row_is_told_as_it_came_in_and_lines_of_others_as_those_of_the_data() -> None:
    rows = rejected_rows(3).with_columns(
        file=pl.lit("orders.csv"),
        line=pl.Series([7, 8, 9]),
        reason=pl.Series(["is the same as line 4", "quantity is not a number", "is the same as line 5"]),
        remedy=pl.lit("Mend it."),
    )
    origins = pl.DataFrame(
        [("orders.csv", 7, "shop.csv", 3, "a;b"), ("orders.csv", 8, "shop.csv", 4, "c;d")],
        schema=["file", "line", "upload", "upload_line", "raw"],
        orient="row",
    )
    told = signals_tables.as_came_in(rows, origins)
    assert told.select("file", "line", "reason").rows() == [
        ("shop.csv", 3, "is the same as line 4 (lines of orders.csv in the data)"),
        ("shop.csv", 4, "quantity is not a number"),
        ("orders.csv", 9, "is the same as line 5"),
    ]
    counted = signals_tables.aside_reasons(told).frame
    assert counted["reason"].str.starts_with("is the same as an earlier line").sum() == 2


def test_the_source_furthest_behind_comes_first_and_plans_ahead_are_not_behind() -> None:
    days = {"history": date(2026, 11, 9), "activity": date(2026, 11, 20), "campaigns": date(2027, 3, 1)}
    columns = {"history": "date", "activity": "date", "campaigns": "end_date"}
    frames = {name: input_frame(name, [{columns[name]: day}]) for name, day in days.items()}
    network = a_network(given=frozenset([*days, "factories"])).with_tables(**frames)
    since = pl.DataFrame(
        {"file": ["history.csv"], "imported_at": [datetime(2026, 11, 23, 8)]},
        schema_overrides={"imported_at": pl.Datetime("us")},
    )
    fresh = signals_tables.freshness(network, since)
    assert fresh.frame.select("file", "age").rows() == [
        ("history.csv", 14),
        ("activity.csv", 3),
        ("campaigns.csv", None),
        ("factories.csv", None),
    ]
    said = signals_words.behind(fresh, network.policy.as_of)
    assert said == "The data speak for Mon 23 Nov 2026. Furthest behind: history.csv, by 14 days."


def test_moments_are_shown_by_the_clock_of_the_plan() -> None:
    moments = pl.DataFrame({"moment": [datetime(2026, 7, 1, 23, 30)]})
    shown = moments.select(signals_tables.in_zone("moment", "Europe/Berlin"))
    assert shown["moment"][0] == datetime(2026, 7, 2, 1, 30)


def test_a_refusal_shows_text_of_the_data_as_it_is_and_counts_the_rest() -> None:
    faults = [Fault("orders.csv", "is **wrong**", line=n) for n in range(12)]
    told = signals_words.refused(faults)
    assert told.count("\n") == 9
    assert "\\*\\*wrong\\*\\*" in told
    assert told.endswith("- and 4 more")


def test_what_an_upload_does_to_other_rows_is_told_only_where_it_does() -> None:
    assert signals_words.elsewhere(0, 0) == ""
    assert signals_words.elsewhere(1, 0) == "1 row kept aside until now will load."
    assert signals_words.elsewhere(0, 2) == "2 rows that load now will be kept aside."
