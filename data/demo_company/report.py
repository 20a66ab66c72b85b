"""The stories in figures, without a solver.

Demand (its true mean; in the first two weeks only what is ordered) is made where it lands cheapest while
robots there have hours left, else at the next cheapest place; what no place has hours for is short. Lead
times, set-ups, stock and batches are left out, so this is a sketch of the load, not a plan.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from demo_company import dials
from demo_company.catalogue import Item
from demo_company.demand import due_week, mean_demand, orders, series
from demo_company.fleet import CONTRACTS, OFFERS, OWNED
from demo_company.places import FACTORIES, calendar, lanes
from demo_company.products import items, places, recipe, routings, unit_cost
from demo_company.technologies import ROBOTS

Pool = tuple[str, str]


@dataclass(frozen=True)
class Way:
    """One way to make a product: a factory, and hours per good unit by robot model."""

    factory: str
    hours: dict[str, float]
    cost: float
    lights_out: bool


def units(factory: str, model: str, week: date) -> int:
    """Robots owned or under contract in a week; rolling contracts stay."""
    found = sum(row.units for row in OWNED if (row.factory, row.robot_model) == (factory, model))
    model_of = {offer.offer: offer.robot_model for offer in OFFERS}
    for row in CONTRACTS:
        there = row.factory == factory and model_of[row.offer] == model
        if there and row.on_rent_date <= week and (row.off_rent_date is None or week < row.off_rent_date):
            found += row.units
    return found


def hours(factory: str, model: str, week: date) -> tuple[float, float]:
    """Productive attended and unattended hours of all robots of a model at a factory in a week."""
    home = next(row for row in FACTORIES if row.factory == factory)
    attended, unattended = home.attended_hours_per_week, home.unattended_hours_per_week
    share = next(row.availability for row in ROBOTS if row.robot_model == model)
    rows = [row for row in calendar() if row.factory == factory and row.week == week]
    for row in sorted(rows, key=lambda row: row.robot_model or ""):
        if row.robot_model in (None, model):
            attended = attended if row.attended_hours is None else row.attended_hours
            unattended = unattended if row.unattended_hours is None else row.unattended_hours
            share = share if row.availability is None else row.availability
    robots = units(factory, model, week)
    return share * attended * robots, share * unattended * robots


def _ways(item: Item, week: date) -> list[Way]:
    ways = []
    for technology in item.technologies:
        made = recipe(item, technology)
        name = f"{item.product}-{technology}"
        for factory in places(item, technology):
            latest: dict[str, float] = {}
            for row in routings():
                here = (row.routing, row.factory) == (name, factory)
                if here and (row.effective_week is None or row.effective_week <= week):
                    setup = row.setup_hours / max(row.typical_lot or 1, 1)
                    latest[row.robot_model] = (row.hours_per_unit + setup) / made.good_share
            ways.append(Way(factory, latest, unit_cost(item, technology) / made.good_share, made.lights_out))
    return ways


def _ordered() -> dict[tuple[str, str, date], int]:
    """Open confirmed units by the week they count for; what is past due counts for the first."""
    found: dict[tuple[str, str, date], int] = defaultdict(int)
    for row in orders():
        if row.status == "confirmed":
            week = max(due_week(row.due_date), dials.START_WEEK)
            found[row.product, row.market, week] += row.quantity - row.quantity_shipped
    return found


class Load:
    """Hours used and short, per factory, robot model and week."""

    def __init__(self) -> None:
        self.left: dict[tuple[str, str, date], list[float]] = {}
        self.used: dict[tuple[str, str, date], float] = defaultdict(float)
        self.short: dict[tuple[str, str, date], float] = defaultdict(float)
        self.short_units: dict[str, float] = defaultdict(float)
        self.units = 0.0

    def room(self, way: Way, week: date) -> float:
        """Units this way can still make in a week."""
        rooms = []
        for model, needed in way.hours.items():
            attended, alone = self.left.setdefault(
                (way.factory, model, week), list(hours(way.factory, model, week))
            )
            rooms.append((attended + (alone if way.lights_out else 0.0)) / needed)
        return min(rooms)

    def make(self, way: Way, week: date, quantity: float) -> None:
        """Take the hours; unattended ones first where the work may use them."""
        for model, needed in way.hours.items():
            left = self.left[way.factory, model, week]
            wanted = quantity * needed
            self.used[way.factory, model, week] += wanted
            alone = min(wanted, left[1]) if way.lights_out else 0.0
            left[1] -= alone
            left[0] -= wanted - alone


def fill() -> Load:
    """Make every week's demand as the module says."""
    load, ordered = Load(), _ordered()
    freight = {(lane.factory, lane.market): lane.cost_per_unit for lane in lanes()}
    for number, week in enumerate(dials.HORIZON):
        ways = {item.product: _ways(item, week) for item in items()}
        for one in sorted(series(), key=lambda one: one.words):
            known = ordered[(*one.words, week)]
            wanted = float(known) if number < 2 else max(float(known), mean_demand(one, week))
            load.units += wanted
            choices = sorted(
                ways[one.item.product], key=lambda way: way.cost + freight[way.factory, one.market]
            )
            for way in choices:
                made = min(wanted, load.room(way, week))
                load.make(way, week, made)
                wanted -= made
            for model, needed in choices[0].hours.items():
                load.short[choices[0].factory, model, week] += wanted * needed
            load.short_units[one.item.family] += wanted
    return load


