"""Solvers other than HiGHS: named in a setting, taken through every step, not believed on their word."""

from typing import Any, ClassVar

import numpy as np
import pulp
import pytest
from pulp import LpSolveStats

from planning.domain.problem import Problem
from planning.errors import ConfigurationError, NoPlanError
from planning.optimise.model.algebra import Model
from planning.optimise.plan import solve_plan
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.others import solver_called
from planning.optimise.solvers.runs import attempt, relaxed
from tests.builders.networks import certain, network, offer, order, problem
from tests.optimise.programs import covering, knapsacks

OTHER = Limits(gap=0.0, seconds=60.0, solver="OTHER")


class Other(pulp.HiGHS):
    """HiGHS as PuLP feeds it, variable by variable and row by row, under a name of its own."""

    name = "OTHER"
    told: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        msg: bool = True,
        timeLimit: float | None = None,
        gapRel: float | None = None,
        threads: int | None = None,
        warmStart: bool = False,
    ) -> None:
        options = {"timeLimit": timeLimit, "gapRel": gapRel, "threads": threads, "warmStart": warmStart}
        Other.told = options
        super().__init__(msg=msg, **options)


def installed(monkeypatch: pytest.MonkeyPatch, *kinds: type[pulp.LpSolver]) -> None:
    monkeypatch.setattr(pulp.apis, "_all_solvers", [pulp.HiGHS, *kinds])


@pytest.fixture
def _other(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, Other)


def solved(model: Model, limits: Limits = OTHER) -> Answer:
    answer = attempt(model, limits)
    assert answer is not None
    return answer


@pytest.fixture(scope="module")
def rentals() -> Problem:
    """Demand for three robots, one owned: long rent for the sure part, so both solves and all steps run."""
    return problem(
        network(
            {"horizon_weeks": 6, "firm_weeks": 1, "setup_weeks": 1, "flex_term_weeks": 2},
            offers=[offer("LONG", 400, min_term_weeks=4), offer("FLEX", 700, max_units=2)],
            orders=[order("A", 1, 70), order("B", 3, 95)],
            forecast=certain([60.0] * 6),
        )
    )


# Chosen by name


@pytest.mark.usefixtures("_other")
def test_a_solver_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'GUROBI'.*There are HiGHS, OTHER\..*TAKT_SOLVER"):
        solver_called("GUROBI")


@pytest.mark.usefixtures("_other")
def test_a_plan_is_not_begun_with_a_solver_that_is_not_there(rentals: Problem) -> None:
    with pytest.raises(ConfigurationError, match="CBC"):
        solve_plan(rentals, solver="CBC")


@pytest.mark.usefixtures("_other")
def test_capitals_do_not_matter() -> None:
    assert [solver_called(name) for name in ("other", "HIGHS", "HiGHS")] == ["OTHER", "HiGHS", "HiGHS"]


def test_cbc_goes_by_the_name_people_use(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, type("Cbc", (Other,), {"name": "COIN_CMD"}))
    assert solver_called("cbc") == solver_called("COIN_CMD") == "COIN_CMD"


# Taken through every step


@pytest.mark.usefixtures("_other")
def test_the_answer_says_who_gave_it() -> None:
    assert solved(covering()).solver == f"OTHER through PuLP {pulp.__version__}"
    assert solved(covering(), Limits(gap=0.0, seconds=60.0)).solver.startswith("HiGHS ")


@pytest.mark.usefixtures("_other")
def test_another_solver_finds_the_same_optimum() -> None:
    for model in (covering(), knapsacks(size=25, limits=3)):
        answer, ours = solved(model), solved(model, Limits(gap=0.0, seconds=60.0))
        assert answer.objective == pytest.approx(ours.objective)
        assert answer.bound == pytest.approx(ours.objective)
    assert relaxed(covering(), OTHER).objective == pytest.approx(107.5)


@pytest.mark.usefixtures("_other")
def test_a_plan_is_made_in_all_its_steps_by_the_solver_named(rentals: Problem) -> None:
    ours, theirs = solve_plan(rentals), solve_plan(rentals, solver="other")
    assert theirs.answer.objective == pytest.approx(ours.answer.objective, rel=1e-6)
    assert theirs.answer.solver.startswith("OTHER ")
    assert theirs.commitment is not None
    assert theirs.commitment.answer.solver.startswith("OTHER ")
    assert theirs.commitment.caps.height > 0


@pytest.mark.usefixtures("_other")
def test_a_solver_is_told_gap_time_threads_and_where_to_begin() -> None:
    model = covering()
    start = solved(model).x
    attempt(model, Limits(gap=0.25, seconds=7.0, threads=1, solver="OTHER"), start=start)
    assert Other.told == {"timeLimit": 7.0, "gapRel": 0.25, "threads": 1, "warmStart": True}


@pytest.mark.usefixtures("_other")
def test_a_cancelled_plan_is_not_begun() -> None:
    assert attempt(covering(), OTHER, cancelled=lambda: True) is None


