"""Ways of being wrong: the rule that is broken, and what was changed in a plan that was right."""

from dataclasses import replace

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from tests.check import world
from tests.check.tables import Spoil, both, extra, given, missing, policy, told, wrong

W0, W1, W2, W3, W4 = "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"
P2_M2 = {"product": "P2", "market": "M2"}
P1_M1 = {"product": "P1", "market": "M1"}
MADE_W0 = {"factory": "F1", "week": W0}
MADE_P2 = {"product": "P2", "week": W1}

FRAMES: dict[str, tuple[str, Spoil]] = {
    "week after the plan": ("frames", wrong("inventory", {"quantity": 1.0}, week="2027-01-04")),
    "factory nobody has": ("frames", wrong("shipments", {"quantity": 12.0}, factory="F9")),
    "less than nothing": ("frames", wrong("demand", {"backlog": 3.0}, refused=-1.0)),
    "not a number": ("frames", wrong("inventory", {"quantity": 15.0}, quantity=float("nan"))),
    "status nobody knows": ("frames", wrong("schedule", {"work_order": "W5"}, status="done")),
    "same row twice": ("frames", extra("inventory", f"factory,product,week,quantity F1,P1,{W0},15")),
}

DEMAND: dict[str, tuple[str, Spoil]] = {
    "order grown": ("netting", given("orders", {"order_id": "O1"}, quantity=13.0)),
    "past due forgotten": ("netting", wrong("demand", {"product": "P2", "confirmed": 5.0}, confirmed=0.0)),
    "order consumed twice": ("netting", wrong("demand", {**P1_M1, "week": W2}, expected=9.0)),
    "shipped order not consumed": ("netting", wrong("demand", {**P1_M1, "week": W3}, expected=10.0)),
    "unsure lumpy deal planned": ("netting", wrong("demand", {**P2_M2, "week": W3}, expected=10.0)),
    "won deal lost": ("netting", given("opportunities", {"opportunity_id": "won"}, status="lost")),
    "cutoff overlooked": ("netting", policy(due_cutoff_weekday=5)),
    "unreachable planned": ("netting", wrong("demand", {**P2_M2, "week": W2}, unreachable=0.0)),
    "reachable written off": ("netting", wrong("demand", {**P1_M1, "week": W4}, unreachable=4.0)),
    "backlog vanished": ("2 backlog", wrong("demand", {**P2_M2, "week": W3}, backlog=0.0, backlog_1=0.0)),
    "served from nowhere": ("2 backlog", wrong("demand", {**P1_M1, "week": W1}, served_confirmed=16.0)),
    "refused and still open": ("2 backlog", wrong("demand", {**P2_M2, "week": W2}, refused=3.0)),
    "classes beyond the whole": ("2 backlog", wrong("demand", {**P2_M2, "week": W4}, backlog_2=1.0)),
    "class served early": ("2 backlog", wrong("demand", {**P2_M2, "week": W0}, backlog_1=2.0)),
    "more expected than there is": (
        "3 expected",
        wrong("demand", {**P1_M1, "week": W3}, served_expected=7.0),
    ),
    "unreachable served": ("3 expected", wrong("demand", {**P1_M1, "week": W0}, served_expected=2.0)),
}

PROMISES: dict[str, tuple[str, Spoil]] = {
    "line unanswered": ("2 promises", missing("promises", order_id="O3")),
    "cancelled line promised": (
        "2 promises",
        extra("promises", f"order_id,line,product,market,due_week,quantity,status O6,1,P2,M1,{W2},9,open"),
    ),
    "line to another market": ("2 promises", wrong("promises", {"order_id": "O3"}, market="M1")),
    "other quantity": ("2 promises", wrong("promises", {"order_id": "O3"}, quantity=10.0)),
    "promised early": ("2 promises", wrong("promises", {"order_id": "O5"}, delivered_week=W2)),
    "late called on time": (
        "2 promises",
        wrong("promises", {"order_id": "O2", "late_weeks": 1}, status="on_time"),
    ),
    "lateness from the first week on": (
        "2 promises",
        wrong("promises", {"order_id": "O4", "delivered_week": W1}, late_weeks=1),
    ),
    "half a unit": (
        "2 promises",
        wrong("promises", {"order_id": "O4", "delivered_week": W1}, delivered_quantity=0.5),
    ),
    "nothing said of the rest": ("2 promises", missing("promises", order_id="O2", status="late")),
    "more than ordered": ("2 promises", wrong("promises", {"order_id": "O5"}, delivered_quantity=8.0)),
    "low class first": (
        "2 promises",
        both(
            wrong("promises", {"order_id": "O1"}, delivered_quantity=9.0),
            wrong("promises", {"order_id": "O2", "status": "on_time"}, delivered_quantity=6.0),
            extra(
                "promises",
                "order_id,line,product,market,due_week,quantity,delivered_week,delivered_quantity,late_weeks,"
                f"status O1,1,P1,M1,{W1},12,{W2},3,1,late",
            ),
            missing("promises", order_id="O2", status="late"),
        ),
    ),
    "refused without demand.csv": (
        "2 promises",
        both(
            wrong("promises", {"order_id": "O8", "status": "refused"}, delivered_quantity=2.0),
            wrong("promises", {"order_id": "O8", "status": "open"}, delivered_quantity=1.0),
        ),
    ),
    "refused with a week": ("2 promises", wrong("promises", {"status": "refused"}, delivered_week=W2)),
}

