"""Changes of a scenario in words, and the forms they are asked for with."""

from datetime import date
from typing import Any

import pytest

from planning.domain import scenario as say
from planning.domain.assume import complete
from planning.domain.scenario import Change, DealConfirmed, DemandScaled
from planning.domain.scenario_rows import changed_rows
from planning.present.scenario_forms import FORMS, Ask, Form, choices, form_of
from planning.present.scenario_words import told
from tests.builders.networks import contract, deal, network, offer

MONDAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (DealConfirmed("D-1"), "Deal D-1 confirmed"),
        (DealConfirmed("D-1", "", 80.0, MONDAY), "Deal D-1 confirmed, 80 units, due Mon 14 Dec 2026"),
        (say.lose_deal("D-1"), "Deal D-1: lost"),
        (say.resize_deal("D-1", 1250.0), "Deal D-1: quantity 1,250"),
        (say.own_robots("leeds", "mill", 3), "Own robots leeds · mill: units 3"),
        (say.change_offer("FLEX", weekly_rate=95.5), "Offer FLEX: weekly rate 95.5"),
        (say.change_week("leeds", MONDAY, attended_hours=0.0), "Week leeds · 2026-12-14: attended hours 0"),
        (DemandScaled(0.2), "Forecast demand +20 %: all of it"),
        (DemandScaled(-0.1, family="gears", market="DE", first_week=MONDAY, last_week=MONDAY),
         "Forecast demand −10 %: gears · DE · week 51"),
        (DemandScaled(0.05, first_week=MONDAY), "Forecast demand +5 %: week 51 to the last week"),
        (say.change_setting("carbon_price_per_kg", "0.2"),
         "Setting carbon_price_per_kg: 0.2 (money per kg CO2e)"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_one_line(change: Change, words: str) -> None:
    assert told(change) == words


#: A network in which there is something to change for every form.
RICH = complete(
    network(
        opportunities=[deal("D-1", 1, 30)],
        offers=[offer("FLEX", 90)],
        contracts=[contract("C-1", "FLEX", 0, 2)],
        products=[{"product": "P", "family": "gears", "price": 100, "lost_cost": 200}],
    )
)


def answered(form: Form) -> dict[str, Any]:
    """Something said to everything a form asks."""
    samples = {"number": 1.0, "whole": 2, "percent": 10.0, "date": MONDAY, "text": "2"}
    return {
        ask.name: next(iter(choices(RICH, ask))) if ask.kind == "one of" else samples[ask.kind]
        for ask in form.asks
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.title)
def test_every_form_makes_a_change_that_can_be_told_and_written(form: Form) -> None:
    change = form.make(answered(form))
    assert told(change)
    written = changed_rows([change], RICH)
    assert written or isinstance(change, DemandScaled)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.title)
def test_a_form_nobody_filled_in_says_what_is_missing(form: Form) -> None:
    nothing: dict[str, Any] = dict.fromkeys(ask.name for ask in form.asks)
    assert form.missing(nothing).startswith("Say ")
    assert form.missing(answered(form)) == ""


def test_a_form_of_terms_wants_one_of_them() -> None:
    form = form_of("An offer: other terms")
    assert "at least one" in form.missing(dict.fromkeys(ask.name for ask in form.asks) | {"offer": "FLEX"})


def test_only_open_deals_and_settings_that_may_differ_are_offered() -> None:
    closed = network(opportunities=[deal("D-1", 1, 30), deal("D-2", 1, 5, status="lost")])
    assert list(choices(closed, Ask("deal", "Deal", "one of", ("opportunities", "opportunity_id")))) == [
        "D-1"
    ]
    settings = choices(RICH, Ask("key", "Setting", "one of"))
    assert "horizon_weeks" in settings
    assert not {"as_of", "start_week", "currency"} & set(settings)


def test_a_campaign_may_be_for_a_product_a_family_or_everything() -> None:
    form = form_of("A campaign")
    answers = {ask.name: None for ask in form.asks} | {
        "id": "fair", "channel": "event", "start_date": MONDAY, "end_date": MONDAY, "family": "housing",
    }  # fmt: skip
    assert form.missing(answers) == ""
    assert form.make(answers) == say.run_campaign(
        "fair", "event", family="housing", start_date=MONDAY, end_date=MONDAY
    )
    assert form.make(answers | {"family": None}) == say.run_campaign(
        "fair", "event", start_date=MONDAY, end_date=MONDAY
    )
