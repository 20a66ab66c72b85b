"""What campaigns did and will do: effects learned per family, let in only where they pay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np

from planning.forecast.lift import bounded, cleaned, lifted
from planning.forecast.models import Matrix, smoothed_level
from planning.forecast.ridge import Moments, independent, ridge, varies
from planning.forecast.season import season_of
from planning.forecast.series import Weekly, WeeklySeries, classify

FILTER_WEEKS = 13
LEARNING_WEEKS = 16
LEAST_ACTIVE_WEEKS = 3
TEST_WEEKS = 8
TEST_ORIGINS = 6
LEAST_GAIN, LEAST_GAIN_LEADING, LEAST_ORIGINS_WON = 0.02, 0.1, 0.8
WEEKS_A_REGRESSOR = 20
TOO_FEW = "too few past campaign weeks to test"
PENALTIES = (1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0, 3.0, 10.0)

Trials = list[tuple[float, float]]

#: `_test` of one pool, which does the same test once: columns, origins and, where asked for, the season.
Test = Callable[..., Trials]
Effects = dict[tuple[str, str], Weekly]


@dataclass(frozen=True, eq=False)
class Member:
    """A series and its signals.

    Parameters
    ----------
    series : the demand.
    signals : (weeks of the series and of the future, signals of the pool).
    """

    series: WeeklySeries
    signals: Matrix

    @property
    def pair(self) -> tuple[str, str]:
        """Product and market."""
        return self.series.product, self.series.market

    def levelled(self, back: int) -> tuple[Weekly, Matrix] | None:
        """log(1 + demand) and signals before the last `back` weeks, without their level.

        Null where that is too short or too irregular to learn effects from.
        """
        weeks = self.series.quantity.size - back
        known = self.series.quantity[: max(weeks, 0)]
        if known.size < LEARNING_WEEKS or not classify(known).regular:
            return None
        return without_level(np.log1p(known)[:, None])[:, 0], without_level(self.signals[:weeks])


@dataclass(frozen=True, eq=False)
class Pool:
    """The series of one family, which learn from one another; all end in the same week.

    Parameters
    ----------
    names : signals, in the order of the members' columns.
    apart : columns judged one by one, each over the weeks where it runs: holidays and leading signals,
        which would hide behind campaigns or campaigns behind them.
    leading : those of `apart` that lead, which have to save more: of a dozen channels some always seem to
        have led.
    key : series worth the dearer models, by product and market.
    """

    names: tuple[str, ...]
    members: tuple[Member, ...]
    apart: tuple[int, ...] = ()
    leading: tuple[int, ...] = ()
    key: frozenset[tuple[str, str]] = frozenset()
    _taught: dict[int, tuple[tuple[Member, ...], Moments]] = field(default_factory=dict, repr=False)

    def teachers(self, back: int) -> tuple[Member, ...]:
        """Members that effects are learned from before the last `back` weeks."""
        return self._learning(back)[0]

    def moments(self, back: int) -> Moments:
        """Of those weeks, the teachers in their order; every set of signals tried asks for them."""
        return self._learning(back)[1]

    def _learning(self, back: int) -> tuple[tuple[Member, ...], Moments]:
        if back not in self._taught:
            levelled = [(member, member.levelled(back)) for member in self.members]
            taught = [(member, found) for member, found in levelled if found is not None]
            moments = (
                Moments.of([d for _, (d, _) in taught], [x for _, (_, x) in taught])
                if taught
                else Moments.of([np.zeros(0)], [np.zeros((0, len(self.names)))])
            )
            self._taught[back] = tuple(member for member, _ in taught), moments
        return self._taught[back]


@dataclass(frozen=True)
class Verdict:
    """What the test of a pool's signals said.

    Parameters
    ----------
    entered : signals that improve the forecast, by column of the pool.
    words : the same for a planner, with the gain and what was left out.
    """

    entered: tuple[int, ...]
    words: str


@dataclass(frozen=True, eq=False)
class Lifts:
    """Campaign effects of one pool, learned anew for every week the record looks back from."""

    pool: Pool
    verdict: Verdict
    _learned: dict[int, dict[tuple[str, str], Weekly]] = field(default_factory=dict)

    def log_lift(self, pair: tuple[str, str], back: int = 0) -> Weekly:
        """Log factor on 1 + demand of every week of the series and its future.

        Parameters
        ----------
        pair : product and market, of the pool.
        back : the last weeks of the history that the effects must not have seen.
        """
        if back not in self._learned:
            effects = learn_effects(self.pool, self.verdict.entered, back)
            self._learned[back] = {
                m.pair: lift_of(m, self.verdict.entered, effects[m.pair]) for m in self.pool.members
            }
        return self._learned[back][pair]

    def regressors(self, pair: tuple[str, str], back: int = 0) -> Matrix | None:
        """Signals of a key product that can be told apart before the last `back` weeks.

        (weeks of the series and its future, signals); null without any, and with more than one for each
        twenty weeks of history: unlike ridge, AutoARIMA does not shrink what little is known of each.
        """
        if pair not in self.pool.key:
            return None
        member = next((m for m in self.pool.teachers(back) if m.pair == pair), None)
        if member is None:
            return None
        own = self.pool.moments(back).one(self.pool.teachers(back).index(member))
        kept = independent(own.columns(self.verdict.entered))
        columns = [self.verdict.entered[c] for c in kept]
        weeks = member.series.quantity.size - back
        return member.signals[:, columns] if 0 < WEEKS_A_REGRESSOR * len(columns) <= weeks else None


def lift_of(member: Member, columns: Sequence[int], effect: Weekly) -> Weekly:
    """Log lift of the signals in `columns` at the effects learned."""
    return bounded(member.signals[:, list(columns)] @ effect)


def learn_effects(pool: Pool, columns: Sequence[int], back: int = 0) -> Effects:
    """Effects of `columns` on log(1 + demand) per series of the pool.

    Demand and signals both lose their centred 13-week moving average, so that level, trend and
    season drop out of the regression on either side (Frisch and Waugh 1933). Ridge over all regular
    series of the pool gives the family's effects; ridge over each series' own remainder then moves
    them as far as its own campaigns speak. Penalties by generalised cross-validation (Golub, Heath
    and Wahba 1979). Series too short or intermittent to learn from take the family's effects.
    Collinear and constant columns get no effect (see `independent`).

    Parameters
    ----------
    columns : columns of the pool's signals.
    back : weeks at the end of the history to leave out.
    """
    effects = {m.pair: np.zeros(len(columns)) for m in pool.members}
    moments = pool.moments(back).columns(columns)
    whole = moments.together()
    kept = independent(moments)
    if not kept:
        return effects
    scale = np.sqrt(np.diagonal(whole.gram[0])[kept] / whole.rows[0])
    family = ridge(whole.columns(kept).scaled(scale), PENALTIES)[0]
    own = ridge(moments.columns(kept).scaled(scale).less(family), (*PENALTIES, np.inf))
    for effect in effects.values():
        effect[kept] = family / scale
    for member, moved in zip(pool.teachers(back), own, strict=True):
        effects[member.pair][kept] += moved / scale
    return effects


def judge(pool: Pool, season_length: int = 52) -> Verdict:
    """Let in the signals that improve on the same forecast without them.

    Rolling origins eight weeks apart, the last six that have the signal in the eight weeks after
    them and three active weeks before: effects and level are learned before the origin, demand after
    it is forecast by exponential smoothing with and without signals. Constant and collinear signals
    stay out. Campaigns are judged together: one without which the error is no larger is dropped, what is
    left enters if it `pays`. Then each of the signals `apart` enters if it pays on top.
    """
    kept, left_out = _pruned(pool)
    campaigns = [c for c in range(len(pool.names)) if c not in pool.apart]
    origins = _origins(pool, campaigns)
    entered: tuple[int, ...] = ()
    words: list[str] = []
    test = cache(partial(_test, pool))
    enter = partial(_entering, pool, test, season_length=season_length, left_out=left_out, words=words)
    if origins:
        chosen = _fewest(test, tuple(c for c in kept if c in campaigns), origins, left_out)
        entered = enter(chosen, (), origins)
    else:
        left_out.update(dict.fromkeys(campaigns, TOO_FEW))
    for column in (c for c in kept if c in pool.apart):
        own_origins = _origins(pool, (column,))
        if own_origins:
            entered = enter((column,), entered, own_origins)
        else:
            left_out[column] = "too few past weeks to test"
    if left_out and set(left_out.values()) == {TOO_FEW}:
        return Verdict((), f"left out: {TOO_FEW}")
    told = ", ".join(f"{pool.names[c]} ({why})" for c, why in sorted(left_out.items()))
    return Verdict(tuple(sorted(entered)), "; ".join([*words, f"left out: {told}"] if told else words))


def _fewest(
    test: Test, columns: tuple[int, ...], origins: tuple[int, ...], left_out: dict[int, str]
) -> tuple[int, ...]:
    """The columns without which the error is larger; the others are added to `left_out`."""
    entered, error = columns, _wape(test(columns, origins))
    for column in columns:
        fewer = tuple(c for c in entered if c != column)
        error_fewer = _wape(test(fewer, origins))
        if error_fewer <= error:
            entered, error = fewer, error_fewer
            left_out[column] = "no gain"
    return entered


def _entering(
    pool: Pool,
    test: Test,
    columns: tuple[int, ...],
    entered: tuple[int, ...],
    origins: tuple[int, ...],
    *,
    season_length: int,
    left_out: dict[int, str],
    words: list[str],
) -> tuple[int, ...]:
    """What has entered with `columns` if they pay, else without; told in `words` or `left_out`.

    They must pay twice: against a level, and against a level with its season, for what comes every
    year would otherwise be taken for the doing of whatever else comes every year.
    """
    if not columns:
        return entered
    more = (*entered, *columns)
    least_gain = LEAST_GAIN_LEADING if set(columns) <= set(pool.leading) else LEAST_GAIN
    without, with_them = test(entered, origins), test(more, origins)
    if not pays(without, with_them, least_gain) or not pays(
        test(entered, origins, season_length), test(more, origins, season_length), least_gain
    ):
        left_out.update(dict.fromkeys(columns, "no gain"))
        return entered
    words.append(_gain(pool, columns, _wape(with_them), _wape(without), len(origins)))
    return more


def pays(without: Trials, with_signals: Trials, least_gain: float = LEAST_GAIN) -> bool:
    """The error falls by at least that share, and at four origins in five: a lucky window is no proof."""
    better = sum(w[0] < wo[0] for w, wo in zip(with_signals, without, strict=True))
    least_error = (1 - least_gain) * _wape(without)
    return _wape(with_signals) <= least_error and better >= LEAST_ORIGINS_WON * len(without)


def _gain(pool: Pool, columns: Sequence[int], error: float, without: float, origins: int) -> str:
    named = ", ".join(pool.names[c] for c in columns)
    plural = "origin" if origins == 1 else "origins"
    return f"{named}: WAPE {error:.3f} against {without:.3f} without, {origins} {plural}"


def _pruned(pool: Pool) -> tuple[tuple[int, ...], dict[int, str]]:
    """Columns that can be told apart over the whole history, and why the others cannot."""
    moments = pool.moments(0)
    kept = independent(moments)
    whole = moments.together()
    squares, rows = np.diagonal(whole.gram[0]), float(whole.rows[0])
    why = {
        c: "collinear" if varies(float(squares[c]), rows) else "constant"
        for c in range(len(pool.names))
        if c not in kept
    }
    return tuple(kept), why


def without_level(values: Matrix) -> Matrix:
    """Columns less their centred moving averages; at the ends the average takes what is there."""
    weeks, half = values.shape[0], FILTER_WEEKS // 2
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    first, last = np.arange(weeks) - half, np.arange(weeks) + half + 1
    first, last = np.maximum(first, 0), np.minimum(last, weeks)
    levelled: Matrix = values - (sums[last] - sums[first]) / (last - first)[:, None]
    return levelled


def _origins(pool: Pool, columns: Sequence[int]) -> tuple[int, ...]:
    """Weeks back from the end of the history where a test of the signals in `columns` may start."""
    longest = max((m.series.quantity.size for m in pool.teachers(0)), default=0)
    active = np.zeros(longest, dtype=np.int64)
    for member in pool.teachers(0):
        weeks = member.series.quantity.size
        active[longest - weeks :] += np.any(member.signals[:weeks, list(columns)] != 0, axis=1)
    found = []
    for back in range(TEST_WEEKS, longest - LEARNING_WEEKS + 1, TEST_WEEKS):
        start = longest - back
        if active[start : start + TEST_WEEKS].any() and active[:start].sum() >= LEAST_ACTIVE_WEEKS:
            found.append(back)
    return tuple(found[:TEST_ORIGINS])


def _test(
    pool: Pool, columns: Sequence[int], origins: Sequence[int], season_length: int | None = None
) -> Trials:
    """Σ|error| and Σ demand per origin of smoothing with the given signals, and with a season where asked."""
    trials = []
    for back in origins:
        effects = learn_effects(pool, columns, back)
        wrong = total = 0.0
        for member in pool.teachers(back):
            start = member.series.quantity.size - back
            actual = member.series.quantity[start : start + TEST_WEEKS]
            lift = lift_of(member, columns, effects[member.pair])[: start + TEST_WEEKS]
            if season_length is not None:
                plain = cleaned(member.series.quantity[:start], lift[:start])
                lift = lift + season_of(plain, classify(plain), TEST_WEEKS, season_length).log_lift
            level = smoothed_level(cleaned(member.series.quantity[:start], lift[:start]))
            forecast = lifted(np.full(TEST_WEEKS, level), lift[start:])
            wrong += float(np.abs(forecast - actual).sum())
            total += float(actual.sum())
        trials.append((wrong, total))
    return trials


def _wape(trials: Trials) -> float:
    total = sum(demand for _, demand in trials)
    return sum(wrong for wrong, _ in trials) / total if total > 0 else float("inf")
