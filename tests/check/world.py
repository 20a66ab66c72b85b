"""A small company and a plan for it, both written by hand: five weeks, two factories, two products.

The plan is right but not good: it shows every rule at work (a batch and its scrap, a pinned lot below
min_lot, a revision, a tier, a move, a return, an early termination, goods waiting at a market, late,
refused and open units, overtime, lights-out hours, a changed published plan). Its costs in `COSTS` were
worked out on paper.
"""

from datetime import date
from typing import Any

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.policy import Policy
from planning.domain.schema import EXPORT
from tests.check.tables import exports, inputs

POLICY = Policy(
    as_of=date(2026, 11, 27),
    start_week=date(2026, 11, 30),
    horizon_weeks=5,
    due_cutoff_weekday=1,
    frozen_weeks=1,
    firm_weeks=2,
    setup_weeks=3,
    flex_term_weeks=3,
    carbon_price_per_kg=0.1,
    carbon_cap_kg=300.0,
    change_cost_per_unit=2.0,
)

NETWORK = {
    "factories": """
        factory,floor_slots,attended_hours_per_week,unattended_hours_per_week,overtime_hours_per_week,overtime_cost_per_hour,supervisors,storage_units,energy_price_per_kwh,grid_kgco2e_per_kwh
        F1,7,40,20,10,30,2,100,0.2,0.5
        F2,,40,0,0,0,,,0.3,0.4
    """,
    "shifts": """
        factory,weekday,start,end,attended
        F1,1,06:00,14:00,true
        F1,2,06:00,14:00,true
        F1,3,06:00,14:00,true
        F1,4,06:00,14:00,true
        F1,5,06:00,14:00,true
        F1,1,22:00,03:00,false
        F1,2,22:00,03:00,false
        F1,3,22:00,03:00,false
        F1,4,22:00,03:00,false
    """,
    "markets": "market M1 M2",
    "products": """
        product,price,holding_cost_per_week,late_cost_per_week,lost_cost,waste_cost
        P1,100,1,10,150,40
        P2,50,0.5,5,60,20
    """,
    "robots": """
        robot_model,process,floor_slots,robots_per_supervisor,power_kw,availability
        ADD,additive,1,2,2,0.8
        MILL,machining,2,1,4,1
    """,
    "routings": """
        routing,product,revision,effective_week,robot_model,hours_per_unit,setup_hours,setup_cost,typical_lot,unit_cost,energy_kwh_per_unit,kgco2e_per_unit,lights_out,min_lot,batch_size,yield
        P1-A,P1,A,,ADD,1,0,0,,10,,1,true,0,5,0.8
        P2-A,P2,A,,MILL,2,3,40,10,5,1,0.5,false,4,,1
        P2-A,P2,A,,ADD,0.5,0,0,10,1,0,0,false,4,,1
        P2-A,P2,B,2026-12-21,MILL,1,2,20,10,5,,0.2,false,4,,1
        P2-A,P2,B,2026-12-21,ADD,0.5,0,0,10,1,0,0,false,4,,1
    """,
    "lanes": """
        factory,market,lead_time_weeks,cost_per_unit,kgco2e_per_unit
        F1,M1,0,1,0.1
        F1,M2,1,2,0.2
        F2,M1,1,3,0.3
    """,
    "offers": """
        offer,robot_model,weekly_rate,min_term_weeks,renewal_weeks,notice_weeks,lead_time_weeks,mobilisation_fee,demobilisation_fee,max_units,early_termination_share,transfer_fee,transfer_weeks,included_hours_per_week,overage_per_hour
        ADD-STD,ADD,100,6,2,1,1,60,30,3,0.5,,1,10,4
        ADD-FLEX,ADD,150,3,1,1,0,10,20,,,25,1,,0
        MILL-STD,MILL,200,4,1,1,2,50,40,,0.5,,1,,0
    """,
    "offer_tiers": "offer,from_units,weekly_rate ADD-STD,3,80",
    "contracts": """
        contract,offer,factory,units,weekly_rate,on_rent_date,min_end_date,off_rent_date,status
        C1,ADD-STD,F1,1,90,2026-09-07,2026-12-21,,on_rent
        C2,MILL-STD,F2,1,,2026-09-07,2026-12-28,,on_rent
        C3,ADD-FLEX,F2,1,,2026-12-21,2027-01-18,,ordered
        C4,ADD-STD,F1,2,,2026-05-04,2026-07-13,2026-07-13,ended
    """,
    "owned": "factory,robot_model,units,weekly_cost F1,ADD,1,20 F1,MILL,1,30",
    "stock": "factory,product,quantity F1,P1,3 F1,P2,20",
    "in_transit": """
        factory,market,product,arrive_week,quantity
        F1,M2,P1,2026-12-07,2
        F1,M2,P1,2027-01-11,50
    """,
    "firm_work": """
        work_order,factory,routing,week,quantity_left,status
        WO1,F1,P2-A,2026-12-07,3,pinned
    """,
    "calendar": """
        factory,week,robot_model,attended_hours,unattended_hours,availability
        F1,2026-12-14,,30,,
        F1,2026-12-14,MILL,,10,0.9
    """,
    "materials": """
        material,unit_cost,kgco2e_per_unit,lead_time_weeks
        RESIN,4,2,1
        STEEL,3,1,0
    """,
    "bom": "product,routing,material,quantity_per_unit P1,,RESIN,0.5 P2,P2-A,STEEL,1",
    "supply": """
        material,factory,week,quantity,unit_cost
        RESIN,F1,2026-11-30,20,0
        RESIN,F2,2026-11-30,2.5,
        STEEL,F1,2026-11-23,4,
    """,
    "operators": "factory,process,operators,week F1,additive,1, F1,additive,2,2026-12-07",
    "orders": """
        order_id,line,due_date,product,market,quantity,quantity_shipped,status,priority
        O1,1,2026-12-09,P1,M1,12,0,confirmed,1
        O2,1,2026-12-08,P1,M1,6,0,confirmed,3
        O3,1,2026-12-15,P1,M2,10,2,confirmed,2
        O4,1,2026-11-25,P2,M1,5,0,confirmed,2
        O5,1,2026-12-22,P2,M1,7,0,confirmed,2
        O6,1,2026-12-15,P2,M1,9,0,cancelled,1
        O7,1,2027-01-15,P1,M1,4,0,confirmed,2
        O8,1,2026-12-16,P2,M2,3,0,confirmed,1
        O9,1,2026-12-24,P1,M1,4,4,shipped,2
    """,
    "opportunities": """
        opportunity_id,stage,probability,product,market,quantity,expected_date,status,order_id
        small,quoted,0.4,P1,M1,5,2026-12-30,open,
        lumpy-sure,verbal,0.95,P2,M2,6,2026-12-14,open,
        lumpy-unsure,verbal,0.5,P2,M2,6,2026-12-23,open,
        won,verbal,,P2,M1,2,2026-11-20,won,
        won-ordered,verbal,,P2,M1,7,2026-12-22,won,O5
        won-cancelled,verbal,,P2,M1,9,2026-12-15,won,O6
        stale,verbal,,P1,M1,40,2026-11-20,open,
        lost,verbal,,P1,M1,40,2026-12-15,lost,
        far,verbal,,P1,M1,40,2027-02-15,open,
    """,
    "forecast": """
        product,market,week,quantity,p10,p50,p90
        P1,M1,2026-11-30,10,6,9,14
        P1,M1,2026-12-07,10,6,9,14
        P1,M1,2026-12-14,10,6,9,14
        P1,M1,2026-12-21,10,6,9,14
        P1,M1,2026-12-28,10,6,9,14
        P2,M2,2026-11-30,4,2,4,6
        P2,M2,2026-12-07,4,2,4,6
        P2,M2,2026-12-14,4,2,4,6
        P2,M2,2026-12-21,4,2,4,6
        P2,M2,2026-12-28,4,2,4,6
    """,
}

