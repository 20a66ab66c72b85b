"""What a solve found, polished: nothing idle stays in it, and it is never worse."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from planning.optimise import polish
from planning.optimise.model.algebra import Model
from planning.optimise.polish import polished
from planning.optimise.solvers.answer import Answer, Limits
from planning.optimise.solvers.runs import attempt
from tests.builders.networks import ROUTING, network, order, problem
from tests.optimise.hard_programs import CASES, EXACT, lots, program


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def model(request: pytest.FixtureRequest) -> Model:
    return program(request.param())


def worse(model: Model, answer: Answer, x: np.ndarray) -> Answer:
    return replace(answer, x=x, objective=float(model.objective() @ x) + model.constant)


def test_polishing_takes_back_set_ups_without_work() -> None:
    model = program(lots())
    best = attempt(model, EXACT)
    assert best is not None
    runs = model.values("run", best.x)
    idle = model.families["run"].frame.filter(runs["value"] == 0)["col"].to_numpy()
    assert len(idle) > 0
    # a set-up without min_lot behind it would break that rule, so the lot is waived here
    model.rows.pop("min_lot")
    x = best.x.copy()
    x[idle] = 1.0
    spoiled = worse(model, best, x)
    assert spoiled.objective > best.objective
    polish = polished(model, spoiled, EXACT)
    assert polish.objective == pytest.approx(best.objective)
    assert (polish.x[idle] == 0).all()


def test_polishing_takes_back_batches_and_gross_units_without_good_ones() -> None:
    scrap = {"yield": 0.8}
    made = problem(
        network(
            {"firm_weeks": 1},
            products=[{"product": "P", "price": 9}, {"product": "Q", "price": 9}],
            routings=[ROUTING | scrap, ROUTING | {"product": "Q", "routing": "Q", "batch_size": 5} | scrap],
            orders=[order("A", 0, 11), order("B", 0, 7, product="Q")],
        )
    )
    model = program(made)
    best = attempt(model, EXACT)
    assert best is not None
    x = best.x.copy()
    for family, more in (("gross", 3.0), ("batch", 1.0)):
        first = model.families[family].frame.filter(pl.col("t") == 0)["col"].to_numpy()
        x[first] = {"gross": 14.0, "batch": 2.0}[family] + more
    polish = polished(model, worse(model, best, x), EXACT)
    # 11 good units take 14 gross ones, 7 take two batches of 5
    assert model.values("gross", polish.x).filter(t=0)["value"].to_list() == [14]
    assert model.values("batch", polish.x)["value"].to_list() == [2, 0, 0, 0]


def test_polishing_never_makes_a_plan_worse(model: Model) -> None:
    loose = attempt(model, Limits(gap=0.5, seconds=60))
    assert loose is not None
    polish = polished(model, loose, EXACT)
    assert polish.objective <= loose.objective
    assert polish.bound <= polish.objective
    idle = [model.families[name].frame["col"].to_numpy() for name in ("run", "gross", "batch")]
    held = np.setdiff1d(np.flatnonzero(model.integer), np.concatenate(idle))
    assert np.array_equal(polish.x[held], loose.x[held])


def test_polishing_brings_what_is_divisible_to_its_optimum() -> None:
    model = program(problem(network(orders=[order("A", 2, 30)])))
    best = attempt(model, EXACT)
    assert best is not None
    early = best.x.copy()
    for family, weeks in (("make", {0: 30.0, 2: 0.0}), ("stock", {0: 30.0, 1: 30.0})):
        frame = model.families[family].frame
        for t, units in weeks.items():
            early[frame.filter(pl.col("t") == t)["col"].to_numpy()] = units
    spoiled = worse(model, best, early)
    assert spoiled.objective == pytest.approx(60)  # 30 units held for two weeks
    assert polished(model, spoiled, EXACT).objective == pytest.approx(0)


def test_a_polish_that_finds_nothing_leaves_the_plan_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    model = program(lots())
    best = attempt(model, EXACT)
    assert best is not None
    monkeypatch.setattr(polish, "attempt", lambda *_given, **_more: None)
    assert polished(model, best, EXACT) is best
