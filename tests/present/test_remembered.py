"""Tables worked out once for all planners who ask the same."""

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.remembered import KEPT, remembered
from planning.present.view import Choice, View
from tests.builders.plans import a_plan


class Table:
    """Counts how often it is worked out, and tells the first product chosen."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, plan: Plan, _network: Network | None, choice: Choice) -> View:
        self.asked += 1
        chosen = [plan.summary["plan_id"], *choice.products]
        return View(pl.DataFrame({"chosen": chosen}), {})


def chosen(view: View) -> list[str]:
    return view.frame["chosen"].to_list()[1:]


def test_the_same_question_is_worked_out_once_and_another_choice_anew() -> None:
    plan, table = a_plan(), Table()
    asked = remembered(table)
    first = asked(plan, None, Choice(products=["A"]))
    assert asked(plan, None, Choice(products=["A"])) is first
    assert chosen(asked(plan, None, Choice(products=["B"]))) == ["B"]
    assert chosen(asked(plan, None, Choice(markets=["A"]))) == []
    assert table.asked == 3


def test_a_new_plan_is_another_question_even_where_it_says_the_same() -> None:
    table = Table()
    asked = remembered(table)
    before, after = a_plan(), a_plan()
    asked(before, None, Choice())
    asked(after, None, Choice())
    assert table.asked == 2


def test_what_was_not_asked_for_lately_is_let_go() -> None:
    plan, table = a_plan(), Table()
    asked = remembered(table)
    for number in range(KEPT + 1):
        asked(plan, None, Choice(products=[str(number)]))
    asked(plan, None, Choice(products=[str(KEPT)]))
    assert table.asked == KEPT + 1
    asked(plan, None, Choice(products=["0"]))
    assert table.asked == KEPT + 2