FLOW: dict[str, tuple[str, Spoil]] = {
    "stock from nowhere": ("1 stock", wrong("inventory", {"quantity": 6.0}, quantity=9.0)),
    "stock vanished": ("1 stock", missing("inventory", product="P2", week=W3)),
    "opening stock overlooked": ("1 stock", given("stock", {"product": "P1"}, quantity=0.0)),
    "made and gone": ("1 stock", wrong("production", {"week": W4}, quantity=7.0)),
    "shipped without stock": (
        "1 stock",
        wrong("shipments", {"quantity": 7.0, "product": "P1"}, quantity=9.0),
    ),
    "stores overflow": ("1 storage", given("factories", {"factory": "F1"}, storage_units=20.0)),
    "no such lane": ("2 lanes", wrong("shipments", {"quantity": 4.0, "product": "P1"}, market="M2")),
    "faster than the lane": (
        "2 lanes",
        wrong("shipments", {"quantity": 6.0, "market": "M2"}, arrive_week=W1),
    ),
    "arrival after the end": (
        "2 arrivals",
        wrong("shipments", {"quantity": 3.0}, ship_week=W4, arrive_week="2027-01-04"),
    ),
    "goods wait at the market": ("2 market", wrong("shipments", {"quantity": 12.0}, quantity=13.0)),
    "transit drawn before it is there": ("2 market", given("in_transit", {"quantity": 2.0}, arrive_week=W3)),
    "transit drawn twice": ("2 market", given("in_transit", {"quantity": 2.0}, quantity=1.0)),
    "half a unit shipped in a firm week": ("10 whole", wrong("shipments", {"quantity": 11.0}, quantity=10.5)),
}

PRODUCTION: dict[str, tuple[str, Spoil]] = {
    "routing not in force": ("4 routing", given("routings", {"routing": "P1-A"}, effective_week=W1)),
    "routing of another product": ("4 routing", wrong("production", {"week": W4}, product="P2")),
    "no scrap": ("4 yield", wrong("production", {"week": W4}, quantity=10.0)),
    "half a batch": ("4 batch", wrong("production", {"week": W4}, gross=12.0)),
    "batches miscounted": ("4 batch", wrong("production", {"week": W4}, batches=1)),
    "run without set-up": ("4 setup", wrong("production", MADE_P2, setup=0)),
    "set-up beyond setup_weeks": ("4 setup", wrong("production", {"product": "P2", "week": W3}, setup=1)),
    "below the smallest lot": ("4 min_lot", given("firm_work", {"work_order": "WO1"}, week=W0)),
    "set-up hours forgotten": ("4 hours", wrong("production", MADE_P2, robot_hours=7.5)),
    "far set-up not spread": (
        "4 hours",
        wrong("production", {"product": "P2", "week": W3}, robot_hours=9.0),
    ),
    "attended work at night": ("4 unattended", wrong("production", MADE_P2, unattended_hours=2.0)),
    "made for more than is made": ("production", wrong("production", MADE_W0, for_expected=1.0)),
    "half a unit made in a firm week": ("10 whole", wrong("production", MADE_W0, quantity=11.5)),
    "half a unit started in a firm week": ("10 whole", wrong("production", MADE_P2, gross=3.5)),
}