PUBLISHED = {
    "production": """
        factory,product,routing,week,quantity,gross
        F1,P1,P1-A,2026-11-23,9,12
        F1,P1,P1-A,2026-11-30,12,15
        F2,P1,P1-A,2026-11-30,4,5
        F1,P1,P1-A,2026-12-07,10,15
        F1,P1,P1-A,2026-12-14,8,10
    """,
    "promises": """
        order_id,line,product,market,due_week,quantity,delivered_week,delivered_quantity,late_weeks,status
        O1,1,P1,M1,2026-12-07,12,2026-12-07,12,0,on_time
        O6,1,P2,M1,2026-12-14,9,2026-12-14,9,0,on_time
    """,
}

EXPORTED = {
    "production": """
        factory,product,routing,week,quantity,gross,batches,robot_hours,unattended_hours,setup,for_confirmed,for_expected
        F1,P1,P1-A,2026-11-30,12,15,3,15,6,0,12,0
        F2,P1,P1-A,2026-11-30,4,5,1,5,0,0,4,0
        F1,P1,P1-A,2026-12-07,8,10,2,10,3,0,8,0
        F1,P2,P2-A,2026-12-07,3,3,0,10.5,0,1,3,0
        F1,P1,P1-A,2026-12-14,8,10,2,10,5,0,0,8
        F1,P1,P1-A,2026-12-21,4,5,1,5,0,0,0,4
        F1,P2,P2-A,2026-12-21,6,6,0,10.2,0,0,2,4
        F1,P1,P1-A,2026-12-28,8,10,2,10,0,0,0,7
    """,
    "schedule": """
        work_order,factory,robot_model,robot,product,routing,quantity,start,end,week,setup_hours,run_hours,unattended,for_orders,status
        W1,F1,ADD,1,P1,P1-A,4.8,2026-11-30T06:00:00,2026-11-30T14:00:00,2026-11-30,0,6,false,O1/1,firm
        W2,F1,ADD,2,P1,P1-A,2.4,2026-11-30T06:00:00,2026-11-30T10:00:00,2026-11-30,0,3,false,O1/1;O2/1,firm
        W3,F1,ADD,1,P1,P1-A,3.2,2026-11-30T22:00:00,2026-12-01T03:00:00,2026-11-30,0,4,true,,firm
        W4,F1,ADD,2,P1,P1-A,1.6,2026-12-01T22:00:00,2026-12-02T01:00:00,2026-11-30,0,2,true,,firm
        W5,F2,ADD,1,P1,P1-A,4,2026-11-30T06:00:00,2026-11-30T13:00:00,2026-11-30,0,5,false,O1/1,firm
        W6,F1,ADD,1,P1,P1-A,5.6,2026-12-07T06:00:00,2026-12-07T13:00:00,2026-12-07,0,7,false,O3/1,firm
        W7,F1,ADD,1,P1,P1-A,2.4,2026-12-07T22:00:00,2026-12-08T02:00:00,2026-12-07,0,3,true,O3/1,firm
        WO1,F1,ADD,2,P2,P2-A,3,2026-12-07T06:00:00,2026-12-07T08:00:00,2026-12-07,0,1.5,false,O5/1,pinned
        WO1,F1,MILL,1,P2,P2-A,2.5,2026-12-07T06:00:00,2026-12-07T14:00:00,2026-12-07,3,5,false,O5/1,pinned
        WO1,F1,MILL,1,P2,P2-A,0.5,2026-12-08T06:00:00,2026-12-08T07:00:00,2026-12-07,0,1,false,O5/1,pinned
    """,
    "fleet": """
        factory,robot_model,source,id,week,units,hours_available,hours_used,overage_hours,cost
        F1,ADD,owned,,2026-11-30,1,48,3,0,20
        F1,ADD,owned,,2026-12-07,1,48,1.5,0,20
        F1,ADD,owned,,2026-12-14,1,40,0,0,20
        F1,ADD,owned,,2026-12-21,1,48,0,0,20
        F1,ADD,owned,,2026-12-28,1,48,0,0,20
        F1,MILL,owned,,2026-11-30,1,60,0,0,30
        F1,MILL,owned,,2026-12-07,1,60,9,0,30
        F1,MILL,owned,,2026-12-14,1,36,0,0,30
        F1,MILL,owned,,2026-12-21,1,60,7.2,0,30
        F1,MILL,owned,,2026-12-28,1,60,0,0,30
        F1,ADD,contract,C1,2026-11-30,1,48,12,2,98
        F1,ADD,contract,C1,2026-12-07,1,48,10,0,90
        F1,ADD,contract,C1,2026-12-14,1,40,0,0,90
        F2,MILL,contract,C2,2026-11-30,1,40,0,0,200
        F2,MILL,contract,C2,2026-12-07,1,40,0,0,200
        F2,ADD,contract,C3,2026-12-21,1,32,0,0,150
        F2,ADD,contract,C3,2026-12-28,1,32,0,0,150
        F1,ADD,offer,ADD-STD,2026-12-07,2,96,0,0,160
        F1,ADD,offer,ADD-STD,2026-12-14,2,80,10,0,160
        F1,ADD,offer,ADD-STD,2026-12-21,2,96,8,0,200
        F1,ADD,offer,ADD-STD,2026-12-28,2,96,10,0,200
        F2,ADD,offer,ADD-FLEX,2026-11-30,1,32,5,0,150
        F1,ADD,offer,ADD-FLEX,2026-12-07,1,0,0,0,150
        F1,ADD,offer,ADD-FLEX,2026-12-14,1,40,0,0,150
        F1,ADD,offer,ADD-FLEX,2026-12-21,1,48,0,0,150
    """,
    "hours": """
        factory,robot_model,week,attended_available,unattended_available,attended_used,unattended_used,overtime_used
        F1,ADD,2026-11-30,64,32,9,6,0
        F1,ADD,2026-12-07,128,64,8.5,3,0
        F1,ADD,2026-12-14,120,80,5,5,0
        F1,ADD,2026-12-21,128,64,8,0,0
        F1,ADD,2026-12-28,96,48,6,0,4
        F1,MILL,2026-11-30,40,20,0,0,0
        F1,MILL,2026-12-07,40,20,9,0,0
        F1,MILL,2026-12-14,27,9,0,0,0
        F1,MILL,2026-12-21,40,20,7.2,0,0
        F1,MILL,2026-12-28,40,20,0,0,0
        F2,ADD,2026-11-30,32,0,5,0,0
        F2,ADD,2026-12-21,32,0,0,0,0
        F2,ADD,2026-12-28,32,0,0,0,0
        F2,MILL,2026-11-30,40,0,0,0,0
        F2,MILL,2026-12-07,40,0,0,0,0
    """,
    "rentals": """
        action,id,robot_model,factory,to_factory,units,decide_by,on_rent_date,off_rent_date,committed_cost,tail_cost
        rent,ADD-STD,ADD,F1,,2,2026-11-30,2026-12-07,,1380,200
        rent,ADD-FLEX,ADD,F2,,1,2026-11-30,2026-11-30,2026-12-28,480,0
        move,ADD-FLEX,ADD,F2,F1,1,2026-12-07,2026-12-14,2026-12-07,0,0
        return,C1,ADD,F1,,1,2026-12-14,2026-09-07,2026-12-21,0,0
        terminate,C2,MILL,F2,,1,2026-12-07,2026-09-07,2026-12-14,0,0
    """,
    "shipments": """
        factory,market,product,ship_week,arrive_week,quantity
        F2,M1,P1,2026-11-30,2026-12-07,4
        F1,M1,P1,2026-12-07,2026-12-07,11
        F1,M2,P1,2026-12-07,2026-12-14,6
        F1,M1,P1,2026-12-14,2026-12-14,12
        F1,M1,P1,2026-12-21,2026-12-21,6
        F1,M1,P1,2026-12-28,2026-12-28,7
        F1,M1,P2,2026-11-30,2026-11-30,6
        F1,M1,P2,2026-12-07,2026-12-07,1
        F1,M2,P2,2026-12-14,2026-12-21,4
        F1,M1,P2,2026-12-21,2026-12-21,7
        F1,M2,P2,2026-12-21,2026-12-28,3
    """,
    "inventory": """
        factory,product,week,quantity
        F1,P1,2026-11-30,15
        F1,P1,2026-12-07,6
        F1,P1,2026-12-14,2
        F1,P1,2026-12-28,1
        F1,P2,2026-11-30,14
        F1,P2,2026-12-07,16
        F1,P2,2026-12-14,12
        F1,P2,2026-12-21,8
        F1,P2,2026-12-28,8
    """,
    "promises": """
        order_id,line,product,market,due_week,quantity,delivered_week,delivered_quantity,late_weeks,status
        O1,1,P1,M1,2026-12-07,12,2026-12-07,12,0,on_time
        O2,1,P1,M1,2026-12-07,6,2026-12-07,3,0,on_time
        O2,1,P1,M1,2026-12-07,6,2026-12-14,3,1,late
        O3,1,P1,M2,2026-12-14,8,2026-12-14,8,0,on_time
        O4,1,P2,M1,2026-11-23,5,2026-11-30,4,1,late
        O4,1,P2,M1,2026-11-23,5,2026-12-07,1,2,late
        O5,1,P2,M1,2026-12-21,7,2026-12-21,7,0,on_time
        O8,1,P2,M2,2026-12-14,3,,1,,refused
        O8,1,P2,M2,2026-12-14,3,,2,,open
    """,
    "demand": """
        product,market,week,confirmed,expected,unreachable,served_confirmed,served_expected,refused,backlog,backlog_1,backlog_2
        P1,M1,2026-11-30,0,2,2,0,0,0,0,0,0
        P1,M1,2026-12-07,18,0,0,15,0,0,3,0,0
        P1,M1,2026-12-14,0,10,0,3,9,0,0,0,0
        P1,M1,2026-12-21,0,6,0,0,6,0,0,0,0
        P1,M1,2026-12-28,0,10,0,0,7,0,0,0,0
        P1,M2,2026-12-14,8,0,0,8,0,0,0,0,0
        P2,M1,2026-11-30,5,2,0,4,2,0,1,0,1
        P2,M1,2026-12-07,0,0,0,1,0,0,0,0,0
        P2,M1,2026-12-21,7,0,0,7,0,0,0,0,0
        P2,M2,2026-11-30,0,3,0,0,0,0,0,0,0
        P2,M2,2026-12-14,3,6,6,0,0,1,2,2,0
        P2,M2,2026-12-21,0,4,0,0,4,0,2,2,0
        P2,M2,2026-12-28,0,4,0,0,3,0,2,2,0
    """,
    "purchases": """
        material,factory,order_by,week,quantity,cost
        RESIN,F1,2026-12-21,2026-12-28,5,20
        STEEL,F1,2026-12-21,2026-12-21,5,15
    """,
}

