"""What the command line says while a plan is made, and of a plan that was made."""

from planning.present.terminal import plan_lines, progress_lines
from planning.workflows.progress import Progress
from tests.builders.plans import a_plan


def test_a_gap_is_told_once_the_bound_says_how_far_from_the_best_the_plan_is() -> None:
    told: list[str] = []
    report = progress_lines(told.append)
    report(Progress("Planning", gap=0.976, bound=695_748.0, objective=29_467_119.0))
    report(Progress("Planning", gap=0.02, bound=9_800_000.0, objective=10_000_000.0))
    assert told == [
        "Planning, best plan 29,467,119, how far from the best is not known yet",
        "Planning, best plan 10,000,000, no plan below 9,800,000, gap 2.0%",
    ]


def test_what_the_bound_of_a_finished_plan_is_worth_stands_beside_it() -> None:
    known = a_plan(objective=1_000.0, bound=980.0, gap=0.02, gap_controllable=0.05, assumed=[])
    stopped = a_plan(objective=1_000.0, bound=50.0, gap=0.95, gap_controllable=1.07, assumed=[])
    for plan, little in ((known, False), (stopped, True)):
        line = plan_lines(plan)[1]
        assert "gap " in line
        assert ("how far from the best is not known" in line) == little
