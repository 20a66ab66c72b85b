"""A relaxation solved from prices is the relaxation, whatever the prices are."""

from collections.abc import Callable

import highspy
import numpy as np
import pytest

from planning.domain.problem import Problem
from planning.errors import NoPlanError
from planning.optimise.model.algebra import Model, divisible
from planning.optimise.solvers import priced
from planning.optimise.solvers.answer import Incumbent, Limits
from planning.optimise.solvers.highs import pass_program, quiet
from planning.optimise.solvers.priced import (
    SHARED,
    corner_at,
    optimal,
    prices_by_buckets,
    shared,
    solve_relaxation,
)
from planning.optimise.solvers.runs import relaxed
from planning.optimise.solvers.telescoped import telescoped
from tests.optimise.hard_programs import both, fleet, lots, program
from tests.optimise.programs import covering

LIMITS = Limits(gap=0.0, seconds=60.0)


@pytest.fixture
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priced, "WORTH_PRICES", 0)


def solve(highs: highspy.Highs) -> bool:
    return optimal(highs, 60.0)


@pytest.mark.usefixtures("always_worth_it")
@pytest.mark.parametrize("made", [lots, fleet, both])
def test_it_costs_what_the_relaxation_does(made: Callable[[], Problem]) -> None:
    small = program(made())
    assert solve_relaxation(small, LIMITS).objective == pytest.approx(
        relaxed(small, LIMITS).objective, rel=1e-9
    )


@pytest.mark.usefixtures("always_worth_it")
def test_it_does_so_with_every_rule(model: Model) -> None:
    assert solve_relaxation(model, LIMITS).objective == pytest.approx(
        relaxed(model, LIMITS).objective, rel=1e-9
    )


@pytest.mark.usefixtures("always_worth_it")
def test_it_is_the_same_every_time(model: Model) -> None:
    one, other = solve_relaxation(model, LIMITS), solve_relaxation(model, LIMITS)
    assert one.x.tobytes() == other.x.tobytes()


@pytest.mark.usefixtures("always_worth_it")
def test_a_program_in_which_products_share_nothing_is_solved_as_it_is() -> None:
    assert shared(covering()) == []
    assert solve_relaxation(covering(), LIMITS).objective == pytest.approx(107.5)


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 30.0])
def test_no_price_changes_where_it_ends(model: Model, factor: float) -> None:
    known = relaxed(model, LIMITS)
    good = prices_by_buckets(model, 4, LIMITS, solve)
    assert good is not None
    corner = corner_at(model, {name: factor * price for name, price in good.items()}, LIMITS, solve)
    again = relaxed(model, LIMITS, basis=corner)
    assert again.objective == pytest.approx(known.objective, rel=1e-9)


def test_where_time_is_up_while_prices_are_mended_the_rest_begins_from_there(model: Model) -> None:
    price = prices_by_buckets(model, 4, LIMITS, solve)
    assert price is not None
    runs: list[highspy.Highs] = []

    def out_of_time(highs: highspy.Highs) -> bool:
        runs.append(highs)
        if len(runs) == 1:
            return solve(highs)
        highs.setOptionValue("simplex_iteration_limit", 3)
        return solve(highs)

    corner = corner_at(model, price, LIMITS, out_of_time)
    assert runs[-1].getModelStatus() == highspy.HighsModelStatus.kIterationLimit
    assert relaxed(model, LIMITS, basis=corner).objective == pytest.approx(
        relaxed(model, LIMITS).objective, rel=1e-9
    )


def test_from_its_corner_there_are_few_steps_to_go(model: Model) -> None:
    price = prices_by_buckets(model, 4, LIMITS, solve)
    assert price is not None
    steps = []
    for corner in (None, corner_at(model, price, LIMITS, solve)):
        highs = quiet(LIMITS)
        highs.setOptionValue("presolve", "off")
        pass_program(highs, divisible(model))
        if corner is not None:
            highs.setBasis(corner)
        assert solve(highs)
        steps.append(highs.getInfo().simplex_iteration_count)
    assert steps[1] < steps[0] / 10


