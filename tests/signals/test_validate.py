"""Understanding a folder: every row is loaded or kept aside with its reason; contradictions refuse it."""

from datetime import date

import pytest

from planning.domain.schema import EXPORT, INPUT
from planning.errors import InputError
from planning.signals import Folder, validate
from tests.signals.mini import TODAY, aside, csv, files, network, orders, places, refusal

GOOD = "OK,1,2026-12-18,0012,DE,40,,"


def order(**cells: str) -> str:
    """An order row with some cells changed."""
    usual = {"order_id": "SO9", "line": "1", "due_date": "2026-12-18", "product": "0012", "market": "DE"}
    return ",".join((usual | {"quantity": "40", "status": "", "priority": ""} | cells).values())


def test_five_files_make_a_network_of_every_table() -> None:
    understood = network()
    assert set(understood.tables) == set(INPUT)
    for name, table in INPUT.items():
        assert dict(understood[name].schema) == table.polars_schema
    assert understood.given == {"orders", "routings", "factories", "offers", "owned"}
    assert understood.rejected.is_empty()
    assert dict(understood.rejected.schema) == EXPORT["rejected_rows"].polars_schema


def test_empty_cells_get_their_defaults() -> None:
    understood = network()
    assert understood["orders"].select("line", "quantity_shipped", "status", "priority").row(0) == (
        1,
        0.0,
        "confirmed",
        2,
    )
    assert understood["offers"].select("min_term_weeks", "lead_time_weeks", "billing").row(0) == (
        4,
        2,
        "week",
    )
    assert understood["offers"]["max_units"].to_list() == [None]


@pytest.mark.parametrize("number", ["0012", "12E5", "1.0", "TRUE", "2026-12-18", "NaN", "null", " x", "é"])
def test_ids_stay_text(number: str) -> None:
    understood = network(
        routings=csv("product,robot_model,hours_per_unit", f"{number},ADD,1"),
        orders=orders(order(product=number)),
    )
    assert understood["orders"]["product"].to_list() == [number]
    assert understood["routings"]["routing"].to_list() == [f"{number}/ADD"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("order_id", "", "is empty"),
        ("quantity", "-5", "at least 0"),
        ("quantity", "many", "is not a number"),
        ("quantity", "inf", "is not a number"),
        ("quantity", "nan", "is not a number"),
        ("quantity", "1e999", "is not a number"),
        ("quantity", "1_000", "is not a number"),
        ("quantity", '"1,5"', "decimal comma"),
        ("quantity", '"1.000,5"', "decimal comma"),
        ("line", "1.5", "is not a whole number"),
        ("priority", "4", "at least 1 and at most 3"),
        ("status", "done", "one of confirmed, shipped, cancelled"),
        ("due_date", "", "is empty"),
        ("due_date", "18.12.2026", "in the form YYYY-MM-DD"),
        ("due_date", "2026-02-30", "in the form YYYY-MM-DD"),
        ("due_date", "2026-12-18T08:00", "has a time of day"),
        ("due_date", "1970-01-01", "more than five years from 2026-11-26"),
        ("due_date", "2031-11-27", "more than five years from 2026-11-26"),
        ("product", "9999", "is not in routings.csv"),
    ],
)
def test_a_bad_order_is_kept_aside_and_the_rest_loads(column: str, value: str, words: str) -> None:
    bad = order(**{column: value})
    understood = network(orders=orders(GOOD, bad))
    assert understood["orders"]["order_id"].to_list() == ["OK"]
    ((file, line, where, what, reason, raw),) = understood.rejected.rows()
    assert (file, line, where, what or "", raw) == ("orders.csv", 3, column, value.strip('"'), bad)
    assert words in reason


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7.0), ("7.50", 7.5), ("1e3", 1000.0), ("+.5", 0.5), (" 7 ", 7.0), ("-0", 0.0), ("3.", 3.0)],
)
def test_numbers_are_read_in_plain_notation(text: str, number: float) -> None:
    assert str(network(orders=orders(order(quantity=text)))["orders"]["quantity"].item()) == str(number)