HOURS: dict[str, tuple[str, Spoil]] = {
    "hours not worked": ("4 hours", wrong("hours", {"attended_used": 8.5}, attended_used=8.0)),
    "holiday overlooked": (
        "4 hours",
        wrong("hours", {"attended_available": 120.0}, attended_available=160.0),
    ),
    "row for the model overlooked": (
        "4 hours",
        wrong("hours", {"unattended_available": 9.0}, unattended_available=18.0),
    ),
    "no people": ("4 attended", given("factories", {"factory": "F2"}, attended_hours_per_week=5.0)),
    "no nights": ("4 unattended", given("factories", {"factory": "F1"}, unattended_hours_per_week=1.0)),
    "no overtime": ("4 overtime", given("factories", {"factory": "F1"}, overtime_hours_per_week=1.0)),
    "not lights-out": ("4 unattended", given("routings", {"routing": "P1-A"}, lights_out=False)),
    "nights of another routing": (
        "4 unattended",
        wrong("production", {"unattended_hours": 5.0}, unattended_hours=4.0),
    ),
    "no places": ("5 floor", given("factories", {"factory": "F1"}, floor_slots=6.0)),
    "too many robots a supervisor": ("5 supervision", given("factories", {"factory": "F1"}, supervisors=0.3)),
    "no operators": ("5 operators", given("operators", {"week": W1}, operators=0.1)),
    "operators of every week": ("5 operators", given("operators", {"operators": 1.0}, operators=0.01)),
}

FLEET: dict[str, tuple[str, Spoil]] = {
    "own robot gone": ("4 fleet", missing("fleet", source="owned", robot_model="MILL", week=W4)),
    "own robot dearer": ("4 fleet", given("owned", {"robot_model": "MILL"}, weekly_cost=35.0)),
    "hours while in transfer": (
        "4 fleet",
        wrong("fleet", {"id": "ADD-FLEX", "week": W1}, hours_available=48.0),
    ),
    "robot overworked": (
        "4 fleet",
        both(
            wrong("fleet", {"source": "owned", "hours_used": 3.0}, hours_used=0.0),
            given("robots", {"robot_model": "ADD"}, availability=0.1),
        ),
    ),
    "work nobody does": ("4 fleet", wrong("fleet", {"hours_used": 7.2}, hours_used=5.0)),
    "overage not charged": ("4 overage", wrong("fleet", {"overage_hours": 2.0}, overage_hours=0.0)),
    "overage of our own": ("4 overage", wrong("fleet", {"hours_used": 9.0}, overage_hours=1.0)),
    "overage invented": ("4 overage", wrong("fleet", {"id": "ADD-STD", "week": W2}, overage_hours=1.0)),
    "tier overlooked": ("6 rent", wrong("fleet", {"id": "ADD-STD", "week": W1}, cost=200.0)),
    "tier after the contract left": ("6 rent", wrong("fleet", {"id": "ADD-STD", "week": W3}, cost=160.0)),
    "tier for the contract": ("6 rent", wrong("fleet", {"id": "C1", "week": W1}, cost=80.0)),
    "unknown contract": ("6 rent", wrong("fleet", {"id": "C3", "week": W4}, id="C4")),
}

RENT: dict[str, tuple[str, Spoil]] = {
    "before its lead time": ("6 rent", given("offers", {"offer": "ADD-STD"}, lead_time_weeks=2)),
    "offer of another factory": ("6 rent", given("offers", {"offer": "ADD-STD"}, factory="F2")),
    "below the minimum term": ("6 rent", wrong("rentals", {"id": "ADD-STD"}, off_rent_date=W4)),
    "between renewals": ("6 rent", given("offers", {"offer": "ADD-FLEX"}, renewal_weeks=2)),
    "before notice": ("6 rent", given("offers", {"offer": "ADD-FLEX"}, notice_weeks=5)),
    "lot without units": ("6 rent", missing("fleet", id="ADD-STD", week=W4)),
    "units without a lot": ("6 rent", wrong("rentals", {"id": "ADD-STD"}, units=1)),
    "units at another factory": ("6 rent", wrong("rentals", {"id": "ADD-STD"}, factory="F2")),
    "move not told": ("6 rent", missing("rentals", action="move")),
    "offer out of stock": ("6 max_units", given("offers", {"offer": "ADD-STD"}, max_units=2)),
    "contract cut short": ("6 contract", given("contracts", {"contract": "C3"}, on_rent_date=W2)),
    "contract before its start": ("6 contract", given("contracts", {"contract": "C3"}, on_rent_date=W4)),
    "contract after its end": ("6 contract", given("contracts", {"contract": "C3"}, off_rent_date=W4)),
    "contract grown": ("6 contract", given("contracts", {"contract": "C1"}, units=0)),
    "returned inside the term": (
        "6 contract",
        both(
            given("contracts", {"contract": "C1"}, min_end_date=W4),
            given("offers", {"offer": "ADD-STD"}, early_termination_share=None),
        ),
    ),
    "returned between renewals": ("6 contract", given("contracts", {"contract": "C1"}, min_end_date=W2)),
    "terminated before notice": ("6 contract", given("offers", {"offer": "MILL-STD"}, notice_weeks=3)),
    "ordered contract terminated": ("6 contract", given("contracts", {"contract": "C2"}, status="ordered")),
    "return not told": ("6 rent", missing("rentals", action="return")),
    "termination called return": ("6 rent", wrong("rentals", {"id": "C2"}, action="return")),
    "robot tied to its factory": ("6 move", given("offers", {"offer": "ADD-FLEX"}, transfer_fee=None)),
    "units nobody rents moved in a circle": (
        "6 move",
        extra(
            "rentals",
            "action,id,robot_model,factory,to_factory,units,decide_by,on_rent_date,off_rent_date "
            f"move,ADD-FLEX,ADD,F1,F2,1,{W3},{W4},{W3} move,ADD-FLEX,ADD,F2,F1,1,{W3},{W4},{W3}",
        ),
    ),
    "moved on before it arrived": (
        "6 move",
        both(
            wrong("rentals", {"action": "move"}, on_rent_date=W3),
            extra(
                "rentals",
                "action,id,robot_model,factory,to_factory,units,decide_by,on_rent_date,off_rent_date "
                f"move,ADD-FLEX,ADD,F1,F2,1,{W2},{W3},{W2}",
            ),
        ),
    ),
    "moved in no time": ("6 move", wrong("rentals", {"action": "move"}, on_rent_date=W1)),
    "ordered too late": ("rentals", wrong("rentals", {"id": "ADD-STD"}, decide_by="2026-12-01")),
    "notice too late": ("rentals", wrong("rentals", {"id": "C1"}, decide_by=W3)),
    "commitment made small": ("rentals", wrong("rentals", {"id": "ADD-STD"}, committed_cost=500.0)),
    "another vendor": ("rentals", wrong("rentals", {"id": "C1"}, vendor="Rentabot")),
    "more than the contract": ("rentals", wrong("rentals", {"id": "C1"}, units=2)),
    "tail forgotten": ("rentals", wrong("rentals", {"id": "ADD-STD"}, tail_cost=0.0)),
}

