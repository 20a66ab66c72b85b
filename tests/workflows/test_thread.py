"""Threads: from any id back and forth; quantities add up, and both directions are the same way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.thread import Stage, Thread
from planning.store import Workspace
from planning.workflows.desk import Desk
from planning.workflows.folders import import_folder, plan_workspace
from tests.builders.company import FILES, write_company

TODAY = date(2026, 11, 23)
COMPANY = {
    "orders": """order_id,line,order_date,due_date,product,market,quantity,quantity_shipped,status,unit_price
SO-1,1,2026-11-02,2026-11-27,0001,uk,150,20,confirmed,40
SO-1,2,2026-11-02,2026-12-11,0002,uk,30,0,confirmed,60
SO-3,1,2026-11-09,2026-12-18,0001,pt,140,0,confirmed,40
SO-4,1,2026-11-12,2026-12-04,0003,pt,50,0,confirmed,25
0012,1,2026-11-16,2027-01-08,0002,uk,45,0,confirmed,60
SO-9,1,2026-10-02,2026-11-06,0003,pt,10,10,shipped,25
SO-8,1,2026-10-02,2026-12-11,0003,pt,12,0,cancelled,25
""",
    "opportunities": """opportunity_id,stage,product,market,quantity,expected_date,status,order_id
OP-1,quoted,0001,pt,20,2026-12-11,open,
OP-2,verbal,0002,uk,45,2027-01-08,won,0012
""",
    "stock": "factory,product,quantity\nleeds,0001,25\n",
    "lanes": "factory,market,lead_time_weeks\nleeds,uk,0\nleeds,pt,1\nporto,uk,1\nporto,pt,0\n",
    "in_transit": "factory,market,product,arrive_week,quantity\nleeds,pt,0001,2026-11-30,15\n",
    "forecast": "product,market,week,quantity\n0001,uk,2026-12-14,30\n0003,pt,2026-12-21,12\n",
    "campaigns": """campaign,channel,product,market,start_date,end_date,spend
XMAS,search,0001,uk,2026-12-14,2026-12-20,500
""",
    "contracts": """contract,offer,factory,units,on_rent_date,min_end_date
