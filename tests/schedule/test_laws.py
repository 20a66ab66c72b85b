"""Laws of every schedule, on made-up weeks that are often full to the last minute."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.schedule.shifts import Places, patterns, places
from planning.schedule.windows import Window, within
from tests.schedule.shop import MONDAY, Row, hours_of, laid, made, network, owned, step, table, used

MODELS = ("mill", "printer")
KINDS = ("attended", "unattended", "overtime")


@dataclass(frozen=True)
class Week:
    """One factory's week: what is to be laid out, and what robots there are for how long."""

    shop: Network
    work: list[Row]
    plan: list[Row]
    fleet: list[Row]
    hours: list[Row]
    robots: dict[str, int]
    open: dict[str, tuple[float, float, float]]
    stretched: bool
    begun: dict[str, float]

    def places(self) -> dict[str, Places]:
        pattern = patterns(self.shop["shifts"]).get("berlin")
        return {model: places(pattern, *hours) for model, hours in self.open.items()}

    def schedule(self, mirrored: bool = False) -> list[Row]:
        turn = -1 if mirrored else 1
        tables = (self.work[::turn], self.plan[::turn], self.fleet[::turn], self.hours[::turn])
        return laid(self.shop, *tables).to_dicts()


SHIFTS = [
    {"factory": "berlin", "weekday": day, "start": start, "end": end, "attended": attended}
    for day in range(1, 6)
    for start, end, attended in (("06:00", "14:00", True), ("14:00", "23:00", False))
]
sizes = st.one_of(st.integers(1, 40).map(float), st.floats(0.5, 40).map(lambda size: round(size, 6)))


@st.composite
def routings(draw: st.DrawFn) -> tuple[list[Row], list[Row], dict[tuple[str, str], float]]:
    """Routing rows, production rows, and unattended hours by routing and model."""
    work, plan, nights = [], [], {}
    for number in range(draw(st.integers(1, 4))):
        name = f"p{number}"
        gross, setup, lit = draw(sizes), draw(st.sampled_from([0, 1])), 0.0
        for model in draw(st.sampled_from([MODELS, MODELS[:1], MODELS[1:]])):
            row = step(
                name,
                draw(st.floats(0.1, 4)),
                robot_model=model,
                lights_out=draw(st.booleans()),
                setup_hours=draw(st.sampled_from([0.0, 0.77, 3.0])),
                prorata_setup_hours=0.0 if setup else draw(st.sampled_from([0.0, 0.1])),
            )
            work.append(row)
            if row["lights_out"]:
                share = draw(st.sampled_from([0.0, 0.3, 1.0]))
                nights[name, model] = round(share * gross * row["hours_per_unit"], 6)
                lit += nights[name, model]
        plan.append(made(work, name, gross, setup=setup, unattended_hours=lit))
    return work, plan, nights


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    work, plan, nights = draw(routings())
    share = draw(st.sampled_from([0.0, 0.0, 0.25]))
    room = draw(st.sampled_from([1.0, 1.0, 1.3]))
    alpha = draw(st.sampled_from([1.0, 0.85, 0.5]))
    robots, hours, open_, calendar = {}, [], {}, []
    for model in MODELS:
        gross = {row["routing"]: (row["gross"], row["setup"]) for row in plan}
        total = sum(
            gross[s["routing"]][0] * (s["hours_per_unit"] + s["prorata_setup_hours"])
            + gross[s["routing"]][1] * s["setup_hours"]
            for s in work
            if s["robot_model"] == model
        )
        unattended = sum(amount for (_, at), amount in nights.items() if at == model)
        overtime = share * (total - unattended)
        figures = (total - unattended - overtime, unattended, overtime)
        least = sum(figures) * room / alpha / 165
        robots[model] = max(1, int(least) + draw(st.integers(1, 3)))
        open_[model] = tuple(figure * room / alpha / robots[model] for figure in figures)
        hours.append(
            used(robot_model=model, **dict(zip([f"{kind}_used" for kind in KINDS], figures, strict=True)))
        )
        a, u, _ = open_[model]
        calendar.append(
            {
                "factory": "berlin",
                "week": MONDAY,
                "robot_model": model,
                "attended_hours": a,
                "unattended_hours": u,
            }
        )
    overtime_hours = max(extra for *_, extra in open_.values())
    for model, (a, u, _) in open_.items():
        open_[model] = (a, u, min(overtime_hours, 168 - a - u))
    shop = network(
        factories=[{"factory": "berlin", "overtime_hours_per_week": overtime_hours}],
        robots=[{"robot_model": model, "availability": alpha} for model in MODELS],
        calendar=calendar,
        shifts=draw(st.sampled_from([[], SHIFTS])),
    )
    begun = {row["routing"]: row["quantity"] / 3 for row in plan if draw(st.booleans())}
    firm = [
        {"work_order": f"W{name}{status}", "factory": "berlin", "routing": name, "week": MONDAY}
        | {"quantity_left": quantity / 2, "status": status}
        for name, quantity in begun.items()
        for status in ("pinned", "started")
    ]
    shop = shop.with_tables(firm_work=table(INPUT["firm_work"], firm))
    fleet = [
        owned(robots[model], alpha * (open_[model][0] + open_[model][1]), robot_model=model)
        for model in MODELS
    ]
    return Week(shop, work, plan, fleet, hours, robots, open_, not shop["shifts"].height, begun)