def test_the_last_days_of_five_years_still_load() -> None:
    rows = (order(order_id="A", due_date="2021-11-26"), order(order_id="B", due_date="2031-11-26"))
    assert network(orders=orders(*rows))["orders"].height == 2


def test_several_things_wrong_with_a_row_are_one_row_with_all_reasons() -> None:
    understood = network(orders=orders(GOOD, order(quantity="-1", status="done")))
    ((column, reason),) = aside(understood, "column", "reason")
    assert column == "quantity"
    assert "quantity has to be at least 0" in reason
    assert "status has to be one of" in reason


def test_rows_of_another_width_are_kept_aside() -> None:
    understood = network(orders=orders(GOOD, "SO9,1,2026-12-18,0012,DE,40", "SO9,1,2026-12-18,0012,DE,1,5,,"))
    assert aside(understood, "line", "column") == [(3, None), (4, None)]


def test_orders_with_the_same_id_that_differ_are_all_kept_aside() -> None:
    understood = network(orders=orders(GOOD, order(quantity="1"), order(quantity="2"), order(quantity="1")))
    assert understood["orders"]["order_id"].to_list() == ["OK"]
    assert aside(understood, "line", "value") == [(3, "SO9, 1"), (4, "SO9, 1"), (5, "SO9, 1")]
    assert "lines 3, 4, 5 have the same order_id and line and differ" in understood.rejected["reason"][0]


def test_an_order_said_twice_loads_once() -> None:
    understood = network(
        orders=orders(order(quantity="2"), GOOD, order(quantity="2.0", line="", priority="2"))
    )
    assert understood["orders"]["order_id"].to_list() == ["OK", "SO9"]
    assert aside(understood, "line", "reason") == [(4, "is the same as line 2")]


def test_a_row_that_is_bad_anyway_contradicts_no_other() -> None:
    understood = network(orders=orders(order(quantity="-2"), order(quantity="2")))
    assert understood["orders"]["quantity"].to_list() == [2.0]


def test_rows_of_a_table_without_key_add_up() -> None:
    history = csv("date,product,market,quantity", *["2026-06-01,0012,DE,5"] * 2)
    assert network(history=history)["history"]["quantity"].to_list() == [5.0, 5.0]


def test_any_day_names_its_week() -> None:
    rows = [f"0012,DE,2026-12-{day},5,," for day in ("07", "17", "27")]
    understood = network(forecast=csv("product,market,week,quantity,p10,p50", *rows))
    assert understood["forecast"]["week"].to_list() == [
        date(2026, 12, 7),
        date(2026, 12, 14),
        date(2026, 12, 21),
    ]


def test_two_days_of_one_week_are_one_key() -> None:
    rows = ("F1,2026-12-07,60", "F1,2026-12-08,50")
    understood = network(calendar=csv("factory,week,attended_hours", *rows))
    assert understood["calendar"].is_empty()
    assert aside(understood, "line") == [(2,), (3,)]


@pytest.mark.parametrize("word", ["true", "TRUE", "1", "True"])
def test_flags_have_four_spellings(word: str) -> None:
    understood = network(
        routings=csv("product,robot_model,hours_per_unit,lights_out", f"0012,ADD,1,{word}", "0013,ADD,1,0")
    )
    assert understood["routings"]["lights_out"].to_list() == [True, False]


def test_shifts_end_at_midnight_at_the_latest_hour() -> None:
    rows = ("F1,1,06:00,24:00,", "F1,2,6:00,14:00,", "F1,3,06:00,24:01,", "F1,4,06:00,14:00,yes")
    understood = network(shifts=csv("factory,weekday,start,end,attended", *rows))
    assert understood["shifts"].rows() == [("F1", 1, "06:00", "24:00", True)]
    assert aside(understood, "line", "column") == [(3, "start"), (4, "end"), (5, "attended")]


