"""The forecast's numbers, reckoned by hand: record and money at stake, weeks to draw, what was netted."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from planning.present import forecast_tables as tables
from planning.present import forecast_words as words
from planning.present.view import Choice
from planning.workflows.outlook import Outlook, outlook_of
from tests.builders.networks import order, week
from tests.builders.outlooks import WEEKS, a_demand_network, a_forecast, an_outlook, drawn_weeks, own_forecast

OUTLOOK = an_outlook()


def found(outlook: Outlook = OUTLOOK) -> pl.DataFrame:
    made = None if outlook.stored is None else outlook.stored.forecast
    return tables.records(outlook.network, outlook.netted, made)


def one(product: str = "P", market: str = "M", outlook: Outlook = OUTLOOK) -> pl.DataFrame:
    return Choice(products=[product], markets=[market]).of(found(outlook))


def record(product: str, market: str, outlook: Outlook = OUTLOOK) -> dict[str, Any]:
    return one(product, market, outlook).row(0, named=True)


def test_series_come_by_the_money_their_error_puts_at_stake() -> None:
    """WAPE 20 % of 70 units (an override among them) at 100 each; 50 % of 12; no record, no money."""
    rows = found().select("product", "market", "at_stake", "weekly")
    assert rows.rows() == [
        ("P", "M", pytest.approx(0.2 * 70 * 100), pytest.approx(70 / 6)),
        ("P", "N", pytest.approx(0.5 * 12 * 100), pytest.approx(2)),
        ("Q", "M", None, pytest.approx(5)),
        ("Q", "N", None, 0),
    ]


def test_the_list_says_in_words_what_is_no_better_than_naive() -> None:
    frame = tables.series_list(found(), OUTLOOK.network).frame
    assert frame.select("product", "market", "verdict").rows() == [
        ("Bracket", "Germany", "Better than naive"),
        ("Bracket", "Spain", "No better than naive"),
        ("Valve", "Germany", "Not judged"),
        ("Valve", "Spain", "Not judged"),
    ]


def test_the_series_after_one_is_the_next_in_the_list() -> None:
    assert tables.following(found(), "P", "M") == ("P", "N")
    assert tables.following(found(), "Q", "N") is None


def test_a_series_known_by_an_order_alone_is_listed_without_a_record() -> None:
    outlook = an_outlook(orders=[order("SO-9", 0, 3, product="Q", market="N")])
    assert outlook.stored is not None
    known = outlook.stored.forecast.methods.filter(pl.col("product") == "P")
    rows = tables.records(
        outlook.network, outlook.netted, type(outlook.stored.forecast)(outlook.without_overrides, known)
    )
    assert ("Q", "N", None, 3.0) in rows.select("product", "market", "method", "confirmed").rows()


def test_the_weeks_drawn_are_history_then_a_gap_then_forecast_and_orders() -> None:
    weeks = drawn_weeks(OUTLOOK, one())
    ahead = weeks.filter(pl.col("week") >= week(0))
    assert ahead["forecast"].to_list() == [10, 10, 10, 10, 10, 20]
    assert ahead["confirmed"].to_list() == [0, 0, 15, 0, 0, 0]
    assert ahead["p10"].to_list() == [8, 8, 8, 8, 8, 16]
    assert ahead["demand"].null_count() == WEEKS
    past = weeks.filter(pl.col("week") < week(0))
    assert past["demand"].to_list() == [10.0] * 60
    assert past["forecast"].null_count() == 60


def test_a_week_that_is_not_over_is_unknown_and_one_without_a_row_is_zero() -> None:
    """As of a Wednesday, with the cut-off on Friday: last week's due days are not over before this Friday."""
    rows = [
        {"date": week(-8, 5), "product": "P", "market": "M", "quantity": 6},
        {"date": week(-4, 5), "product": "P", "market": "M", "quantity": 9},
        {"date": week(-1, 1), "product": "Q", "market": "M", "quantity": 1},
    ]
    network = a_demand_network(history=rows)
    policy = type(network.policy)(**vars(network.policy) | {"as_of": week(-1, 3), "due_cutoff_weekday": 5})
    outlook = outlook_of(type(network)(**vars(network) | {"policy": policy}), a_forecast())
    assert outlook is not None
    weeks = drawn_weeks(outlook, one(outlook=outlook))
    past = weeks.filter(pl.col("week") < week(0))
    assert past["demand"].to_list() == [6, 0, 0, 0, 9, 0, None, None]


def test_several_series_add_up_in_a_band_narrower_than_theirs_laid_end_to_end() -> None:
    weeks = drawn_weeks(OUTLOOK, found())
    ahead = weeks.filter(pl.col("week") >= week(0))
    assert ahead["forecast"].to_list() == [17, 17, 17, 17, 17, 27]
    assert ahead["confirmed"].sum() == 19
    low, high = ahead["p10"][0], ahead["p90"][0]
    assert 0.8 * 17 < low < 17 < high < 1.3 * 17
    assert weeks.filter(pl.col("week") == week(-1))["demand"].item() == 17


