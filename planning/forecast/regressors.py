"""What campaigns did and will do: effects learned per family, let in only where they pay."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from planning.forecast.lift import bounded, cleaned, lifted
from planning.forecast.models import Matrix, smoothed_level
from planning.forecast.series import Weekly, WeeklySeries, classify

FILTER_WEEKS = 13
LEARNING_WEEKS = 16
LEAST_ACTIVE_WEEKS = 3
TEST_WEEKS = 8
TEST_ORIGINS = 6
LEAST_GAIN = 0.01
COLLINEAR = 1e-3
TOO_FEW = "too few past campaign weeks to test"
PENALTIES = (1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0, 3.0, 10.0)

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


@dataclass(frozen=True, eq=False)
class Pool:
    """The series of one family, which learn from one another; all end in the same week.

    Parameters
    ----------
    names : signals, in the order of the members' columns.
    apart : columns judged one by one, each over the weeks where it runs: holidays and leading signals,
        which would hide behind campaigns or campaigns behind them.
    key : series worth the dearer models, by product and market.
    """

    names: tuple[str, ...]
    members: tuple[Member, ...]
    apart: tuple[int, ...] = ()
    key: frozenset[tuple[str, str]] = frozenset()


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
        """Signals of a key product that can be told apart before the last `back` weeks; null without any.

        (weeks of the series and its future, signals)
        """
        if pair not in self.pool.key:
            return None
        member = next(m for m in self.pool.members if m.pair == pair)
        if not _teaches(member, back):
            return None
        kept = _independent(_filtered(member, self.verdict.entered, back)[1])
        columns = [self.verdict.entered[c] for c in kept]
        return member.signals[:, columns] if columns else None


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
    Collinear and constant columns get no effect (see `_independent`).

    Parameters
    ----------
    columns : columns of the pool's signals.
    back : weeks at the end of the history to leave out.
    """
    rows = {m.pair: _filtered(m, columns, back) for m in pool.members if _teaches(m, back)}
    effects = {m.pair: np.zeros(len(columns)) for m in pool.members}
    if not rows or not columns:
        return effects
    demand = np.concatenate([d for d, _ in rows.values()])
    signals = np.concatenate([s for _, s in rows.values()])
    kept = _independent(signals)
    if not kept:
        return effects
    scale = np.sqrt(np.mean(np.square(signals[:, kept]), axis=0))
    family = _ridge(signals[:, kept] / scale, demand, PENALTIES)
    for pair, effect in effects.items():
        effect[kept] = family / scale
        if pair in rows:
            own_demand, own_signals = rows[pair][0], rows[pair][1][:, kept] / scale
            own = _ridge(own_signals, own_demand - own_signals @ family, (*PENALTIES, np.inf))
            effect[kept] += own / scale
    return effects


def judge(pool: Pool) -> Verdict:
    """Let in the signals that improve on the same forecast without them.

    Rolling origins eight weeks apart, the last six that have the signal in the eight weeks after
    them and three active weeks before: effects and level are learned before the origin, demand after
    it is forecast by exponential smoothing with and without signals. Constant and collinear signals
    stay out. Campaigns are judged together: one without which the error is no larger is dropped, what is
    left enters if it saves at least 1 % of the error. Then each of the signals `apart` enters if it saves
    that much on top.
    """
    kept, left_out = _pruned(pool)
    entered, words = _judge_together(pool, tuple(c for c in kept if c not in pool.apart), left_out)
    for column in (c for c in kept if c in pool.apart):
        origins = _origins(pool, (column,))
        if not origins:
            left_out[column] = "too few past weeks to test"
            continue
        without, error = (_test_error(pool, c, origins) for c in (entered, (*entered, column)))
        if error > (1 - LEAST_GAIN) * without:
            left_out[column] = "no gain"
            continue
        entered = (*entered, column)
        words.append(_gain(pool, (column,), error, without, len(origins)))
    if left_out and set(left_out.values()) == {TOO_FEW}:
        return Verdict((), f"left out: {TOO_FEW}")
    told = ", ".join(f"{pool.names[c]} ({why})" for c, why in sorted(left_out.items()))
    return Verdict(tuple(sorted(entered)), "; ".join([*words, f"left out: {told}"] if told else words))


def _judge_together(
    pool: Pool, columns: tuple[int, ...], left_out: dict[int, str]
) -> tuple[tuple[int, ...], list[str]]:
    """The campaigns that enter and what they gain, in words; the others are added to `left_out`."""
    origins = _origins(pool, [c for c in range(len(pool.names)) if c not in pool.apart])
    if not origins:
        campaigns = (c for c in range(len(pool.names)) if c not in pool.apart)
        left_out.update(dict.fromkeys(campaigns, TOO_FEW))
        return (), []
    entered = columns
    without, error = _test_error(pool, (), origins), _test_error(pool, entered, origins)
    for column in columns:
        fewer = tuple(c for c in entered if c != column)
        error_fewer = _test_error(pool, fewer, origins)
        if error_fewer <= error:
            entered, error = fewer, error_fewer
            left_out[column] = "no gain"
    if entered and error > (1 - LEAST_GAIN) * without:
        left_out.update(dict.fromkeys(entered, "no gain"))
        return (), []
    return entered, [_gain(pool, entered, error, without, len(origins))] if entered else []


