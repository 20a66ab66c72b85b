"""The plan problem: network and net demand in index form, everything the rules need and nothing else.

Index letters are the model's: p product, v routing, f factory, m market, r robot model, o offer,
c contract, g material, k priority class, t bucket. Frames hold index columns and numbers only.
"""

from dataclasses import dataclass

import polars as pl

from planning.domain.network import Network
from planning.domain.policy import Policy


@dataclass(frozen=True)
class Names:
    """Ids by index, per letter."""

    p: list[str]
    v: list[str]
    f: list[str]
    m: list[str]
    r: list[str]
    o: list[str]
    c: list[str]
    g: list[str]

    def decode(self, frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
        """Add id columns: `decode(frame, product="p")` adds `product` from index column `p`."""
        return frame.with_columns(
            pl.Series(name, getattr(self, letter), dtype=pl.String).gather(frame[letter])
            for name, letter in columns.items()
        )


@dataclass(frozen=True)
class Problem:
    """One plan problem. Hours are per robot and week, rates per unit and week, weeks are buckets.

    products : p, price, holding, late, lost, waste
    factories : f, floor, storage, supervisors (null: no limit), overtime_cost, energy_price, grid
    robots : r, slots, per_supervisor, per_operator, power
    hours : r, f, t, attended, unattended, overtime, availability
    staff_hours : f, t, attended, overtime (the factory's own)
    routes : v, f, t, p, yield, batch_size (null: none), min_lot, has_setup, unit_cost (with set-up pro
        rata), kwh (likewise), kg, setup_cost and setup_kwh per set-up (0 beyond setup_weeks)
    work : v, f, t, r, p, unit_hours, gross_hours (with set-up pro rata), setup_hours (per set-up), lights_out
    lanes : f, m, lead, cost, kg
    stock : p, f, quantity
    transit : p, m, t, quantity
    due : p, m, k, t, quantity
    expected : p, m, t, quantity, of it reachable; `qualifying` the same for rule 8's first solve
    owned : f, r, units, weekly_cost
    offers, standing, tiers, contracts : see `rental_terms`
    materials : g, unit_cost, kg, lead; bom : v, g, per_gross; supply : g, f, t, quantity, unit_cost
    operators : f, process, t, operators; processes : r, process
    firm_limit : p, limit (most good units over the firm weeks)
    firm_work : v, f, t, quantity
    published : v, f, t, quantity (weeks common to both horizons)
    published_until : the published plan speaks for the buckets before this one; 0 where there is none
    frozen_cuts : p, cancelled (units of the published plan's orders cancelled since)
    """

    policy: Policy
    names: Names
    published_until: int
    products: pl.DataFrame
    factories: pl.DataFrame
    robots: pl.DataFrame
    hours: pl.DataFrame
    staff_hours: pl.DataFrame
    routes: pl.DataFrame
    work: pl.DataFrame
    lanes: pl.DataFrame
    stock: pl.DataFrame
    transit: pl.DataFrame
    due: pl.DataFrame
    expected: pl.DataFrame
    qualifying: pl.DataFrame
    owned: pl.DataFrame
    offers: pl.DataFrame
    standing: pl.DataFrame
    tiers: pl.DataFrame
    contracts: pl.DataFrame
    materials: pl.DataFrame
    bom: pl.DataFrame
    supply: pl.DataFrame
    operators: pl.DataFrame
    processes: pl.DataFrame
    firm_limit: pl.DataFrame
    firm_work: pl.DataFrame
    published: pl.DataFrame
    frozen_cuts: pl.DataFrame

    @property
    def weeks(self) -> int:
        """Number of buckets T."""
        return self.policy.horizon_weeks


def names_of(network: Network) -> Names:
    """Ids in order of their text, which fixes every index."""

    def ids(table: str, column: str) -> list[str]:
        return sorted(network[table][column].unique().to_list())

    return Names(
        p=ids("products", "product"),
        v=ids("routings", "routing"),
        f=ids("factories", "factory"),
        m=ids("markets", "market"),
        r=ids("robots", "robot_model"),
        o=ids("offers", "offer"),
        c=ids("contracts", "contract"),
        g=ids("materials", "material"),
    )


#: Index letter of each id column.
LETTERS = {
    "product": "p",
    "routing": "v",
    "factory": "f",
    "market": "m",
    "robot_model": "r",
    "offer": "o",
    "contract": "c",
    "material": "g",
}


class Coder:
    """Replaces id columns by index columns."""

    def __init__(self, names: Names) -> None:
        self._codes = {
            column: pl.DataFrame(
                {column: getattr(names, letter), letter: range(len(getattr(names, letter)))},
                schema={column: pl.String, letter: pl.Int64},
            )
            for column, letter in LETTERS.items()
        }

    def __call__(self, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Replace `columns`; a null id stays null, an unknown one is a fault of the caller."""
        for column in columns:
            frame = frame.join(self._codes[column], on=column, how="left", maintain_order="left").drop(column)
        return frame