COSTS = {
    "rent": 440 + 600 + 400 + 500 + 350,
    "rent_tail": 2 * 100 * 0.5 * 2 + 150 * 0.5 * 2,
    "mobilisation": 2 * 60 + 10,
    "demobilisation": 30 + 40 + 20,
    "termination": 0.5 * 200 * 2,
    "transfer": 25,
    "overage": 2 * 4,
    "owned": (20 + 30) * 5,
    "overtime": 4 * 30,
    "unit": 55 * 10 + 9 * (5 + 1),
    "setup": 40 + 20 * 6 / 10,
    "energy": (100 + 3 + 12 + 24 + 4.8) * 0.2 + 10 * 0.3,
    "material": 5 * 4 + 5 * 3 + 2.5 * 4 + 4 * 3,
    "transport": 50 * 1 + 13 * 2 + 4 * 3,
    "holding": 26 * 1 + 58 * 0.5,
    "late": 3 * 10 + 7 * 5,
    "priority": 2 * 5 * 1 + 8 * 5 * 6,
    "lost_confirmed": (1 + 2) * 60,
    "lost_expected": (1 + 3) * 100 + (3 + 1) * 50,
    "waste": 1 * 40 + 8 * 20,
    "carbon": 0.1 * 206.4,
    "change": 2 * (2 + 3),
    "relaxed": 0,
}
OBJECTIVE = 5676.40
BOUND = 5660.00

