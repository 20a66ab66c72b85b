"""The Forecast page in each of its states, without a browser."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from planning.domain.plan import Plan
from planning.forecast.deals import ConfirmTimes
from planning.forecast.live import LIVE_SCHEMA
from planning.forecast.overrides import VALUE_ADDED_SCHEMA
from planning.present import forecast_words, words
from planning.workflows.desk import serving
from planning.workflows.live_record import LiveRecord
from tests.builders.desk import StandInDesk, a_job, labels, said, table, visit
from tests.builders.networks import week
from tests.builders.outlooks import a_demand_network, a_forecast, own_forecast
from tests.builders.plans import a_plan, export_frame


@pytest.fixture
def desk() -> Iterator[StandInDesk]:
    desk = StandInDesk(held=a_demand_network(), forecasted=a_forecast())
    with serving(desk):
        yield desk


def test_every_series_is_listed_most_money_at_stake_first(desk: StandInDesk) -> None:
    page = visit("forecast")
    assert [title.value for title in page.title] == ["Forecast"]
    series = table(page, "at_stake")
    assert list(series["product"]) == ["Bracket", "Bracket", "Valve", "Valve"]
    assert list(series["verdict"])[:2] == ["Better than naive", "No better than naive"]
    assert "Over the planning lead time, week 49: **17 units** in all, eight times in ten" in said(page)


def test_series_of_your_own_forecast_have_no_band_together(desk: StandInDesk) -> None:
    rows = [*own_forecast(), *(row | {"market": "N"} for row in own_forecast())]
    desk.held = a_demand_network(forecast=rows)
    assert forecast_words.NO_BAND in said(visit("forecast"))
    assert forecast_words.NO_BAND not in said(visit("forecast", product="Bracket", market="Spain"))


def test_it_says_which_forecast_this_is_and_that_it_is_up_to_date(desk: StandInDesk) -> None:
    page = visit("forecast")
    assert (
        "Forecast 7 · made Mon 23 Nov 2026, 06:05 · from demand up to week 48 of 2026 · up to date"
        in said(page)
    )
    assert not page.warning
    assert page.button(key="forecast").label == "Forecast"


def test_figures_are_four_at_most_and_come_after_the_list(desk: StandInDesk) -> None:
    page = visit("forecast")
    assert len(page.metric) == 4
    first, second = page.columns[:2]
    assert "Series by money at stake" in [heading.value for heading in first.header]
    assert second.metric[0].label == "Expected units"


def test_a_link_opens_one_series_with_its_method_and_record(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    assert "Bracket, Spain" in [heading.value for heading in page.header]
    assert "**No better than naive.**" in said(page)
    assert {metric.label: metric.value for metric in page.metric}["Naive's WAPE"] == "40.0 %"
    assert forecast_words.NO_BAND not in said(page)
    assert [list(frame.value.columns) for frame in page.dataframe if "at_stake" in frame.value.columns] == []


def test_what_was_netted_of_a_series_adds_up(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Germany")
    assert "Forecast 70 − 15 by orders − 4 by deals + 4 from deals = **55 expected**" in said(page)
    assert table(page, "by_orders")["by_orders"].sum() == 15
    assert table(page, "by_orders")["expected"].sum() == 55


def test_an_override_is_told_beside_what_it_replaces(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Germany")
    assert forecast_words.OVERRIDDEN in said(page)
    assert list(table(page, "was")["was"]) == [10.0]


def overrule(page: AppTest, **typed: Any) -> AppTest:
    """Fill the range of the editor in; what is not named stays empty."""
    labelled = {w.label: w for group in (page.selectbox, page.text_input, page.date_input) for w in group}
    for label, value in typed.items():
        labelled[label.replace("_", " ").capitalize()].set_value(value)
    return page.run()


def test_there_is_nothing_to_save_until_something_is_said(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    assert "Save overrides" not in labels(page)
    assert page.button(key="forecast").proto.type == "primary"
    assert list(table(page, "said")["model"]) == [2.0] * 6


def test_what_would_change_is_told_first_and_saved_once_it_has_a_reason_and_an_author(
    desk: StandInDesk,
) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    overrule(page, from_week=week(1), to_week=week(2), say_for_all_of_it="10")
    assert list(table(page, "after")["after"]) == [5.0, 5.0]
    assert "**Not saved yet.** 2 overrides: 10.0 units where 4.0 are forecast." in said(page)
    assert "An override needs a reason and an author." in said(page)
    assert "Save overrides" not in labels(page)

    overrule(page, reason="a fair", author="ada", last_day_it_holds=week(3))
    assert page.button(key="save").proto.type == "primary"
    assert page.button(key="forecast").proto.type == "secondary"
    page.button(key="save").click().run()
    (draft,) = desk.saved
    assert draft.rows.select("week", "quantity", "reason", "author", "expires").rows() == [
        (week(1), 5, "a fair", "ada", week(3)),
        (week(2), 5, "a fair", "ada", week(3)),
    ]
    assert page.success[0].value.startswith("2 overrides saved.")
    assert "Save overrides" not in labels(page), "what was typed is let go"
    page.button(key="undo").click().run()
    assert desk.uploads.undone == [2]


def test_the_author_is_remembered_and_the_reason_is_asked_anew(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    overrule(page, from_week=week(1), say_for_all_of_it="+20 %", reason="a fair", author="ada")
    page.button(key="save").click().run()
    typed = {field.label: field.value for field in page.text_input}
    assert (typed["Author"], typed["Reason"]) == ("ada", "")


def test_what_will_not_do_is_told_in_words_and_cannot_be_saved(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    overrule(page, from_week=week(1), say_for_all_of_it="1,5", reason="a fair", author="ada")
    assert "W50: '1,5' has a comma" in page.error[0].value
    assert "Save overrides" not in labels(page)
    overrule(page, from_week=None, say_for_all_of_it="5")
    assert "choose its weeks" in page.error[0].value


def test_a_family_is_overruled_together(desk: StandInDesk) -> None:
    page = visit("forecast", family="F")
    assert "Demand of 2 series" in said(page)
    overrule(page, from_week=week(0), say_for_all_of_it="24", reason="a fair", author="ada")
    assert list(table(page, "after")["after"]) == [20.0, 4.0]
    assert list(table(page, "after")["market"]) == ["Germany", "Spain"]


def test_nothing_typed_for_one_series_is_said_of_the_next(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Germany")
    overrule(page, from_week=week(0), say_for_all_of_it="24", reason="a fair", author="ada")
    page.button(key="next").click().run()
    assert "Save overrides" not in labels(page)


def test_what_cannot_be_saved_is_told_and_stays_typed(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Spain")
    overrule(page, from_week=week(0), say_for_all_of_it="24", reason="a fair", author="ada")
    desk.refusal = "Somebody changed the data since you looked."
    page.button(key="save").click().run()
    assert desk.refusal in [warning.value for warning in page.warning]
    assert "Save overrides" in labels(page)


def test_whether_overrides_helped_is_told_once_their_weeks_are_over(desk: StandInDesk) -> None:
    row = ("P", "N", week(-2), 12.0, 20.0, 10.0, 8.0, "a fair", "ada")
    desk.judged = pl.DataFrame([row], VALUE_ADDED_SCHEMA, orient="row")
    page = visit("forecast", product="Bracket", market="Spain")
    assert "**Overrides helped.** Of 1 override whose week is over, 1 came closer" in said(page)
    assert "together they were 20.0 % off, the forecast 100.0 %." in said(page)
    assert list(table(page, "gain")["gain"]) == [8.0]
    assert "Overrides helped" not in said(visit("forecast", product="Bracket", market="Germany"))


def test_the_ways_on_lead_to_the_next_series_and_back_to_all(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket", market="Germany")
    page.button(key="next").click().run()
    assert page.multiselect(key="market").value == ["N"]
    assert "Bracket, Spain" in [heading.value for heading in page.header]
    page.button(key="all").click().run()
    assert page.multiselect(key="product").value == []
    assert len(table(page, "at_stake")) == 4


def test_filters_narrow_the_list_and_what_is_below(desk: StandInDesk) -> None:
    page = visit("forecast", product="Bracket")
    assert list(table(page, "at_stake")["market"]) == ["Germany", "Spain"]
    assert "Demand of 2 series" in said(page)
    assert "Forecast 82 − 15 by orders" in said(page)


def test_a_series_with_little_history_says_how_much_is_needed(desk: StandInDesk) -> None:
    page = visit("forecast", product="Valve", market="Germany")
    assert page.info[0].value.startswith("Only 3 weeks of history")
    page = visit("forecast", product="Valve", market="Spain")
    assert page.info[0].value.startswith("No history")


def test_nothing_sold_there_is_told(desk: StandInDesk) -> None:
    made = a_forecast()
    rows = made.forecast.methods.filter(made.forecast.methods["product"] != "Q")
    quantiles = made.forecast.quantiles.filter(made.forecast.quantiles["product"] != "Q")
    desk.forecasted = type(made)(7, made.created_at, made.input_hash, type(made.forecast)(quantiles, rows))
    page = visit("forecast", product="Valve", market="Germany")
    assert page.info[0].value == forecast_words.NO_SERIES


def test_a_forecast_older_than_the_data_says_so(desk: StandInDesk) -> None:
    desk.forecasted = a_forecast(input_hash="c" * 64)
    page = visit("forecast")
    assert page.warning[0].value.startswith("Forecast 7 is older than the data.")
    assert "up to date" not in page.caption[0].value
    assert page.button(key="forecast").label == "Forecast"


def test_whether_the_plan_counts_the_same_is_told(desk: StandInDesk) -> None:
    plan = a_plan()
    row = {"product": "P", "market": "N", "week": week(0), "confirmed": 0.0, "expected": 12.0}
    desk.shown = Plan(dict(plan.tables) | {"demand": export_frame("demand", [row])}, plan.summary)
    assert "Plan v3 counts the same." in said(visit("forecast", product="Bracket", market="Spain"))
    assert "Plan v3 counts 12 expected and 0 confirmed" in said(visit("forecast"))


def test_without_data_the_page_says_what_to_do_and_offers_no_forecast(desk: StandInDesk) -> None:
    desk.held, desk.forecasted = None, None
    page = visit("forecast")
    assert page.info[0].value == words.NO_DATA
    assert "Forecast" not in labels(page)


def test_without_a_forecast_the_action_is_to_make_one(desk: StandInDesk) -> None:
    desk.forecasted = None
    page = visit("forecast")
    assert page.info[0].value == forecast_words.NO_FORECAST
    page.button(key="forecast").click().run()
    assert desk.started == 1
    assert page.button(key="forecast").disabled
    assert "Cancel" in labels(page)


def test_with_neither_history_nor_orders_there_is_nothing_to_forecast(desk: StandInDesk) -> None:
    desk.held, desk.forecasted = a_demand_network(history=[], orders=[]), None
    page = visit("forecast")
    assert page.info[0].value == forecast_words.NOTHING_TO_LEARN_FROM
    assert "Forecast" not in labels(page)


def test_a_forecast_of_ones_own_is_shown_as_such_and_none_is_made(desk: StandInDesk) -> None:
    desk.held = a_demand_network(forecast=own_forecast())
    page = visit("forecast", product="Bracket")
    assert page.info[0].value == forecast_words.OWN_FORECAST
    assert "Forecast" not in labels(page)
    assert "Forecast 55 − 15 by orders" in said(page), "six weeks of 7, the last of them overridden to 20"


def test_a_forecast_under_way_cannot_be_started_twice_and_a_plan_does_not_stand_in_its_way(
    desk: StandInDesk,
) -> None:
    desk.work = a_job("running", kind="forecast", title="Forecast", fraction=0.5)
    assert visit("forecast").button(key="forecast").disabled
    desk.work = a_job("running")
    assert not visit("forecast").button(key="forecast").disabled


def test_what_cannot_be_started_is_told_in_words(desk: StandInDesk) -> None:
    desk.refusal = "A forecast is under way already (running)."
    page = visit("forecast")
    page.button(key="forecast").click().run()
    assert desk.refusal in [warning.value for warning in page.warning]


def lived(**changed: Any) -> LiveRecord:
    """The bracket in Germany has left its range, in Spain it has not; OP-1 will be confirmed at Christmas."""
    met = {"first_week": week(-8), "last_week": week(-1), "forecast": 80.0, "lowest": 60.0, "highest": 100.0}
    rows = [
        met
        | {"product": "P", "market": "M", "actual": 160.0, "live_wape": 0.5, "live_bias": -0.5}
        | {"drifted": True},
        met
        | {"product": "P", "market": "N", "actual": 88.0, "live_wape": 0.1, "live_bias": -0.1}
        | {"drifted": False},
    ]
    dates = {"opportunity_id": ["OP-1"], "p10": [date(2026, 12, 1)], "p50": [date(2026, 12, 24)]}
    known: dict[str, Any] = {
        "series": pl.DataFrame(rows).select(*LIVE_SCHEMA),
        "confirm_times": ConfirmTimes(np.array([7]), np.array([0.0]), 9),
        "deals": pl.DataFrame(dates | {"p90": [date(2027, 2, 1)]}),
    }
    return LiveRecord(**known | changed)


def test_a_series_that_left_its_range_raises_the_alarm_on_every_view_of_it(desk: StandInDesk) -> None:
    desk.lived = lived()
    assert "One series has left the range of the forecast. Bracket in Germany: 80 units" in said(
        visit("forecast")
    )
    alone = said(visit("forecast", product="Bracket", market="Germany"))
    assert (
        "**Left its range.** 80 units were forecast for week 41 to week 48, 160 came; the range was 60 to "
        "100." in alone
    )
    other = said(visit("forecast", product="Bracket", market="Spain"))
    assert "left the range" not in other
    assert "Live: 80 units were forecast for week 41 to week 48, 88 came" in other


def test_open_deals_say_when_they_will_be_confirmed(desk: StandInDesk) -> None:
    desk.lived = lived()
    page = visit("forecast", product="Bracket", market="Germany")
    assert "1 deal open here. When they will be confirmed is learned from 9 won deals." in said(page)
    assert [day.date() for day in table(page, "p50")["p50"]] == [date(2026, 12, 24)]


def test_deals_without_enough_wins_have_no_date_and_say_why(desk: StandInDesk) -> None:
    desk.lived = lived(confirm_times=None, deals=None)
    page = visit("forecast", product="Bracket", market="Germany")
    assert "too few were won, with their order, to tell" in said(page)
    assert "p50" not in table(page, "expected_date").columns