def _gain(pool: Pool, columns: Sequence[int], error: float, without: float, origins: int) -> str:
    named = ", ".join(pool.names[c] for c in columns)
    plural = "origin" if origins == 1 else "origins"
    return f"{named}: WAPE {error:.3f} against {without:.3f} without, {origins} {plural}"


def _pruned(pool: Pool) -> tuple[tuple[int, ...], dict[int, str]]:
    """Columns that can be told apart over the whole history, and why the others cannot."""
    columns = range(len(pool.names))
    teachers = [_filtered(m, columns, 0)[1] for m in pool.members if _teaches(m, 0)]
    signals = np.concatenate(teachers) if teachers else np.zeros((1, len(pool.names)))
    kept = _independent(signals)
    why = {c: "collinear" if _varies(signals[:, c]) else "constant" for c in columns if c not in kept}
    return tuple(kept), why


def _teaches(member: Member, back: int) -> bool:
    known = member.series.quantity[: member.series.quantity.size - back]
    return known.size >= LEARNING_WEEKS and classify(known).regular


def _filtered(member: Member, columns: Sequence[int], back: int) -> tuple[Weekly, Matrix]:
    weeks = member.series.quantity.size - back
    demand = np.log1p(member.series.quantity[:weeks])
    signals = member.signals[:weeks, list(columns)]
    filtered = [_without_level(signals[:, c]) for c in range(signals.shape[1])]
    return _without_level(demand), np.stack(filtered, axis=1) if filtered else signals


def _without_level(values: Weekly) -> Weekly:
    """Values less their centred moving average; at the ends the average takes what is there."""
    window = np.ones(FILTER_WEEKS)
    average = np.convolve(values, window, "same") / np.convolve(np.ones(values.size), window, "same")
    return values - average


def _independent(signals: Matrix) -> list[int]:
    """Columns that vary and are no combination of the ones before them."""
    kept: list[int] = []
    for column in range(signals.shape[1]):
        values = signals[:, column]
        if not _varies(values):
            continue
        basis = signals[:, kept]
        rest = values - basis @ np.linalg.lstsq(basis, values, rcond=None)[0] if kept else values
        if np.linalg.norm(rest) > COLLINEAR * np.linalg.norm(values):
            kept.append(column)
    return kept


def _varies(values: Weekly) -> bool:
    return bool(np.sqrt(np.mean(np.square(values))) > 1e-9)


def _ridge(signals: Matrix, target: Weekly, penalties: Sequence[float]) -> Weekly:
    """Ridge coefficients under the penalty (per row) of least generalised cross-validation error."""
    left, sizes, right = np.linalg.svd(signals, full_matrices=False)
    rows, projected = target.size, left.T @ target
    total = float(target @ target)
    best: tuple[float, Weekly] | None = None
    for penalty in penalties:
        shrink = np.square(sizes) / (np.square(sizes) + penalty * rows)
        residual = max(total - float(np.sum((2 * shrink - shrink**2) * projected**2)), 0.0)
        error = residual / (rows - float(shrink.sum())) ** 2
        if best is None or error < best[0]:
            weights = np.divide(shrink, sizes, out=np.zeros_like(sizes), where=sizes > 0)
            best = (error, right.T @ (weights * projected))
    assert best is not None
    return best[1]


def _origins(pool: Pool, columns: Sequence[int]) -> list[int]:
    """Weeks back from the end of the history where a test of the signals in `columns` may start."""
    longest = max((m.series.quantity.size for m in pool.members if _teaches(m, 0)), default=0)
    active = np.zeros(longest, dtype=np.int64)
    for member in (m for m in pool.members if _teaches(m, 0)):
        weeks = member.series.quantity.size
        active[longest - weeks :] += np.any(member.signals[:weeks, list(columns)] != 0, axis=1)
    found = []
    for back in range(TEST_WEEKS, longest - LEARNING_WEEKS + 1, TEST_WEEKS):
        start = longest - back
        if active[start : start + TEST_WEEKS].any() and active[:start].sum() >= LEAST_ACTIVE_WEEKS:
            found.append(back)
    return found[:TEST_ORIGINS]


def _test_error(pool: Pool, columns: Sequence[int], origins: Sequence[int]) -> float:
    """WAPE over all series and origins of flat smoothing with the given signals."""
    wrong = total = 0.0
    for back in origins:
        effects = learn_effects(pool, columns, back)
        for member in (m for m in pool.members if _teaches(m, back)):
            start = member.series.quantity.size - back
            actual = member.series.quantity[start : start + TEST_WEEKS]
            lift = lift_of(member, columns, effects[member.pair])
            level = smoothed_level(cleaned(member.series.quantity[:start], lift[:start]))
            forecast = lifted(np.full(TEST_WEEKS, level), lift[start : start + TEST_WEEKS])
            wrong += float(np.abs(forecast - actual).sum())
            total += float(actual.sum())
    return wrong / total if total > 0 else float("inf")
