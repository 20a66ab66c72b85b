"""What accepting a decision does, in a planner's words."""

from planning.present import words
from planning.present.action import Action

#: What has to be said when a step of the plan is taken.
ASK_WHY = "Why"

_STEPS = {"proposed": "Propose", "approved": "Approve", "published": "Publish"}


def label(action: Action, way: str) -> str:
    """What the button says that accepts it in place."""
    if way == "re-plan":
        return "Re-plan"
    if way == "step":
        return f"{_STEPS[action.step]} it"
    return "Replace it" if action.rents and action.notices else "Order it" if action.rents else "Give notice"


def what_accepting_does(action: Action, way: str) -> str:
    """What pressing it does, in a sentence."""
    match way:
        case "re-plan":
            return "A new plan is made from the data as they are now, in the queue."
        case "step":
            return "It stands in the ledger with your name and reason."
        case "rentals":
            parts = ["the contract is written, ordered"] * bool(action.rents)
            parts += ["notice is written into the contract"] * bool(action.notices)
            done = words.listed(parts)
            return f"{done[:1].upper()}{done[1:]}, by an import that can be undone on the Signals page."
        case "not approved":
            return "It can be done here once the plan is approved and of today's data."
        case _:
            return "It is decided on its page, which opens at what it is about."
