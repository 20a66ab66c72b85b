"""The demo company tells the stories it is made for; each test is one a planner would recognise."""

from datetime import date, timedelta

import polars as pl

from planning.domain.calendar import due_week
from tests.data.folder import AS_OF, CUTOFF, HORIZON, START, robots, row, rows, table, weekly_history


def test_a_breakdown_makes_an_order_late_whatever_is_done() -> None:
    """Even if nothing else ran there, the hours until its due week do not make the call-off."""
    call_off = row("orders", product="IM-47", quantity=110)
    due = due_week(call_off["due_date"], CUTOFF)
    ways = rows("routings", product="IM-47", robot_model="HYB")
    assert {way["factory"] for way in ways} == {"GDANSK"}
    assert rows("stock", product="IM-47") == []
    assert rows("in_transit", product="IM-47", market="CEE") == []
    home, offer = row("factories", factory="GDANSK"), row("offers", offer="HYB-FLEX")
    hours = home["attended_hours_per_week"] + home["overtime_hours_per_week"]
    weeks = [week for week in HORIZON if week <= due]
    assert len(weeks) <= offer["lead_time_weeks"]
    there = 0.0
    for week in weeks:
        broken = row("calendar", factory="GDANSK", robot_model="HYB", week=week)
        there += broken["availability"] * hours * robots("GDANSK", "HYB", week)
    needed = call_off["quantity"] * ways[0]["hours_per_unit"] / float(ways[0]["yield"])
    assert needed > 1.3 * there


def test_a_contract_needs_its_notice_this_week() -> None:
    contract = row("contracts", contract="CT-2601")
    offer = row("offers", offer=contract["offer"])
    notice_by = contract["min_end_date"] - timedelta(weeks=offer["notice_weeks"])
    assert notice_by == START
    assert contract["off_rent_date"] is None
    assert contract["min_end_date"] in HORIZON


def test_the_heating_season_that_the_contract_served_is_over_when_it_ends() -> None:
    history = weekly_history("MANIFOLD")
    winter = [units for day, units in history.items() if date(2025, 11, 24) <= day < date(2026, 1, 19)]
    spring = [units for day, units in history.items() if date(2026, 4, 1) <= day < date(2026, 6, 1)]
    assert sum(spring) / len(spring) < 0.5 * sum(winter) / len(winter)


def test_a_contract_is_about_to_roll_over() -> None:
    contract = row("contracts", contract="CT-2612")
    offer = row("offers", offer=contract["offer"])
    notice_by = contract["min_end_date"] - timedelta(weeks=offer["notice_weeks"])
    assert AS_OF <= notice_by <= START
    assert contract["off_rent_date"] is None


def test_every_campaign_lifts_its_family_alike_and_one_is_to_come() -> None:
    deals = rows("campaigns", channel="deal", family="HOUSING")
    past = [deal for deal in deals if deal["end_date"] < AS_OF]
    planned = [deal for deal in deals if deal["start_date"] > AS_OF]
    assert len(past) >= 4
    assert len(planned) == 1
    assert HORIZON[0] < planned[0]["start_date"] < planned[0]["end_date"] < HORIZON[-1]
    history = weekly_history("HOUSING")
    calm = {day for day in history if not any(d["start_date"] <= day <= d["end_date"] for d in past)}
    for deal in past:
        during = [units for day, units in history.items() if deal["start_date"] <= day <= deal["end_date"]]
        near = [history[day] for day in calm if abs((day - deal["start_date"]).days) <= 42]
        lift = (sum(during) / len(during)) / (sum(near) / len(near))
        assert 1.5 < lift < 1.95, deal["campaign"]


def test_every_campaign_cuts_prices_alike() -> None:
    price = dict(table("products").select("product", "price").iter_rows())
    cuts = {round(cut["price"] / price[cut["product"]], 2) for cut in rows("campaigns", channel="price")}
    assert cuts == {0.88}


def test_one_family_may_run_with_nobody_there() -> None:
    alone = {way["product"] for way in rows("routings", lights_out="true")}
    families = {product["family"] for product in rows("products") if product["product"] in alone}
    assert families == {"BRACKET"}
    assert all(factory["unattended_hours_per_week"] > 0 for factory in rows("factories"))


def test_some_products_can_be_made_in_two_ways() -> None:
    ways = table("routings").group_by("product").agg(pl.col("routing").n_unique())
    assert ways.filter(pl.col("routing") == 2).height >= 10
    models = {name: set(frame["robot_model"]) for (name,), frame in table("routings").group_by("routing")}
    assert "ADD" in models["0010-A"]
    assert "MILL" in models["0010-M"]


def test_products_are_made_in_one_to_three_places() -> None:
    places = table("routings").group_by("product").agg(pl.col("factory").n_unique())
    alone = places.filter(pl.col("factory") == 1)["product"].to_list()
    assert alone == ["IM-47"]
    assert places["factory"].max() == 3


def test_a_revision_takes_effect_within_the_horizon_and_is_faster() -> None:
    revised = rows("routings", revision="B")
    assert revised
    for new in revised:
        old = row(
            "routings",
            routing=new["routing"],
            factory=new["factory"],
            revision="A",
            robot_model=new["robot_model"],
        )
        assert HORIZON[8] <= new["effective_week"] <= HORIZON[18]
        assert new["hours_per_unit"] < old["hours_per_unit"]


def test_christmas_is_short_everywhere_and_the_printers_run_on() -> None:
    christmas = date(2026, 12, 21)
    short = [week for week in rows("calendar", week=christmas) if week["robot_model"] is None]
    assert {week["factory"] for week in short} == set(table("factories")["factory"])
    assert all(week["attended_hours"] < 80 for week in short)
    run = row("calendar", week=christmas, robot_model="ADD")
    usual = row("factories", factory=run["factory"])["unattended_hours_per_week"]
    assert run["unattended_hours"] > usual


def test_hours_of_shifts_are_hours_of_factories() -> None:
    for factory in rows("factories"):
        hours = {"true": 0.0, "false": 0.0}
        for shift in rows("shifts", factory=factory["factory"]):
            start, end = int(shift["start"][:2]), int(shift["end"][:2])
            hours[shift["attended"]] += (end - start) % 24
        assert hours["true"] == factory["attended_hours_per_week"]
        assert hours["false"] == factory["unattended_hours_per_week"]


def test_a_framework_order_is_sold_week_after_week_for_as_long_as_long_rent_lasts() -> None:
    calls = rows("orders", product="0017", market="UKI", quantity=260)
    weeks = sorted(due_week(call["due_date"], CUTOFF) for call in calls)
    lead = row("offers", offer="ADD-26")["lead_time_weeks"]
    assert weeks == HORIZON[int(lead) :]


def test_some_products_are_new_and_some_are_asked_for_rarely() -> None:
    spans = (
        table("history")
        .group_by("product", "market")
        .agg(first=pl.col("date").min(), weeks=pl.col("date").n_unique())
    )
    new = set(spans.filter(pl.col("first") > AS_OF - timedelta(weeks=20))["product"])
    assert new == {"0018", "0019", "0129", "2019", "IM-50"}
    rare = set(spans.filter(~pl.col("product").is_in(list(new)), pl.col("weeks") < 50)["product"])
    assert set(table("products").filter(family="SPARE")["product"]) <= rare
