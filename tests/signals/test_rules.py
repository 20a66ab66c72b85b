"""What rows have to agree on: contradictions refuse the folder, what nobody can judge is kept aside."""

import pytest

from tests.signals.mini import aside, csv, network, refusal


@pytest.mark.parametrize(
    ("factories", "calendar", "place"),
    [
        (("F1,100,60,9", "F2,168,0,0"), (), ("factories.csv", 2)),
        (("F1,80,60,8", "F2,80,60,8"), ("F2,2026-12-07,100,", "F2,2026-12-14,81,80"), ("calendar.csv", 3)),
    ],
)
def test_a_week_has_168_hours(
    factories: tuple[str, ...], calendar: tuple[str, ...], place: tuple[str, int]
) -> None:
    header = "factory,attended_hours_per_week,unattended_hours_per_week,overtime_hours_per_week"
    (fault,) = refusal(
        factories=csv(header, *factories),
        calendar=csv("factory,week,attended_hours,unattended_hours", *calendar),
    )
    assert (fault.file, fault.line) == place
    assert "do not fit into a week of 168" in fault.reason


def test_refusing_an_order_may_not_pay() -> None:
    (fault,) = refusal(products=csv("product,price,lost_cost", "0012,10,9.5", "0013,10,10"))
    assert (fault.line, fault.column, fault.value) == (2, "lost_cost", "9.5")


def test_refusing_an_order_may_not_pay_at_the_price_of_the_orders_either() -> None:
    priced = csv("order_id,due_date,product,market,quantity,unit_price", "S,2026-12-18,0012,DE,4,20")
    (fault,) = refusal(orders=priced, products=csv("product,lost_cost", "0012,19", "0013,1"))
    assert (fault.line, "price of 20" in fault.reason) == (2, True)


LOTS = (
    "routing,product,factory,revision,effective_week,robot_model,hours_per_unit,"
    "typical_lot,min_lot,batch_size,yield"
)
CELLS = {
    "product": "0013",
    "effective_week": "2026-12-07",
    "typical_lot": "9",
    "min_lot": "9",
    "batch_size": "9",
    "yield": "0.5",
}


@pytest.mark.parametrize("column", CELLS)
def test_robot_models_of_one_routing_agree_on_the_lot(column: str) -> None:
    usual = dict(zip(LOTS.split(","), ["R", "0012", "", "A", "", "ADD", "1", "", "", "", ""], strict=True))
    other = usual | {"robot_model": "MILL", column: CELLS[column]}
    rows = [",".join(row.values()) for row in (usual, other, usual | {"routing": "S", "product": "0013"})]
    (fault,) = refusal(routings=csv(LOTS, *rows))
    assert (fault.line, fault.column) == (3, column)
    assert "line 2 says" in fault.reason


def test_revisions_and_factories_may_differ_in_the_lot_but_not_in_the_product() -> None:
    rows = (
        "R,0012,,A,,ADD,1,5,,,",
        "R,0012,,B,2026-12-07,ADD,1,7,,,0.9",
        "R,0012,F1,A,,ADD,1,9,,,",
        "S,0013,,,,ADD,1,,,,",
    )
    assert network(routings=csv(LOTS, *rows))["routings"].height == 4
    (fault,) = refusal(routings=csv(LOTS, *rows, "R,0013,F2,A,,ADD,1,,,,"))
    assert (fault.line, fault.column) == (6, "product")


def test_routings_that_contradict_one_another_are_kept_aside() -> None:
    understood = network(
        routings=csv("product,robot_model,hours_per_unit", "0012,ADD,1", "0013,ADD,1", "0013,ADD,2")
    )
    assert aside(understood, "file", "line", "column") == [
        ("orders.csv", 3, "product"),
        ("routings.csv", 3, "routing, factory, revision, robot_model"),
        ("routings.csv", 4, "routing, factory, revision, robot_model"),
    ]


def test_without_any_routing_there_is_nothing_to_plan() -> None:
    (fault,) = refusal(
        routings=csv("product,robot_model,hours_per_unit", "0012,ADD,0"), owned="factory,robot_model,units\n"
    )
    assert "line 2: hours_per_unit has to be above 0" in fault.reason


OPPORTUNITY = "opportunity_id,stage,probability,product,market,quantity,expected_date,status"


def opportunity(number: int, stage: str, chance: str = "", status: str = "") -> str:
    return f"O{number},{stage},{chance},0012,DE,5,2026-12-18,{status}"


def test_an_open_opportunity_needs_a_probability_from_somewhere() -> None:
    rows = (
        opportunity(1, "lead"),
        opportunity(2, "dreamt"),
        opportunity(3, "dreamt", "0.5"),
        opportunity(4, "dreamt", "", "lost"),
    )
    understood = network(opportunities=csv(OPPORTUNITY, *rows))
    assert understood["opportunities"]["opportunity_id"].to_list() == ["O1", "O3", "O4"]
    ((line, column, reason),) = aside(understood, "line", "column", "reason")
    assert (line, column) == (3, "stage")
    assert "add the stage to stages.csv" in reason


def test_the_ladder_of_the_folder_replaces_the_usual_one() -> None:
    ladder = csv("stage,position,probability", "dreamt,1,0.01")
    understood = network(
        opportunities=csv(OPPORTUNITY, opportunity(1, "lead"), opportunity(2, "dreamt")), stages=ladder
    )
    assert understood["opportunities"]["opportunity_id"].to_list() == ["O2"]


def test_history_of_days_to_come_is_kept_aside() -> None:
    history = csv("date,product,market,quantity", "2026-11-26,0012,DE,4", "2026-11-27,0012,DE,5")
    understood = network(history=history)
    assert understood["history"]["quantity"].to_list() == [4]
    ((line, column, value, reason),) = aside(understood, "line", "column", "value", "reason")
    assert (line, column, value) == (3, "date", "2026-11-27")
    assert reason == "date is after 2026-11-26 (as_of): history is demand that has come"


def test_a_campaign_that_ends_before_it_starts_is_kept_aside() -> None:
    header = "campaign,channel,product,start_date,end_date"
    campaigns = csv(header, "C1,price,0012,2026-12-01,2026-12-01", "C2,price,0012,2026-12-08,2026-12-01")
    understood = network(campaigns=campaigns)
    assert understood["campaigns"]["campaign"].to_list() == ["C1"]
    ((line, column, reason),) = aside(understood, "line", "column", "reason")
    assert (line, column) == (3, "end_date")
    assert reason == "end_date is before start_date (2026-12-08)"