CAPS = "commitment.caps"
CAP = {"offer": "ADD-STD", "factory": "F1", "week": W1, "units": 2}
COMMITMENT: dict[str, tuple[str, Spoil]] = {
    "more than the first solve": ("8 commitment", told(CAPS, [CAP | {"units": 1}])),
    "before the first solve": ("8 commitment", told(CAPS, [CAP | {"week": W2}])),
    "at another factory": ("8 commitment", told(CAPS, [CAP | {"factory": "F2"}])),
    "no first solve": ("8 commitment", told("commitment", {})),
    "cap on a flexible offer": (
        "8 commitment",
        told(CAPS, [CAP, CAP | {"offer": "ADD-FLEX", "factory": "F2"}]),
    ),
    "cap before the lead time": ("8 commitment", told(CAPS, [CAP | {"week": W0}])),
    "long renewal uncapped": (
        "8 commitment",
        both(
            given("offers", {"offer": "ADD-STD"}, renewal_weeks=4),
            given("contracts", {"contract": "C3"}, offer="ADD-STD", min_end_date=W3),
        ),
    ),
    "long rent for nothing sold": (
        "8 commitment",
        lambda network, plan: (
            replace(
                network.with_tables(**{name: network[name].clear() for name in ("orders", "firm_work")}),
                policy=replace(network.policy, commit_threshold=1.0),
                published={},
            ).with_tables(opportunities=network["opportunities"].clear()),
            plan,
        ),
    ),
    "first solve below its bound": ("8 commitment", told("commitment.bound", 4100.0)),
    "first solve's gap": ("8 commitment", told("commitment.gap", 0.1)),
}


def unpublished(network: Network, plan: Plan) -> tuple[Network, Plan]:
    """Nothing of F2's frozen work had been published."""
    production = network.published["production"].filter(pl.col("factory") == "F1")
    return replace(network, published=dict(network.published) | {"production": production}), plan


FIRM: dict[str, tuple[str, Spoil]] = {
    "released for expected demand": ("7 firm", given("orders", {"order_id": "O2"}, status="cancelled")),
    "released though in stock": ("7 firm", given("firm_work", {"work_order": "WO1"}, quantity_left=2.0)),
    "goods in transit overlooked": ("7 firm", given("in_transit", {"quantity": 2.0}, quantity=10.0)),
    "frozen week enlarged": ("7 frozen", unpublished),
    "frozen week not made": ("7 frozen", wrong("production", {"factory": "F2"}, quantity=0.0)),
    "pinned work not made": ("7 pinned", given("firm_work", {"work_order": "WO1"}, quantity_left=4.0)),
}