def test_two_years_of_history_at_most_are_drawn() -> None:
    rows = [{"date": week(-t), "product": "P", "market": "M", "quantity": 1.0} for t in range(1, 200)]
    outlook = an_outlook(history=rows)
    weeks = drawn_weeks(outlook, one(outlook=outlook))
    assert weeks["week"][0] == week(-tables.WEEKS_BACK)


def test_campaigns_of_the_product_its_family_and_market_are_marked_past_and_planned() -> None:
    marked = tables.campaigns(OUTLOOK.network, one(), week(-60))
    assert marked.select("campaign", "channels", "start_week", "end_week", "planned").rows() == [
        ("SPRING", "deal, price", week(-30), week(-28), False),
        ("WINTER", "event", week(3), week(4), True),
    ]
    assert tables.campaigns(OUTLOOK.network, one("P", "N"), week(-60))["campaign"].to_list() == ["SPRING"]
    assert tables.campaigns(OUTLOOK.network, one("Q", "M"), week(-60))["campaign"].to_list() == ["ELSEWHERE"]


def test_a_campaign_for_a_pair_nobody_sells_touches_nothing() -> None:
    campaign = {"campaign": "X", "channel": "deal", "product": "P", "market": "N"}
    days = {"start_date": week(1), "end_date": week(1)}
    outlook = an_outlook(campaigns=[campaign | days])
    shown = pl.concat([one("P", "M"), one("Q", "N")])
    assert tables.campaigns(outlook.network, shown, week(-9)).is_empty()


def test_overrides_stand_beside_what_they_replace() -> None:
    view = tables.overrides(OUTLOOK.network, one(), OUTLOOK.without_overrides)
    assert view.frame.select("week", "quantity", "was", "reason").rows() == [
        (week(5), 20, 10, "second line starts")
    ]
    assert "product" not in view.columns
    assert "product" in tables.overrides(OUTLOOK.network, found(), OUTLOOK.without_overrides).columns


def test_an_override_that_has_expired_is_no_more() -> None:
    rows = [
        {"product": "P", "market": "M", "week": week(1), "quantity": 99, "expires": week(0) - timedelta(1)}
    ]
    outlook = an_outlook(overrides=rows)
    assert tables.overrides(outlook.network, one(outlook=outlook), outlook.without_overrides).is_empty


def test_netting_of_one_series_week_by_week() -> None:
    """The order of 15 takes week 2 and half of week 1, the half deal of 8 takes 4 of week 4."""
    frame = tables.netting(OUTLOOK.netted, one(), OUTLOOK.network).frame
    assert frame["week"].to_list() == [week(t) for t in range(WEEKS)]
    assert frame["forecast"].to_list() == [10, 10, 10, 10, 10, 20]
    assert frame["by_orders"].to_list() == [0, 5, 10, 0, 0, 0]
    assert frame["by_deals"].to_list() == [0, 0, 0, 0, 4, 0]
    assert frame["left"].to_list() == [10, 5, 0, 10, 6, 20]
    assert frame["deals"].to_list() == [0, 0, 0, 0, 4, 0]
    assert frame["expected"].to_list() == [10, 5, 0, 10, 10, 20]
    assert frame["unreachable"].to_list() == [10, 0, 0, 0, 0, 0]
    assert frame["confirmed"].to_list() == [0, 0, 15, 0, 0, 0]


def test_the_totals_of_netting_are_one_sum() -> None:
    assert words.netted(tables.netting(OUTLOOK.netted, found(), OUTLOOK.network)) == (
        "Forecast 112 − 15 by orders − 4 by deals + 4 from deals = **97 expected**, of it 17 out of reach; "
        "19 confirmed in hand."
    )


def test_whether_a_plan_counts_the_same_is_told() -> None:
    view = tables.netting(OUTLOOK.netted, one(), OUTLOOK.network)
    same = pl.DataFrame({"confirmed": [15.0, 0.0], "expected": [50.0, 5.0]})
    assert words.in_plan(view, same, 3) == "Plan v3 counts the same."
    other = same.with_columns(expected=pl.lit(10.0))
    assert words.in_plan(view, other, 3).startswith("Plan v3 counts 20 expected and 15 confirmed")


def test_figures_of_several_series_are_weighted_by_their_units() -> None:
    """WAPE (0.2 · 10 + 0.5 · 2) / 12, bias (−0.05 · 10 + 0.1 · 2) / 12; half of those judged are better."""
    figures = {figure.label: figure.value for figure in words.figures(found(), OUTLOOK.network)}
    assert figures == {
        "Expected units": "97",
        "WAPE": "25.0 %",
        "Better than naive": "50.0 %",
        "Bias": "−2.5 %",
    }