def _line(name: str, cells: list[str]) -> str:
    return f"{name:<14}" + "".join(f"{cell:>5}" for cell in cells)


def _shortage() -> list[str]:
    """What the broken cell leaves of the hours that the call-off needs by its due week."""
    factory, model = dials.BREAKDOWN_FACTORY, dials.BREAKDOWN_MODEL
    item = next(item for item in items() if item.product == dials.CALL_OFF_PRODUCT)
    weeks = [week for week in dials.HORIZON if week <= dials.CALL_OFF_DUE]
    overtime = next(row.overtime_hours_per_week for row in FACTORIES if row.factory == factory)
    robots = units(factory, model, dials.START_WEEK)
    there = sum(hours(factory, model, week)[0] for week in weeks)
    extra = len(weeks) * overtime * robots * dials.BREAKDOWN_AVAILABILITY
    needed = dials.CALL_OFF_QUANTITY * _ways(item, dials.START_WEEK)[0].hours[model]
    return [
        f"call-off of {dials.CALL_OFF_QUANTITY} {item.product}: {needed:.0f} h of {model} at {factory}"
        f" by its due week, {there:.0f} h there and {extra:.0f} h of overtime"
    ]


def words() -> str:
    """Load in per cent of owned and contracted hours, and hours short, by week of the horizon."""
    load = fill()
    pools = sorted({(factory, model) for factory, model, _ in load.left})
    lines = [_line("load %", [str(number) for number in range(dials.HORIZON_WEEKS)])]
    total_used = total = 0.0
    for factory, model in pools:
        cells = []
        for week in dials.HORIZON:
            there = sum(hours(factory, model, week)) if model == "ADD" else hours(factory, model, week)[0]
            used = load.used[factory, model, week]
            total, total_used = total + there, total_used + used
            cells.append(f"{100 * used / there:.0f}" if there else "-")
        lines.append(_line(f"{factory} {model}", cells))
    lines.append(_line("short, hours", [str(number) for number in range(dials.HORIZON_WEEKS)]))
    for factory, model in pools:
        shorts = [load.short[factory, model, week] for week in dials.HORIZON]
        if sum(shorts) > 1:
            lines.append(_line(f"{factory} {model}", [f"{hour:.0f}" for hour in shorts]))
    lines.append(f"all robots: {100 * total_used / total:.0f} % of hours used")
    lines.append(f"demand: {load.units / dials.HORIZON_WEEKS:.0f} units a week over the horizon")
    lines.append("short units: " + ", ".join(f"{k} {v:.0f}" for k, v in load.short_units.items() if v >= 1))
    for model in sorted({model for _, model in pools}):
        lines.append(_need(load, model))
    return "\n".join(lines + _shortage())


def _need(load: Load, model: str) -> str:
    cells = []
    for week in dials.HORIZON:
        pools = [row.factory for row in FACTORIES if units(row.factory, model, week)]
        there = sum(sum(hours(f, model, week)) if model == "ADD" else hours(f, model, week)[0] for f in pools)
        need = sum(
            load.used[f, model, week] + load.short[f, model, week] for f in (row.factory for row in FACTORIES)
        )
        cells.append(f"{100 * need / there:.0f}")
    return _line(f"all {model}", cells)
