"""The work of a forecast in parts that know nothing of one another, wherever they are done."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from planning.forecast.models import Recipe
from planning.forecast.outcome import Outcome, forecast_one
from planning.forecast.regressors import Lifts, Pool, judge
from planning.forecast.series import WeeklySeries

SERIES_A_PART = 40


@dataclass(frozen=True)
class Terms:
    """What all parts of a forecast have in common.

    Parameters
    ----------
    steps : weeks to forecast from the end of the history on.
    backtest : whether there is a record at all.
    """

    steps: int
    recipe: Recipe
    backtest: bool = True


@dataclass(frozen=True, eq=False)
class Part:
    """Series to forecast together: those that learn from one another what moves them, or any few others.

    Parameters
    ----------
    pool : the signals of these series; null without any.
    """

    series: tuple[WeeklySeries, ...]
    pool: Pool | None
    terms: Terms

    def keys(self, code: str) -> list[str]:
        """Content hash of every series: all its outcome depends on, the `code` that finds it too."""
        shared = hashlib.sha256(f"{code}|{self.terms!r}".encode())
        if self.pool is not None:
            pool = self.pool
            shared.update(repr((pool.names, pool.apart, pool.leading, sorted(pool.key))).encode())
            for member in self.pool.members:
                shared.update(_content(member.series))
                shared.update(member.signals.tobytes())
        return [hashlib.sha256(shared.digest() + _content(s)).hexdigest() for s in self.series]


#: Does the parts, in any order and anywhere, and yields each one's number and outcomes as it is done.
Engine = Callable[[Sequence[Part]], Iterable[tuple[int, tuple[Outcome, ...]]]]


def in_turn(parts: Sequence[Part]) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    """The engine of one process: one part after the other."""
    for number, part in enumerate(parts):
        yield number, done(part)


def done(part: Part) -> tuple[Outcome, ...]:
    """Outcomes of the part's series, in their order. The same wherever it is called.

    Its matrices are small: threads of linear algebra would wait for one another longer than they work.
    """
    terms = part.terms
    with threadpool_limits(1, user_api="blas"):
        lifts = None if part.pool is None else Lifts(part.pool, judge(part.pool, terms.recipe.season_length))
        return tuple(
            forecast_one(series, terms.steps, terms.recipe, lifts, backtest=terms.backtest)
            for series in part.series
        )


def parts_of(series: Sequence[WeeklySeries], pools: Sequence[Pool], terms: Terms) -> list[Part]:
    """Forty series a part at most, so that none keeps a planner who cancels waiting; every series is in one.

    A pool larger than that is in several parts, each of which learns its effects again: they are the same.
    """
    pooled = {member.pair for pool in pools for member in pool.members}
    alone = [s for s in series if (s.product, s.market) not in pooled]
    groups: list[tuple[Sequence[WeeklySeries], Pool | None]] = [
        *(([m.series for m in pool.members], pool) for pool in pools),
        (alone, None),
    ]
    return [
        Part(tuple(members[n : n + SERIES_A_PART]), pool, terms)
        for members, pool in groups
        for n in range(0, len(members), SERIES_A_PART)
    ]


def _content(series: WeeklySeries) -> bytes:
    facts = (series.product, series.market, series.first_week, series.recorded, series.blank_rows)
    launch = series.launch
    earlier = (
        b""
        if launch is None
        else launch.shape.tobytes() + repr((launch.scale, launch.launches, launch.awaited)).encode()
    )
    content = repr((*facts, series.quantity.size)).encode()
    return content + series.quantity.tobytes() + earlier