def test_figures_of_one_series_are_its_own() -> None:
    figures = {figure.label: figure.value for figure in words.figures(one("P", "N"), OUTLOOK.network)}
    assert figures == {"Expected units": "12", "WAPE": "50.0 %", "Naive's WAPE": "40.0 %", "Bias": "+10.0 %"}


def test_without_a_record_only_what_is_expected_is_a_figure() -> None:
    assert [figure.label for figure in words.figures(one("Q", "M"), OUTLOOK.network)] == ["Expected units"]


def test_no_better_than_naive_is_said_aloud() -> None:
    said = "\n".join(words.why(record("P", "N")))
    assert "**No better than naive.**" in said
    assert "the error was 50.0 % of demand (bias +10.0 %)" in said
    assert "would have been 40.0 % off" in said
    assert "Over 24 weeks, forecast up to 8 weeks ahead from each of 3 past weeks" in said


def test_an_older_forecast_is_judged_without_saying_how_many_weeks() -> None:
    said = "\n".join(words.why(record("P", "N") | {"weeks_judged": None}))
    assert "Over the last weeks, held out, the error was 50.0 % of demand" in said


def test_how_a_series_was_forecast_and_why() -> None:
    said = words.why(record("P", "M"))
    assert said[0].startswith("Smooth: demand in nearly every week")
    assert "median of AutoCES, AutoETS, from 60 weeks of history" in said[1]
    assert said[2] == "Signals that count: deal: WAPE 0.100 against 0.200 without."
    assert "**Better than naive.**" in said[3]


def test_too_little_history_says_how_much_is_needed() -> None:
    assert words.too_short(record("Q", "M")) == (
        "Only 3 weeks of history: their mean is the forecast. A model needs 8, its record 10."
    )
    assert words.too_short(record("Q", "N")).startswith("No history: nothing is forecast here")
    assert words.too_short(record("P", "M")) == ""
    between = record("P", "M") | {"weeks_of_history": 9}
    assert words.too_short(between).endswith("A record needs 10.")
    assert "Not judged: 3 weeks of history, 10 are needed." in words.why(record("Q", "M"))


def test_a_simpler_model_than_the_class_has_is_told() -> None:
    refused = record("P", "M") | {"fallback": "AutoCES refused it (no model able to be fitted)"}
    assert "Something simpler had to serve: AutoCES refused it (no model able to be fitted)." in words.why(
        refused
    )


def test_a_sum_without_deals_leaves_them_out() -> None:
    view = tables.netting(OUTLOOK.netted, one("Q", "N"), OUTLOOK.network)
    assert words.netted(view) == "Forecast 0 − 0 by orders = **0 expected**; 4 confirmed in hand."


def test_no_demand_in_the_weeks_held_out_cannot_be_judged() -> None:
    silent = record("P", "M") | {"wape": None, "naive_wape": None, "bias": None}
    assert words.why(silent)[-1] == "Not judged: there was no demand in the weeks held out."


def test_a_forecast_of_the_networks_own_has_no_record_and_no_band() -> None:
    outlook = outlook_of(a_demand_network(forecast=own_forecast(), overrides=[]), None)
    assert outlook is not None
    assert record("P", "M", outlook)["at_stake"] is None
    assert words.why(record("P", "M", outlook)) == [
        "Takt has no record of this series: its forecast was brought or typed in."
    ]
    weeks = drawn_weeks(outlook, one(outlook=outlook))
    assert weeks["p10"].null_count() == weeks.height


def test_how_old_the_forecast_is() -> None:
    stored = a_forecast()
    said = words.freshness(
        stored.number, stored.created_at, stored.forecast.methods, OUTLOOK.network, up_to_date=True
    )
    assert said == "Forecast 7 · made Mon 23 Nov 2026, 06:05 · from demand up to week 48 of 2026 · up to date"


@pytest.mark.parametrize(
    ("value", "words_"), [(0.044, "+4.4 %"), (-0.017, "−1.7 %"), (0.0001, "0.0 %"), (None, "–")]
)
def test_a_bias_has_its_sign(value: float | None, words_: str) -> None:
    assert words.signed_share(value) == words_


def test_campaigns_ahead_are_named_with_their_days() -> None:
    marked = tables.campaigns(OUTLOOK.network, one(), date(2025, 1, 6))
    assert words.planned_campaigns(marked) == (
        "Campaigns ahead: WINTER (Mon 21 Dec 2026 – Sun 3 Jan 2027: event)."
    )
    assert words.planned_campaigns(marked.clear()) == ""