DEMAND = {
    "opportunities": (
        "opportunity_id,stage,product,market,quantity,expected_date",
        "O-{0}-{1},lead,{0},{1},5,2026-12-18",
    ),
    "history": ("date,product,market,quantity", "2026-06-01,{},{},5"),
    "campaigns": (
        "campaign,channel,product,market,start_date,end_date",
        "C1,search,{},{},2026-12-01,2026-12-08",
    ),
    "activity": ("date,channel,product,market,clicks", "2026-06-01,search,{},{},5"),
    "forecast": ("product,market,week,quantity", "{},{},2026-12-07,5"),
}


@pytest.mark.parametrize("name", DEMAND)
def test_unknown_ids_in_demand_are_kept_aside(name: str) -> None:
    header, row = DEMAND[name]
    understood = network(
        **{name: csv(header, row.format("0012", "DE"), row.format("XX", "DE"), row.format("0012", "YY"))}
    )
    assert understood[name].height == 1
    assert aside(understood, "line", "column", "value") == [(3, "product", "XX"), (4, "market", "YY")]
    assert "there is no markets.csv" in understood.rejected["reason"][1]


def test_a_return_of_what_is_not_made_here_is_kept_aside_and_refuses_nothing() -> None:
    rows = "2026-06-01,XX,DE,5", "2026-06-01,0012,DE,1"
    understood = network(returns=csv("date,product,market,quantity", *rows))
    assert understood["returns"].height == 1
    assert aside(understood, "line", "column", "value") == [(2, "product", "XX")]


def test_a_campaign_for_a_whole_family_names_no_product() -> None:
    rows = "C1,search,,GEARS,,2026-12-01,2026-12-08"
    header = "campaign,channel,product,family,market,start_date,end_date"
    assert network(campaigns=csv(header, rows))["campaigns"].height == 1


MASTER = {
    "shifts": ("factory,weekday,start,end", "XX,1,06:00,14:00", "factory"),
    "lanes": ("factory,market", "XX,DE", "factory"),
    "offer_tiers": ("offer,from_units,weekly_rate", "XX,2,5", "offer"),
    "contracts": (
        "contract,offer,factory,units,on_rent_date,min_end_date",
        "C1,XX,F1,1,2026-12-01,2027-01-01",
        "offer",
    ),
    "stock": ("factory,product,quantity", "F1,XX,5", "product"),
    "in_transit": ("factory,market,product,arrive_week,quantity", "F1,DE,XX,2026-12-07,5", "product"),
    "firm_work": (
        "work_order,factory,routing,week,quantity_left,status",
        "W1,F1,XX,2026-12-07,5,pinned",
        "routing",
    ),
    "calendar": ("factory,week,robot_model", "F1,2026-12-07,XX", "robot_model"),
    "bom": ("product,material,quantity_per_unit", "0012,XX,5", "material"),
    "supply": ("material,factory,week,quantity", "XX,F1,2026-12-07,5", "material"),
    "operators": ("factory,process,operators", "XX,additive,5", "factory"),
    "overrides": ("product,market,week,quantity", "0012,XX,2026-12-07,5", "market"),
    "robots": ("robot_model", "XX", "robot_model"),
    "products": ("product", "XX", "product"),
}


@pytest.mark.parametrize("name", MASTER)
def test_unknown_ids_in_master_data_refuse_the_folder(name: str) -> None:
    header, row, column = MASTER[name]
    faults = refusal(**{name: csv(header, row)})
    assert column in {fault.column for fault in faults}
    assert all("is not in" in fault.reason for fault in faults)


def test_all_unknown_ids_are_listed_each_once_with_its_lines() -> None:
    faults = refusal(
        stock=csv("factory,product,quantity", "XX,0012,1", "F1,YY,1", "XX,0013,1"),
        lanes=csv("factory,market", "ZZ,DE"),
    )
    assert places(faults) == [
        ("lanes.csv", 2, "factory"),
        ("stock.csv", 2, "factory"),
        ("stock.csv", 3, "product"),
    ]
    assert "also in line 4" in faults[1].reason


