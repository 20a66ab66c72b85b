"""What a change of the data touches: the products and places of robots in which two plan problems differ.

Rows are compared by ids, since one more order or offer moves every index.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import polars as pl

from planning.domain.problem import LETTERS, Names, Problem

#: Settings that say how a plan is searched for, not what it may be, and the day, which only dates decisions.
_HARMLESS = ("as_of", "gap", "time_limit_seconds", "timezone", "currency")

_BY_PRODUCT = (
    *("products", "stock", "transit", "due", "expected", "qualifying"),
    *("routes", "work", "firm_limit", "frozen_cuts"),
)
_BY_PLACE = ("hours", "owned")


@dataclass(frozen=True)
class Touched:
    """Of a new problem, by index: products, and places where robots of a model stand.

    Parameters
    ----------
    products : p
    places : r, f
    """

    products: pl.DataFrame
    places: pl.DataFrame

    @property
    def is_nothing(self) -> bool:
        """Whether the two problems ask for the same plan."""
        return self.products.is_empty() and self.places.is_empty()


def touched(old: Problem, new: Problem) -> Touched | None:
    """What of `new` a plan of `old` leaves to be decided again; None where that may be everything.

    A product is touched where its demand, stock, routes or what stands of it differ, or where it could be
    made on robots whose hours, number or terms differ. The robots it could be made on are touched with it.
    What the published plan holds is not compared: a caller knows whether it is the plan made of `old`.
    """
    if not same_rules(old, new):
        return None
    changed = _Changes(old, new)
    places = _places(changed, new)
    made = new.work.select("p", "v", "r", "f").unique()
    products = pl.concat(
        [
            *(changed.of(name, "p") for name in _BY_PRODUCT),
            *(part.select("p") for part in _by_routing(changed, new)),
            _by_lane(changed, new, made),
            made.join(places, on=["r", "f"]).select("p"),
        ]
    )
    products = products.unique().sort("p")
    used = made.join(products, on="p", how="semi").select("r", "f")
    return Touched(products, _movable(pl.concat([places, used]), new))


def same_rules(old: Problem, new: Problem) -> bool:
    """Whether no setting differs that says what a plan may be or what it costs."""
    return _harmful(old) == _harmful(new)


def _harmful(problem: Problem) -> object:
    standard = type(problem.policy)(problem.policy.start_week, problem.policy.start_week)
    return replace(problem.policy, **{name: getattr(standard, name) for name in _HARMLESS})


def _places(changed: "_Changes", new: Problem) -> pl.DataFrame:
    """r, f whose robots, hours, people, room or terms differ."""
    everywhere, models = new.factories.select("f"), new.robots.select("r")
    offers = new.offers.select("o", "r")
    at_factories = pl.concat([changed.of("factories", "f"), changed.of("staff_hours", "f")]).unique()
    of_models = pl.concat(
        [
            changed.of("robots", "r"),
            changed.of("processes", "r"),
            changed.of("offers", "r"),
            changed.of("tiers", "o").join(offers, on="o").select("r"),
        ]
    ).unique()
    return pl.concat(
        [
            *(changed.of(name, "r", "f") for name in _BY_PLACE),
            changed.of("standing", "o", "f").join(offers, on="o").select("r", "f"),
            changed.of("contracts", "o", "f").join(offers, on="o").select("r", "f"),
            changed.of("operators", "process", "f").join(new.processes, on="process").select("r", "f"),
            of_models.join(everywhere, how="cross"),
            at_factories.join(models, how="cross").select("r", "f"),
        ]
    ).unique()


def _by_routing(changed: "_Changes", new: Problem) -> Iterable[pl.DataFrame]:
    """p of routings whose firm work, bill of materials or materials differ."""
    owner = new.routes.select("v", "p").unique()
    materials = pl.concat([changed.of(name, "g") for name in ("materials", "supply")]).unique()
    for routings in (
        changed.of("firm_work", "v"),
        changed.of("bom", "v"),
        new.bom.join(materials, on="g", how="semi").select("v"),
    ):
        yield owner.join(routings.unique(), on="v", how="semi")


def _by_lane(changed: "_Changes", new: Problem, made: pl.DataFrame) -> pl.DataFrame:
    """p that could go a way that differs."""
    asked = pl.concat([frame.select("p", "m") for frame in (new.due, new.expected, new.qualifying)]).unique()
    ways = asked.join(made.select("p", "f").unique(), on="p")
    return ways.join(changed.of("lanes", "f", "m").unique(), on=["f", "m"], how="semi").select("p")


def _movable(places: pl.DataFrame, new: Problem) -> pl.DataFrame:
    """The places, and all of a model whose units may be moved from one to another."""
    moved = new.offers.filter(pl.col("transfer_fee").is_not_null()).select("r").unique()
    models = places.select("r").unique().join(moved, on="r", how="semi")
    elsewhere = models.join(new.factories.select("f"), how="cross")
    return pl.concat([places, elsewhere.select("r", "f")]).unique().sort("r", "f")


class _Changes:
    """Rows of either problem that the other one has not, in the indices of the new one."""

    def __init__(self, old: Problem, new: Problem) -> None:
        self._old, self._new = old, new

    def of(self, table: str, *columns: str) -> pl.DataFrame:
        """`columns` of the rows of `table` that differ; what is no more is left out."""
        before, now = (
            _named(getattr(self._old, table), self._old.names),
            _named(getattr(self._new, table), self._new.names),
        )
        both = list(now.columns)
        rows = pl.concat(
            [
                now.join(before, on=both, how="anti", nulls_equal=True),
                before.join(now, on=both, how="anti", nulls_equal=True),
            ]
        ).select(columns)
        for letter in columns:
            if letter in _LETTERS:
                ids = getattr(self._new.names, letter)
                codes = pl.DataFrame(
                    {letter: ids, "code": range(len(ids))}, {letter: pl.String, "code": pl.Int64}
                )
                rows = rows.join(codes, on=letter, maintain_order="left").with_columns(
                    pl.col("code").alias(letter)
                )
                rows = rows.drop("code")
        return rows.select(columns).unique()


_LETTERS = tuple(LETTERS.values())


def _named(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Index columns as the ids they stand for."""
    known = {field.name for field in fields(names)}
    return frame.with_columns(
        pl.Series(letter, getattr(names, letter), dtype=pl.String).gather(frame[letter].to_numpy())
        if frame[letter].null_count() == 0
        else frame[letter].replace_strict(
            range(len(getattr(names, letter))), getattr(names, letter), return_dtype=pl.String
        )
        for letter in frame.columns
        if letter in known
    )