MATERIALS: dict[str, tuple[str, Spoil]] = {
    "short of resin": ("9 material", missing("purchases", material="RESIN")),
    "supply comes later": ("9 material", given("supply", {"quantity": 2.5}, week=W1)),
    "scrap takes material too": ("9 material", given("bom", {"material": "RESIN"}, quantity_per_unit=0.6)),
    "bom of the routing overlooked": ("9 material", wrong("purchases", {"material": "STEEL"}, quantity=1.0)),
    "faster than the supplier": ("9 material", given("materials", {"material": "RESIN"}, lead_time_weeks=5)),
    "ordered too late": ("9 material", wrong("purchases", {"material": "RESIN"}, order_by=W4)),
    "cheaper than the price": ("9 material", wrong("purchases", {"material": "RESIN"}, cost=10.0)),
}

SCHEDULE: dict[str, tuple[str, Spoil]] = {
    "work nobody laid out": ("schedule", missing("schedule", work_order="W5")),
    "too short": ("schedule", wrong("schedule", {"work_order": "W2"}, end="2026-11-30T08:00:00")),
    "robot that is not there": ("schedule", wrong("schedule", {"work_order": "W2"}, robot=3)),
    "robot number nought": ("schedule", wrong("schedule", {"work_order": "W2"}, robot=0)),
    "two jobs on one robot": ("schedule", wrong("schedule", {"work_order": "W2"}, robot=1)),
    "after hours without overtime": (
        "schedule",
        wrong("schedule", {"work_order": "W2"}, start="2026-11-30 15:00", end="2026-11-30 19:00"),
    ),
    "night job by day": (
        "schedule",
        wrong("schedule", {"work_order": "W4"}, start="2026-12-01 07:00", end="2026-12-01 10:00"),
    ),
    "factory without shifts at night": (
        "schedule",
        wrong("schedule", {"work_order": "W5"}, start="2026-11-30 15:00", end="2026-11-30 22:00"),
    ),
    "attended work in the dark": ("schedule", given("routings", {"routing": "P1-A"}, lights_out=False)),
    "set-up in the dark": (
        "schedule",
        wrong("schedule", {"work_order": "W7"}, setup_hours=1.0, run_hours=2.0),
    ),
    "day's work called night's": ("schedule", wrong("schedule", {"work_order": "W3"}, unattended=False)),
    "units left out": ("schedule", wrong("schedule", {"robot_model": "MILL", "quantity": 2.5}, quantity=2.0)),
    "in another week": (
        "schedule",
        wrong("schedule", {"work_order": "W5"}, start="2026-12-07 06:00", end="2026-12-07 13:00"),
    ),
    "not a time": ("schedule", wrong("schedule", {"work_order": "W5"}, end="Monday noon")),
    "for an order that is cancelled": (
        "schedule",
        wrong("schedule", {"work_order": "W5"}, for_orders="O6/1"),
    ),
}

FIGURES: dict[str, tuple[str, Spoil]] = {
    "unknown term": ("costs", told("costs", world.COSTS | {"goodwill": 0.0})),
    "terms beside the objective": ("costs", told("objective", world.OBJECTIVE + 1)),
    "below the bound": ("plan.json", told("bound", world.OBJECTIVE + 5)),
    "gap made small": ("plan.json", told("gap", 0.001)),
    "called optimal": ("plan.json", told("status", "optimal")),
    "called within the gap": ("plan.json", policy(gap=0.001)),
    "unknown status": ("plan.json", told("status", "feasible")),
    "other network": ("plan.json", lambda network, plan: (replace(network, input_hash="0" * 64), plan)),
    "other settings": ("plan.json", told("policy.tail_use", 1.0)),
    "other start": ("plan.json", told("start_week", W1)),
    "controllable gap below the gap": ("plan.json", told("gap_controllable", 0.001)),
    "beyond the carbon cap": ("11 carbon cap", policy(carbon_cap_kg=200.0)),
    "hard rule relaxed": (
        "11 relaxed",
        told("relaxed", [{"rule": "min_term", "factory": "F1", "week": W0, "amount": 1, "unit_price": 0}]),
    ),
    "relaxed below nothing": (
        "11 relaxed",
        told("relaxed", [{"rule": "floor", "factory": "F1", "week": W0, "amount": -1, "unit_price": 0}]),
    ),
    **{
        f"cost of {term}": ("costs", told(f"costs.{term}", money + max(0.06, 3e-5 * money)))
        for term, money in world.COSTS.items()
    },
    **{
        f"KPI {name}": ("kpis", told(f"kpis.{name}", value * 1.01 + 0.002))
        for name, value in world.SUMMARY["kpis"].items()
    },
}