SUMMARY: dict[str, Any] = {
    "start_week": "2026-11-30",
    "horizon_weeks": 5,
    "status": "gap",
    "relaxed": [],
    "objective": OBJECTIVE,
    "bound": BOUND,
    "gap": (OBJECTIVE - BOUND) / OBJECTIVE,
    "gap_controllable": 0.008,
    "policy": POLICY.as_settings(),
    "commitment": {
        "objective": 4000.0,
        "bound": 3990.0,
        "gap": 0.0025,
        "caps": [{"offer": "ADD-STD", "factory": "F1", "week": "2026-12-07", "units": 2}],
    },
    "costs": COSTS,
    "kpis": {
        "on_time_share": 30 / 41,
        "fill_rate": 1 - 3 / 41,
        "late_unit_weeks": 10,
        "refused_units": 1,
        "peak_robots_on_rent": 5,
        "rented_robot_weeks": 19,
        "paid_hour_utilisation": 55 / 768,
        "cost_per_good_unit": (OBJECTIVE - 250) / 53,
        "kgco2e": 206.4,
        "waste_units": 9,
        "change_share": 5 / 34,
        "orders_beyond_horizon": 1,
    },
}


def network() -> Network:
    """The company."""
    return Network(
        tables=inputs(NETWORK),
        policy=POLICY,
        given=frozenset(NETWORK),
        rejected=EXPORT["rejected_rows"].empty(),
        published=exports(PUBLISHED),
    )


def plan() -> Plan:
    """A plan for it that keeps every rule."""
    return Plan(tables=exports(EXPORTED), summary=SUMMARY)