def seconds(row: Row) -> Window:
    monday = datetime.combine(MONDAY, time())
    start, end = (datetime.fromisoformat(row[name]) - monday for name in ("start", "end"))
    return Window(start // timedelta(seconds=1), end // timedelta(seconds=1))


def kind_of(row: Row, open_: dict[str, Places]) -> str:
    """The kind of hours whose windows hold the row; the test fails when none does."""
    span, found = seconds(row), open_[row["robot_model"]]
    inside = [kind for kind in KINDS if within(getattr(found, kind).windows, *span) == [span]]
    assert len(inside) == 1, f"{row} lies in {inside}"
    return inside[0]


@given(weeks())
def test_no_robot_does_two_things_at_once_and_none_is_made_up(week: Week) -> None:
    busy: dict[tuple[str, int], list[Window]] = defaultdict(list)
    for row in week.schedule():
        assert 1 <= row["robot"] <= week.robots[row["robot_model"]]
        busy[row["robot_model"], row["robot"]].append(seconds(row))
    for spans in busy.values():
        assert all(before.end <= after.start for before, after in pairwise(sorted(spans)))


@given(weeks())
def test_every_job_lies_in_hours_of_its_kind(week: Week) -> None:
    spent: dict[tuple[str, str], float] = defaultdict(float)
    lights_out = {(row["routing"], row["robot_model"]) for row in week.work if row["lights_out"]}
    open_ = week.places()
    for row in week.schedule():
        kind = kind_of(row, open_)
        spent[row["robot_model"], kind] += row["setup_hours"] + row["run_hours"]
        assert row["unattended"] == (kind == "unattended")
        if row["unattended"]:
            assert row["setup_hours"] == 0
            assert (row["routing"], row["robot_model"]) in lights_out
    for row in week.hours:
        for kind in KINDS:
            assert spent[row["robot_model"], kind] == pytest.approx(row[f"{kind}_used"], abs=0.002, rel=1e-5)


@given(weeks())
def test_hours_and_units_of_every_production_row_are_all_there(week: Week) -> None:
    rows = pl.DataFrame(week.schedule())
    for made_row in week.plan:
        own = rows.filter(routing=made_row["routing"])
        worked = own["setup_hours"].sum() + own["run_hours"].sum()
        assert worked == pytest.approx(made_row["robot_hours"], abs=0.001, rel=1e-6)
        lit = own.filter("unattended")["run_hours"].sum()
        assert lit == pytest.approx(made_row["unattended_hours"], abs=0.001, rel=1e-6)
        for of_model in own.partition_by("robot_model"):
            assert of_model["quantity"].sum() == pytest.approx(made_row["quantity"], abs=1e-6)
            begun = of_model.filter(pl.col("work_order").str.starts_with("W"))
            assert begun["quantity"].sum() == pytest.approx(week.begun.get(made_row["routing"], 0), abs=2e-6)
            if made_row["quantity"] == round(made_row["quantity"]) and made_row["routing"] not in week.begun:
                assert all(quantity == round(quantity) for quantity in of_model["quantity"])


@given(weeks())
def test_a_job_has_the_time_it_needs_and_no_more_than_availability_asks_for(week: Week) -> None:
    availability = week.shop["robots"]["availability"].to_list()[0]
    for row in week.schedule():
        needed = row["setup_hours"] + row["run_hours"]
        assert hours_of(row) >= needed - 1e-9
        assert hours_of(row) <= needed / availability + 0.002
        if week.stretched:
            assert hours_of(row) >= needed / availability - 0.002


@given(weeks())
def test_there_is_one_set_up_a_row_and_model_and_it_comes_first(week: Week) -> None:
    rows, open_ = pl.DataFrame(week.schedule()), week.places()
    for made_row in week.plan:
        if not made_row["setup"]:
            continue
        for item in week.work:
            if item["routing"] != made_row["routing"]:
                continue
            own = rows.filter(routing=item["routing"], robot_model=item["robot_model"])
            assert own["setup_hours"].sum() == pytest.approx(item["setup_hours"], abs=0.001)
            by_day = own.filter(~pl.col("unattended")).sort("start", "robot")
            kinds = defaultdict(list)
            for row in by_day.to_dicts():
                kinds[kind_of(row, open_)].append(row)
            first = kinds["attended"] + kinds["overtime"]
            begun = False
            for row in first:
                assert not (begun and row["setup_hours"] > 0)
                begun = begun or row["run_hours"] > 0


@given(weeks())
def test_the_order_of_rows_does_not_matter(week: Week) -> None:
    assert week.schedule() == week.schedule(mirrored=True)


@given(weeks())
def test_started_work_is_made_before_pinned_work_and_pinned_before_the_rest(week: Week) -> None:
    rank = {"started": 0, "pinned": 1, "firm": 2}
    rows = pl.DataFrame(week.schedule()).sort("start")
    for of_step in rows.partition_by("routing", "robot_model", "robot"):
        ranks = [rank[status] for status in of_step["status"]]
        assert ranks == sorted(ranks)