def test_an_unknown_id_is_told_what_it_may_have_meant() -> None:
    (fault,) = refusal(stock=csv("factory,product,quantity", "f1,0012,1"))
    assert fault.remedy == "Did you mean 'F1'?"


def test_an_id_whose_own_row_was_kept_aside_is_told_so() -> None:
    (fault,) = refusal(
        offers=csv("offer,robot_model,weekly_rate", "O1,ADD,5", "O2,ADD,-5"),
        offer_tiers=csv("offer,from_units,weekly_rate", "O2,2,4"),
    )
    assert fault.remedy == "Line 3 of offers.csv was kept aside: weekly_rate has to be at least 0."


def test_a_reference_table_that_is_there_decides() -> None:
    understood = network(markets=csv("market", "DE", "UK"))
    assert aside(understood, "line", "column", "value") == [(3, "market", "FR")]


def test_markets_may_also_be_known_from_lanes_and_transit() -> None:
    understood = network(
        lanes=csv("factory,market", "F1,DE", "F1,FR", "F1,UK"),
        in_transit=csv("factory,market,product,arrive_week,quantity", "F1,PL,0012,2026-12-07,5"),
        forecast=csv(
            "product,market,week,quantity",
            "0012,UK,2026-12-07,5",
            "0012,PL,2026-12-07,5",
            "0012,XX,2026-12-07,5",
        ),
    )
    assert sorted(understood["forecast"]["market"]) == ["PL", "UK"]


def test_a_market_known_only_from_an_order_kept_aside_is_unknown() -> None:
    understood = network(
        orders=orders(GOOD, order(product="XX", market="UK")),
        forecast=csv("product,market,week,quantity", "0012,UK,2026-12-07,5"),
    )
    assert aside(understood, "file", "column") == [("forecast.csv", "market"), ("orders.csv", "product")]


def test_a_file_without_rows_counts_as_absent() -> None:
    understood = network(products=csv("product"), lanes=csv("factory,market"), markets=csv("market"))
    assert {"products", "lanes", "markets"}.isdisjoint(understood.given)
    assert understood["orders"].height == 2
    assert understood.assumed == (
        "files with a header and no rows count as absent: markets.csv, products.csv, lanes.csv",
    )


def test_a_column_that_looks_misspelt_is_passed_over_aloud() -> None:
    understood = network(factories=csv("factory,supervisor,colour", "F1,3,red", "F2,3,red"))
    assert understood.assumed == (
        "column 'supervisor' of factories.csv is passed over: its name is not known (is it 'supervisors'?)",
    )


def test_the_published_plan_comes_typed() -> None:
    beside = {
        "production.csv": b"factory,product,routing,week,quantity\nF1,0012,gone,2026-11-23,3.000000\n",
        "plan.json": b'{"plan_id": "P1", "version": 3, "start_week": "2026-11-23", "horizon_weeks": 26}',
    }
    published = validate(Folder.from_files(files(), beside), TODAY).published
    assert dict(published["production"].schema) == EXPORT["production"].polars_schema
    assert published["production"]["week"].to_list() == [date(2026, 11, 23)]
    assert published["plan"].rows() == [("P1", "3", date(2026, 11, 23), 26)]


def test_a_published_row_that_cannot_be_read_refuses_the_folder() -> None:
    beside = {
        "production.csv": b"factory,product,routing,week,quantity\nF1,0012,R,soon,3\n",
        "plan.json": b'{"version": 3}',
    }
    with pytest.raises(InputError) as refused:
        validate(Folder.from_files(files(), beside), TODAY)
    assert places(refused.value.faults) == [
        ("published/production.csv", 2, "week"),
        ("published/plan.json", 1, "start_week"),
    ]
