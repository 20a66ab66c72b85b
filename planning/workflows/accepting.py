"""Accepting a decision of the Today page: where one press is enough, it is done in place."""

from typing import Literal, get_args

from planning.domain.plan import Plan
from planning.errors import TaktError
from planning.present.action import Action
from planning.store import Step
from planning.workflows.desk import Desk

#: What accepting does: re-plan, take the plan's next step, order and give notice; else its page is opened.
Way = Literal["re-plan", "step", "rentals", "not approved", "page"]


class NotInPlaceError(TaktError):
    """A decision that is taken on its own page."""


def way_to_accept(desk: Desk, action: Action, plan: Plan | None) -> Way:
    """How a decision about the plan shown is accepted now."""
    if action.kind == "replan":
        return "re-plan"
    if plan is None or not (action.step or action.rents or action.notices):
        return "page"
    if action.step:
        return "step"
    approved = desk.versions.status(plan.summary["version"]) in {"approved", "published"}
    return "rentals" if approved and not desk.is_stale() else "not approved"


def accept(desk: Desk, action: Action, plan: Plan | None, why: str = "") -> None:
    """Do what a decision asks for, and keep who accepted it.

    Parameters
    ----------
    plan : the plan the decision was read from.

    Raises
    ------
    TaktError
        What it asks for is refused: somebody did it meanwhile, or the data changed.
    NotInPlaceError
        It is taken on its page.
    """
    match way_to_accept(desk, action, plan):
        case "re-plan":
            desk.start_replan()
        case "step" if plan is not None:
            desk.versions.take(plan.summary["version"], _step(action.step), why)
        case "rentals" if plan is not None:
            version = plan.summary["version"]
            asked = desk.orderable(version).iter_rows(named=True) if action.rents else ()
            wanted = {(rent.offer, rent.factory, rent.on_rent_date) for rent in action.rents}
            contracts = [
                row["contract"]
                for row in asked
                if (row["offer"], row["factory"], row["on_rent_date"]) in wanted
            ]
            notices = [(one.contract, one.units, one.off_rent_date) for one in action.notices]
            desk.approve_rentals(version, contracts, notices)
        case _:
            raise NotInPlaceError(f"{action.what}: this is decided on its page, open it there.")
    desk.deciding.note_accepted(action.key, action.what, why)


def _step(name: str) -> Step:
    return next(step for step in get_args(Step) if step == name)
