"""The demo company: the same bytes every time, whole and believable."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from planning.domain.calendar import due_week
from planning.domain.schema import INPUT
from tests.data.folder import AS_OF, CUTOFF, DEMO, HORIZON, ROOT, START, open_lines, robots, rows, table

MEGABYTE = 1_000_000


def make_demo(*arguments: str) -> str:
    command = [sys.executable, str(ROOT / "data" / "make_demo.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# The folder


def test_the_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    make_demo("--out", str(tmp_path))
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made == {file.name: file.read_bytes() for file in DEMO.iterdir()}


def test_the_report_tells_load_and_shortage_without_a_solver() -> None:
    report = make_demo("--report")
    assert "GDANSK HYB" in report
    assert "call-off of 110 IM-47" in report


def test_the_demo_stays_below_three_megabytes() -> None:
    assert sum(file.stat().st_size for file in DEMO.iterdir()) < 3 * MEGABYTE


def test_every_table_has_the_columns_of_the_contract_in_its_order() -> None:
    left_out = {"fx", "forecast"}
    assert {file.stem for file in DEMO.glob("*.csv")} == set(INPUT) - left_out | {"settings"}
    for name in set(INPUT) - left_out - {"settings"}:
        assert table(name).columns == INPUT[name].columns, name
        assert table(name).height > 0, name


def test_every_id_that_is_referred_to_exists() -> None:
    ids = {
        "product": set(table("products")["product"]),
        "factory": set(table("factories")["factory"]),
        "market": set(table("markets")["market"]),
        "robot_model": set(table("robots")["robot_model"]),
        "routing": set(table("routings")["routing"]),
        "material": set(table("materials")["material"]),
        "offer": set(table("offers")["offer"]),
        "stage": set(table("stages")["stage"]),
        "process": set(table("robots")["process"]),
        "family": set(table("products")["family"]),
    }
    for name in set(INPUT) - {"fx", "forecast", "settings"}:
        for column in ids.keys() & set(table(name).columns):
            unknown = set(table(name)[column].drop_nulls()) - ids[column]
            assert not unknown, (name, column)


def test_keys_are_unique() -> None:
    keys = {
        "products": ["product"],
        "routings": ["routing", "factory", "revision", "robot_model"],
        "orders": ["order_id", "line"],
        "opportunities": ["opportunity_id"],
        "history": ["date", "product", "market"],
        "lanes": ["factory", "market"],
        "calendar": ["factory", "week", "robot_model"],
        "contracts": ["contract"],
        "supply": ["material", "factory", "week"],
        "stock": ["factory", "product"],
        "in_transit": ["factory", "market", "product", "arrive_week"],
    }
    for name, key in keys.items():
        assert not table(name).select(key).is_duplicated().any(), name


def test_rows_of_one_routing_agree_where_they_must() -> None:
    shared = ["typical_lot", "min_lot", "batch_size", "yield", "effective_week", "product"]
    groups = table("routings").group_by("routing", "factory", "revision").agg(pl.col(shared).n_unique())
    assert groups.select(pl.max_horizontal(shared).max()).item() == 1


# The company


def test_size_of_the_company() -> None:
    kinds = Counter(row["family"] for row in rows("products"))
    assert len(kinds) == 6
    assert set(kinds.values()) == {10}
    counts = {name: table(name).height for name in ("factories", "markets", "robots", "offers", "contracts")}
    assert counts == {"factories": 4, "markets": 5, "robots": 5, "offers": 12, "contracts": 6}
    assert (
        20
        <= sum(
            robots(f, m, START) for f in table("factories")["factory"] for m in table("robots")["robot_model"]
        )
        <= 40
    )
    assert 350 <= len(open_lines()) <= 450
    assert 140 <= table("opportunities").height <= 160
    series = table("history").select("product", "market").unique().height
    assert 180 <= series <= 220
    assert "0012" in set(table("products")["product"])


def test_history_is_two_and_a_half_years_of_weeks_that_are_over() -> None:
    dates = table("history")["date"]
    assert dates.n_unique() == 131
    assert dates.max() < AS_OF
    assert {due_week(day, CUTOFF) for day in dates.unique()} == {
        day - timedelta(days=day.weekday()) for day in dates.unique()
    }


def test_a_unit_is_sold_for_more_than_it_costs_to_make_and_bring() -> None:
    freight = max(table("lanes")["cost_per_unit"])
    material = dict(table("materials").select("material", "unit_cost").iter_rows())
    price = dict(table("products").select("product", "price").iter_rows())
    for way in (
        table("routings").group_by("routing", "product").agg(pl.col("unit_cost").max()).iter_rows(named=True)
    ):
        lines = [
            line for line in rows("bom", product=way["product"]) if line["routing"] in (None, way["routing"])
        ]
        inside = sum(line["quantity_per_unit"] * material[line["material"]] for line in lines)
        assert price[way["product"]] > way["unit_cost"] + inside + freight, way["routing"]


def test_money_of_a_product_is_in_proportion_to_its_price() -> None:
    for product in rows("products"):
        price = product["price"]
        assert product["lost_cost"] >= price
        assert product["late_cost_per_week"] == pytest.approx(0.02 * price, abs=0.01)
        assert product["holding_cost_per_week"] == pytest.approx(0.004 * price, abs=0.001)
        assert 0 < product["waste_cost"] < price


def test_robots_fit_the_floor() -> None:
    slots = dict(table("robots").select("robot_model", "floor_slots").iter_rows())
    for factory in rows("factories"):
        for week in HORIZON:
            taken = sum(slots[model] * robots(factory["factory"], model, week) for model in slots)
            assert taken < factory["floor_slots"], (factory["factory"], week)


def test_offers_are_as_they_are_really_sold() -> None:
    long: dict[str, float] = {}
    for offer in rows("offers"):
        if offer["min_term_weeks"] > 13:
            model = offer["robot_model"]
            long[model] = max(offer["weekly_rate"], long.get(model, 0.0))
    assert len(set(table("offers")["vendor"])) == 3
    for offer in rows("offers"):
        assert offer["renewal_weeks"] == 1
        if offer["weekly_rate"] == 0:
            assert offer["included_hours_per_week"] == 0
            assert offer["overage_per_hour"] > 0
        elif offer["min_term_weeks"] > 13:
            assert 26 <= offer["min_term_weeks"] <= 52
            assert offer["notice_weeks"] == 13
            assert 8 <= offer["lead_time_weeks"] <= 12
            assert 3000 <= offer["mobilisation_fee"] <= 8000
            assert 450 <= offer["weekly_rate"] <= 900
        else:
            dearer = offer["weekly_rate"] / long[offer["robot_model"]]
            assert 4 <= offer["min_term_weeks"] <= 13
            assert offer["notice_weeks"] == offer["lead_time_weeks"] <= 4
            assert 1.4 <= dearer <= 1.6, offer["offer"]


# The order book and the pipeline


def test_the_order_book_is_thick_soon_and_thin_later() -> None:
    framework = ("0017", "UKI")
    lines = [line for line in open_lines() if (line["product"], line["market"]) != framework]
    due = Counter(max(due_week(line["due_date"], CUTOFF), START) for line in lines)
    by_week = [due[week] for week in HORIZON]
    assert by_week[0] > by_week[2] > by_week[4] > by_week[8] > by_week[16]
    assert sum(by_week[:6]) > 0.7 * sum(by_week)


def test_the_order_book_holds_every_state_an_order_can_be_in() -> None:
    orders = rows("orders")
    assert {order["status"] for order in orders} == {"confirmed", "shipped", "cancelled"}
    assert {order["priority"] for order in orders} == {1, 2, 3}
    assert any(0 < order["quantity_shipped"] < order["quantity"] for order in open_lines())
    assert any(due_week(order["due_date"], CUTOFF) < START for order in open_lines())
    assert all(order["order_date"] < AS_OF and order["order_date"] < order["due_date"] for order in orders)


def test_deals_are_won_with_and_without_their_order_lost_stale_and_open() -> None:
    ordered = set(table("orders")["order_id"])
    won = rows("opportunities", status="won")
    assert {deal["order_id"] in ordered for deal in won} == {True, False}
    assert any(deal["order_id"] is None for deal in won)
    assert len(rows("opportunities", status="lost")) >= 15
    opened = rows("opportunities", status="open")
    assert any(deal["expected_date"] < START for deal in opened)
    assert {deal["stage"] for deal in opened} == set(table("stages")["stage"])


def test_one_deal_is_too_lumpy_to_bet_on() -> None:
    recent = table("history").filter(pl.col("date") > AS_OF - timedelta(weeks=26))
    means = recent.group_by("product", "market").agg(pl.col("quantity").mean())
    usual = {(product, market): mean for product, market, mean in means.iter_rows()}
    opened = [
        deal for deal in rows("opportunities", status="open") if (deal["product"], deal["market"]) in usual
    ]
    lumpy = [deal for deal in opened if deal["quantity"] > 3 * usual[deal["product"], deal["market"]]]
    assert [(deal["product"], deal["market"], deal["stage"]) for deal in lumpy] == [("3015", "UKI", "verbal")]