def test_a_price_of_the_wrong_sign_is_none(model: Model) -> None:
    """Who was paid for selling what is limited would sell without end."""
    price = prices_by_buckets(model, 4, LIMITS, solve)
    assert price is not None
    limited = [name for name in price if model.rows[name].sense == "<="]
    noisy = {name: np.where(price[name] == 0.0, 1e-3, price[name]) for name in limited}
    assert any((one > 0).any() for one in noisy.values())
    assert corner_at(model, {**price, **noisy}, LIMITS, solve) is not None


def test_every_row_in_which_products_meet_has_a_price(problem: Problem, model: Model) -> None:
    """Without those rows each column of goods hangs together with columns of its own product only."""
    owner = dict(problem.routes.select("v", "p").unique().iter_rows())
    product = np.full(len(model.upper), -1)
    for family in filter(len, model.families.values()):
        columns = family.index.columns
        if "p" in columns or "v" in columns:
            number = family.index["p"] if "p" in columns else family.index["v"].replace_strict(owner)
            product[family.frame["col"].to_numpy()] = number.to_numpy()
    for name, rows in model.rows.items():
        if not len(rows) or name in SHARED:
            continue
        meeting = [
            set(product[rows.col[first:end]].tolist()) - {-1}
            for first, end in zip(rows.start[:-1], rows.start[1:], strict=True)
        ]
        assert max(map(len, meeting)) <= 1, name


def test_weeks_one_by_one_are_the_relaxation(model: Model) -> None:
    small = telescoped(model, 1, LIMITS)
    assert solve(small.highs)
    found = small.highs.getInfo().objective_function_value
    assert found == pytest.approx(relaxed(model, LIMITS).objective, rel=1e-9)


@pytest.mark.parametrize("width", [2, 3, 6, 50])
def test_weeks_together_are_fewer_and_cost_about_as_much(model: Model, width: int) -> None:
    small = telescoped(model, width, LIMITS)
    assert solve(small.highs)
    known = relaxed(model, LIMITS).objective
    assert small.highs.getNumCol() < len(model.upper)
    assert small.highs.getInfo().objective_function_value == pytest.approx(known, rel=0.2)


def test_what_flows_in_a_bucket_is_spread_evenly_and_what_lies_grows_to_its_end(model: Model) -> None:
    small = telescoped(model, 3, LIMITS)
    assert solve(small.highs)
    x = small.spread @ np.asarray(small.highs.getSolution().col_value)
    for name, even in (("make", True), ("stock", False)):
        cells = model.values(name, x).with_columns(bucket=model.families[name].frame["t"] // 3)
        key = [one for one in cells.columns if one not in ("t", "value")]
        for _, rows in cells.sort("t").group_by(key):
            steps = np.diff(rows["value"].to_numpy())
            if even:
                assert steps == pytest.approx(0.0, abs=1e-6)
            elif len(steps) > 1:
                assert steps[1:] == pytest.approx(steps[:-1], abs=1e-6)


@pytest.mark.usefixtures("always_worth_it")
def test_who_stops_it_before_it_begins_gets_nothing(model: Model) -> None:
    with pytest.raises(NoPlanError, match="Interrupted"):
        solve_relaxation(model, LIMITS, cancelled=lambda: True)


@pytest.mark.usefixtures("always_worth_it")
def test_without_prices_in_the_time_it_is_solved_as_it_is(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(priced, "optimal", lambda _highs, _seconds: False)
    assert solve_relaxation(model, LIMITS).x.tobytes() == relaxed(model, LIMITS).x.tobytes()


@pytest.mark.usefixtures("always_worth_it")
def test_stopped_between_two_steps_no_other_is_begun(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, stopped = [], []

    def counted(highs: highspy.Highs, seconds: float) -> bool:
        begun.append(seconds)
        stopped.append(True)
        return optimal(highs, seconds)

    monkeypatch.setattr(priced, "optimal", counted)
    with pytest.raises(NoPlanError, match="Interrupted"):
        solve_relaxation(model, LIMITS, cancelled=lambda: bool(stopped))
    assert len(begun) == 1


@pytest.mark.usefixtures("always_worth_it")
def test_who_watches_is_told_that_time_goes_by(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Incumbent] = []
    monkeypatch.setattr(priced, "relaxed", lambda *_given, **_more: told.append(Incumbent(-1.0, None, None)))
    solve_relaxation(model, LIMITS, watch=told.append)
    assert len(told) > 1
    assert told[-1].seconds == -1.0
    assert all(one.objective is None and one.bound is None for one in told)
