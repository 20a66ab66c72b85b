"""What of a solver's word is believed."""

from typing import Any

import numpy as np
import polars as pl
import pulp
import pytest

from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model
from planning.optimise.solvers import runs
from planning.optimise.solvers.answer import Answer, Incumbent, Limits, relative_gap
from planning.optimise.solvers.highs import ArrayHiGHS
from planning.optimise.solvers.runs import attempt, relaxed
from tests.optimise.programs import covering, knapsacks

EXACT = Limits(gap=0.0, seconds=60.0)


def solved(model: Model, limits: Limits = EXACT) -> Answer:
    answer = attempt(model, limits)
    assert answer is not None
    return answer


def test_an_answer_has_its_point_objective_and_bound() -> None:
    answer = solved(covering())
    assert answer.x.tolist() == [2.0, 1.0]
    assert answer.objective == pytest.approx(108)
    assert answer.bound == pytest.approx(108)
    assert answer.gap == pytest.approx(0)
    assert answer.solver.startswith("HiGHS ")


def test_the_relaxation_divides_everything() -> None:
    answer = relaxed(covering(), EXACT)
    assert answer.x.tolist() == [2.5, 0.0]
    assert answer.objective == answer.bound == pytest.approx(107.5)


def test_whole_numbers_come_back_exactly_whole_and_inside_their_bounds() -> None:
    answer = solved(knapsacks(size=25, limits=3))
    assert np.array_equal(answer.x, np.round(answer.x))
    assert answer.x.min() >= 0
    assert answer.x.max() <= 1


def test_a_linear_program_proves_its_own_optimum() -> None:
    model = covering()
    model.integer[:] = False
    answer = solved(model)
    assert answer.objective == answer.bound == pytest.approx(107.5)


def test_the_same_program_gives_the_same_point_again() -> None:
    first, again = (solved(knapsacks(), Limits(gap=0.02, seconds=60)) for _ in range(2))
    assert np.array_equal(first.x, again.x)


def test_what_has_no_answer_gives_none() -> None:
    assert attempt(covering(demand=9.0, most=2.0), EXACT) is None


def test_what_has_no_answer_has_no_relaxation() -> None:
    with pytest.raises(NoPlanError, match="relaxation was not solved"):
        relaxed(covering(demand=9.0, most=2.0), EXACT)


# A solver that is wrong


class Liar(ArrayHiGHS):
    """A solver that says something else than it found."""

    point: Any = None
    bound: float | None = None

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, bool]:  # noqa: N802 (PuLP's name)
        status, found = super().findSolutionValues(lp)
        self.x = self.x if self.point is None else np.array(self.point)
        return status, found

    def findBestBound(self, lp: pulp.LpProblem) -> float | None:  # noqa: N802 (PuLP's name)
        return super().findBestBound(lp) if self.bound is None else self.bound


def believe(monkeypatch: pytest.MonkeyPatch, **lies: Any) -> Answer | None:
    monkeypatch.setattr(runs, "ArrayHiGHS", type("Lies", (Liar,), lies))
    return attempt(covering(), EXACT)


def test_a_point_that_breaks_a_constraint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match=r"breaks cover .*'t': 0.* by 1"):
        believe(monkeypatch, point=[2.0, 0.0])


def test_a_point_that_is_only_feasible_before_rounding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match="breaks cover"):
        believe(monkeypatch, point=[2.4, 0.2])


def test_a_point_that_is_off_by_rounding_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = believe(monkeypatch, point=[2.0 - 1e-7, 1.0 - 1e-7])
    assert answer is not None
    assert answer.x[0] == 2.0


def test_a_bound_above_the_plan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match=r"bound 109\.00 lies above its own plan 108\.00"):
        believe(monkeypatch, bound=109.0)


def test_a_bound_never_lies_above_the_objective(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = believe(monkeypatch, bound=108.00005)
    assert answer is not None
    assert answer.bound == answer.objective


def test_a_run_that_proved_nothing_has_the_bound_of_what_no_plan_can_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = believe(monkeypatch, bound=-np.inf)
    assert answer is not None
    assert answer.bound == 100.0  # the fixed cost: packs and units cost at least nothing


def test_no_plan_costs_less_than_every_decision_at_its_cheapest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ArrayHiGHS", type("Lies", (Liar,), {"bound": -np.inf}))
    model = knapsacks(size=10, limits=2)
    answer = solved(model)
    assert answer.bound == model.objective().sum()  # everything taken


# Gap


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 90, 0.1), (-100, -110, 0.1), (0, 0, 0), (5, 5, 0), (5, 6, 0), (0, -1, np.inf)],
)
def test_the_gap_is_the_distance_to_the_bound_as_a_share_of_the_objective(
    objective: float, bound: float, gap: float
) -> None:
    assert relative_gap(objective, bound) == pytest.approx(gap)


def test_a_run_may_stop_within_the_gap_asked_for() -> None:
    answer = solved(knapsacks(), Limits(gap=0.05, seconds=60))
    assert answer.stopped == "Optimal"
    assert answer.gap <= 0.05


# Time, progress, cancelling


def test_a_run_out_of_time_is_no_optimum() -> None:
    answer = attempt(knapsacks(size=150, limits=30), Limits(gap=0.0, seconds=0.3))
    assert answer is not None
    assert answer.stopped == "TimeLimit"
    assert answer.bound < answer.objective


def test_progress_is_told_with_bounds_that_enclose_the_answer() -> None:
    told: list[Incumbent] = []
    answer = attempt(knapsacks(), EXACT, watch=told.append)
    assert answer is not None
    assert told
    for incumbent in told:
        assert incumbent.bound is None or incumbent.bound <= answer.objective + 1e-6
        assert incumbent.objective is None or incumbent.objective >= answer.objective - 1e-6
    assert [one.seconds for one in told] == sorted(one.seconds for one in told)


def test_a_cancelled_run_gives_what_it_has() -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return True

    answer = attempt(knapsacks(size=150, limits=30), EXACT, cancelled=cancelled)
    assert asked
    assert answer is None or answer.stopped == "Interrupted"


def test_a_run_may_begin_from_a_plan() -> None:
    model = knapsacks(size=150, limits=30)
    start = attempt(model, Limits(gap=0.2, seconds=20))
    assert start is not None
    answer = attempt(model, Limits(gap=0.0, seconds=0.2), start=start.x)
    assert answer is not None
    assert answer.objective <= start.objective


def test_columns_without_cost_or_rows_are_no_trouble() -> None:
    model = covering()
    model.add_variables("idle", pl.DataFrame({"t": [0, 1]}))
    assert solved(model).objective == pytest.approx(108)