@pytest.mark.usefixtures("_other")
def test_decisions_without_row_or_cost_keep_their_lower_bound() -> None:
    model = covering()
    model.add_variables("idle", model.families["packs"].frame.drop("col"))
    model.lower[-1] = 3.0
    assert solved(model).x.tolist() == [2.0, 1.0, 3.0]


def test_cbc_plans_where_it_is_installed(rentals: Problem) -> None:
    if not pulp.COIN_CMD().available():
        pytest.skip("CBC is not installed: pulp[cbc] brings it")
    ours, theirs = solve_plan(rentals), solve_plan(rentals, solver="CBC")
    assert theirs.answer.objective == pytest.approx(ours.answer.objective, rel=1e-6)
    assert theirs.answer.bound == pytest.approx(ours.answer.objective, rel=1e-6)
    assert theirs.answer.solver.startswith("CBC ")


# Never believed on their word


class Liar(Other):
    """A solver that says something else than it found."""

    point: list[float] | None = None
    says: ClassVar[dict[str, Any]] = {}

    def actualSolve(self, lp: pulp.LpProblem, **kwargs: Any) -> LpSolveStats:  # noqa: N802 (PuLP's name)
        stats = super().actualSolve(lp, **kwargs)
        if self.point is not None:
            lp.toRustModel().set_variable_values(list(enumerate(self.point)))
        for name, value in self.says.items():
            setattr(stats, name, value)
        return stats


def believe(
    monkeypatch: pytest.MonkeyPatch, model: Model | None = None, limits: Limits = OTHER, **lies: Any
) -> Answer | None:
    installed(monkeypatch, type("Lies", (Liar,), lies))
    return attempt(model or covering(), limits)


def test_a_point_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match="breaks cover"):
        believe(monkeypatch, point=[2.0, 0.0])


def test_a_point_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match="without a value"):
        believe(monkeypatch, point=[np.nan, 1.0])


def test_a_relaxation_that_breaks_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, type("Lies", (Liar,), {"point": [0.0, 0.0]}))
    with pytest.raises(NoPlanError, match="breaks cover"):
        relaxed(covering(), OTHER)


def test_halves_of_whole_decisions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPlanError, match="breaks cover"):
        believe(monkeypatch, point=[2.4, 0.2])


def test_an_objective_that_is_claimed_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = believe(monkeypatch, point=[3.0, 0.0], says={"status": pulp.LpSolveStatus.TimeLimit})
    assert answer is not None
    assert answer.objective == 109.0


def test_a_bound_above_the_plan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    says = {"status": pulp.LpSolveStatus.TimeLimit, "best_bound": 9.0}
    with pytest.raises(NoPlanError, match=r"bound 109\.00 lies above its own plan 108\.00"):
        believe(monkeypatch, says=says)


def test_a_bound_counts_the_costs_no_decision_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """CBC reports its bound without them."""
    says = {"status": pulp.LpSolveStatus.TimeLimit, "best_bound": 7.5}
    answer = believe(monkeypatch, says=says)
    assert answer is not None
    assert answer.bound == 107.5


@pytest.mark.parametrize("stopped", [pulp.LpSolveStatus.Optimal, pulp.LpSolveStatus.GapLimit])
def test_a_stop_on_the_gap_proves_no_more_than_the_gap(
    monkeypatch: pytest.MonkeyPatch, stopped: pulp.LpSolveStatus
) -> None:
    """CBC's log then tells the plan's own objective as its bound."""
    loose = Limits(gap=0.25, seconds=60.0, solver="OTHER")
    answer = believe(
        monkeypatch,
        limits=loose,
        point=[3.0, 0.0],
        says={"status": stopped, "best_bound": 9.0, "objective": 9.0},
    )
    assert answer is not None
    assert answer.bound == pytest.approx(100 + 9 * 0.75)
    assert answer.bound <= 108.0  # the optimum


def test_below_zero_the_gap_may_be_a_share_of_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    model = knapsacks(size=10, limits=2)
    loose = Limits(gap=0.2, seconds=60.0, solver="OTHER")
    answer = believe(monkeypatch, model, loose, says={"status": pulp.LpSolveStatus.GapLimit})
    assert answer is not None
    assert answer.bound == pytest.approx(answer.objective / 0.8)


def test_values_without_a_solution_are_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    assert believe(monkeypatch, says={"has_solution": False}) is None


def test_a_solver_that_fails_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> LpSolveStats:
        raise pulp.PulpSolverError("licence expired")

    with pytest.raises(NoPlanError, match="OTHER failed: licence expired"):
        believe(monkeypatch, actualSolve=broken)


def test_a_lie_leaves_no_plan(monkeypatch: pytest.MonkeyPatch, rentals: Problem) -> None:
    installed(monkeypatch, type("Lies", (Liar,), {"point": [0.0] * 10_000}))
    with pytest.raises(NoPlanError, match="breaks"):
        solve_plan(rentals, solver="OTHER")