C-1,flex,leeds,1,2026-06-01,2026-11-30
""",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("thread")
    with Workspace.open(folder / "takt.duckdb", "Ana") as opened:
        import_folder(opened, write_company(folder / "company", **COMPANY), TODAY)
        plan_workspace(opened, TODAY)
        yield opened


@pytest.fixture(scope="module")
def desk(workspace: Workspace) -> Desk:
    return Desk(workspace)


@pytest.fixture(scope="module")
def plan(desk: Desk) -> Plan:
    plan = desk.plan()
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def network(desk: Desk) -> Network:
    network = desk.network()
    assert network is not None
    return network


def thread(desk: Desk, id: str) -> Thread:
    network = desk.network()
    assert network is not None
    found = desk.threads.look_up(id, desk.plan(), network).thread
    assert found is not None, id
    return found


def links(of: Thread, stage: Stage) -> pl.DataFrame:
    found = [step.links for step in of.steps if step.stage == stage]
    return found[0] if found else pl.DataFrame(schema={"id": pl.String, "units": pl.Float64})


def shares(of: Thread, stage: Stage) -> dict[str, float]:
    """Id → units on the thread."""
    rows = links(of, stage).drop_nulls("units").filter(pl.col("id").is_not_null())
    return dict(rows.select("id", "units").iter_rows())


def lines(network: Network) -> list[str]:
    return network["orders"].select(pl.format("{}/{}", "order_id", "line")).to_series().to_list()


def test_what_was_ordered_is_what_becomes_of_it(desk: Desk, network: Network) -> None:
    seen = set()
    for line in [*lines(network), *network["orders"]["order_id"].unique()]:
        (whole, units), *parts = thread(desk, line).balance.items()
        assert whole == "ordered"
        assert units == pytest.approx(sum(part for _, part in parts)), line
        seen |= {name for name, _ in parts}
    assert {"shipped", "cancelled", "from work", "from stock", "on the way"} <= seen
    assert "not in this plan" not in seen


def test_what_a_work_order_makes_goes_somewhere(desk: Desk, plan: Plan) -> None:
    made = plan["production"]
    whole = 0.0
    for work in {row for line in shares_of_all(desk, "work order").values() for row in line}:
        (name, units), *parts = thread(desk, work).balance.items()
        assert name == "made"
        assert units == pytest.approx(sum(part for _, part in parts))
        whole += units
    assert whole <= made["quantity"].sum() + 1e-6


def shares_of_all(desk: Desk, stage: Stage) -> dict[str, dict[str, float]]:
    network = desk.network()
    assert network is not None
    return {line: shares(thread(desk, line), stage) for line in lines(network)}


@pytest.mark.parametrize("stage", ["work order", "shipment"])
def test_back_and_forth_are_the_same_way(desk: Desk, stage: Stage) -> None:
    forth = {
        (line, id): units for line, found in shares_of_all(desk, stage).items() for id, units in found.items()
    }
    back = {
        (line, id): units
        for id in {id for _, id in forth}
        for line, units in shares(thread(desk, f"{stage}:{id}"), "order").items()
    }
    assert forth
    assert back == pytest.approx(forth)


def test_work_and_shipments_see_each_other(desk: Desk) -> None:
    works = {id for found in shares_of_all(desk, "work order").values() for id in found}
    forth = {(w, s): u for w in works for s, u in shares(thread(desk, f"work order:{w}"), "shipment").items()}
    sent = {s for _, s in forth}
    back = {(w, s): u for s in sent for w, u in shares(thread(desk, f"shipment:{s}"), "work order").items()}
    assert forth
    assert {key: units for key, units in back.items() if key[0] in works} == pytest.approx(forth)


def test_the_schedule_names_the_same_orders(desk: Desk, plan: Plan) -> None:
    rows = plan["schedule"].select("work_order", "for_orders").unique()
    for work, named in rows.iter_rows():
        told = set((named or "").split(";")) - {""}
        assert set(shares(thread(desk, f"work order:{work}"), "order")) == told


def test_the_forecast_share_is_the_expected_demand_of_its_product_market_and_week(
    desk: Desk, plan: Plan
) -> None:
    found = thread(desk, "product:0001")
    told = links(found, "forecast").filter(pl.col("what").str.contains("UK|uk"))
    said = plan["demand"].filter(product="0001", market="uk", week=date(2026, 12, 14))
    row = told.filter(pl.col("on") == date(2026, 12, 14)).row(0, named=True)
    assert row["whole"] == pytest.approx(said["expected"].item())
    assert row["units"] == pytest.approx(said["served_expected"].item())


def test_an_order_knows_its_file_its_line_its_import_and_who(desk: Desk) -> None:
    row = links(thread(desk, "SO-1/2"), "import").row(0, named=True)
    assert (row["id"], row["source"], row["who"]) == ("import 1", "orders.csv, line 3, from company", "Ana")


def test_a_won_deal_is_its_order_and_the_order_knows_its_deal(desk: Desk) -> None:
    assert list(links(thread(desk, "OP-2"), "order")["id"]) == ["0012/1"]
    assert list(links(thread(desk, "0012"), "opportunity")["id"]) == ["OP-2"]
    assert thread(desk, "OP-2").side(thread(desk, "OP-2").steps[0]) == "before"


def test_an_open_deal_is_told_to_be_part_of_what_is_expected(desk: Desk) -> None:
    found = thread(desk, "OP-1")
    assert "no order yet" in found.told
    assert links(found, "order").is_empty()
    assert list(links(found, "opportunity")["whole"]) == [20]


def test_a_campaign_reaches_the_demand_of_its_weeks(desk: Desk) -> None:
    found = thread(desk, "XMAS")
    assert list(links(found, "forecast")["on"]) == [date(2026, 12, 14)]
    assert list(links(thread(desk, "product:0001"), "campaign")["id"]) == ["XMAS"]


def test_a_contract_leads_to_the_work_of_its_robots(desk: Desk) -> None:
    found = thread(desk, "C-1")
    assert found.stage == "contract"
    assert links(found, "work order").height > 0
    work = links(found, "work order")["id"][0]
    assert "C-1" in list(links(thread(desk, f"work order:{work}"), "contract")["id"])


def test_plan_import_and_forecast_lead_to_one_another(desk: Desk, workspace: Workspace) -> None:
    of_plan = thread(desk, "plan v1")
    assert list(links(of_plan, "import")["id"]) == ["import 1"]
    assert list(links(of_plan, "plan")["who"]) == ["Ana"]
    assert "v1" in list(links(thread(desk, "import 1"), "plan")["id"])


@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [
        ("so-1", "order", "SO-1"),
        (" SO-1/2 ", "order", "SO-1/2"),
        ("V1", "plan", "v1"),
        ("plan 1", "plan", "v1"),
        ("Import 1", "import", "import 1"),
        ("order:0012", "order", "0012"),
    ],
)
def test_ids_are_found_as_people_write_them(desk: Desk, text: str, kind: str, id: str) -> None:
    found = thread(desk, text)
    assert (found.kind, found.id) == (kind, id)


def test_what_is_not_there_is_met_by_what_is_near(desk: Desk, network: Network) -> None:
    near = {"SO-33": ("order", "SO-3"), "XMASS": ("campaign", "XMAS"), "001": ("order", "0012")}
    for text, meant in near.items():
        found = desk.threads.look_up(text, desk.plan(), network)
        assert found.thread is None
        assert meant in found.nearest
    assert desk.threads.look_up("~~~~", desk.plan(), network).nearest == ()


def test_an_id_several_kinds_share_is_told_with_the_others(workspace: Workspace, tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb") as other:
        orders = FILES["orders"] + "C-1,2026-11-20,2026-12-18,0003,pt,10,Dee,25\n"
        contracts = COMPANY["contracts"]
        import_folder(other, write_company(tmp_path / "company", orders=orders, contracts=contracts), TODAY)
        desk = Desk(other)
        network = desk.network()
        assert network is not None
        found = desk.threads.look_up("C-1", None, network)
        assert found.thread is not None
        assert (found.thread.kind, found.others) == ("order", (("contract", "C-1"),))
        named = desk.threads.look_up("contract:C-1", None, network)
        assert named.thread is not None
        assert named.thread.kind == "contract"


def test_a_line_that_changed_tells_the_import_that_said_so(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "takt.duckdb", "Ana") as other:
        import_folder(other, write_company(tmp_path / "first"), TODAY)
        more = FILES["orders"].replace("uk,150,", "uk,160,")
        import_folder(other, write_company(tmp_path / "second", orders=more), TODAY)
        row = Desk(other).threads.look_up("SO-1", None, network_of(other)).thread
        assert row is not None
        told = links(row, "import").row(0, named=True)
        assert (told["id"], told["what"]) == ("import 2", "as it stands, first otherwise in import 1")
        same = Desk(other).threads.look_up("SO-2", None, network_of(other)).thread
        assert same is not None
        assert links(same, "import")["id"].to_list() == ["import 1"]


def network_of(workspace: Workspace) -> Network:
    network = Desk(workspace).network()
    assert network is not None
    return network
