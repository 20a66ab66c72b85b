"""The tour of the demo company: ten stops, each with what to look at and what to try."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stop:
    """One stop.

    Parameters
    ----------
    name : what it is remembered by.
    title : its heading.
    page : address of the page it is on; `query` is what that is narrowed to.
    look, attempt : a sentence each, names on the screen in bold.
    """

    name: str
    title: str
    page: str
    look: str
    attempt: str
    query: Mapping[str, str] = field(default_factory=dict)


STOPS: tuple[Stop, ...] = (
    Stop(
        "today",
        "What needs a decision",
        "today",
        "At most seven decisions, each with its last day, its money and what follows if nobody acts.",
        "open **All decisions** and see what waits beyond the seven.",
    ),
    Stop(
        "signals",
        "What came in",
        "signals",
        "How fresh each source is, and on the **Demand ladder** how far every open deal has come.",
        "look under **Imports** at what came in, who brought it, and how it would be undone.",
    ),
    Stop(
        "deals",
        "A deal becomes an order",
        "signals",
        "**Deals that may become orders**, those that need somebody first.",
        "tick one, press **Confirm deal**, see the plan go stale, and press **Undo**.",
    ),
    Stop(
        "forecast",
        "What will be confirmed",
        "forecast",
        "Demand so far and its forecast: the band holds demand eight times in ten.",
        "pick another of the **Series by money at stake**, and see how it did against the naive forecast.",
    ),
    Stop(
        "plan",
        "What is made where",
        "plan",
        "**Production** by week and factory, and beside **Cost** how far a better plan could still be.",
        "pick a cell of **Production** to see its products, robot hours and orders.",
    ),
    Stop(
        "late",
        "Why an order is late",
        "plan",
        "**Orders** that are late or refused, each with what it costs and the cause.",
        "follow the first cause to the week and factory it names.",
    ),
    Stop(
        "fleet",
        "What to rent, and by when",
        "fleet",
        "Robots needed beside robots there are, week by week, and the last day of each rent.",
        "find in **Spare and short** where robots have nothing to do.",
    ),
    Stop(
        "schedule",
        "What runs on which robot",
        "schedule",
        "One line a robot inside the shifts, with what runs while nobody is there.",
        "pick the first of the **Jobs** to see which orders it serves.",
    ),
    Stop(
        "scenarios",
        "What if?",
        "scenarios",
        "A duplicate of the plan in which anything may be different; the plan itself does not change.",
        "press **Duplicate**, **Add a change** such as more demand, and **Solve**.",
    ),
    Stop(
        "settings",
        "The master data, and your own",
        "settings",
        "Every table to edit by hand, with what an edit comes to before it counts; backups beside it.",
        "change a weekly_rate, then **Take the edits back**; under **Backups** see how to **Start anew**.",
        {"table": "offers"},
    ),
)

OFFER = "**Look around in ten minutes.** Ten stops show what Takt does, on this made company."
DONE = "**That was the tour.** Now start with your own data: the demo is kept as a backup."


def number_of(stop: Stop) -> int:
    """Which stop it is, counted from 1."""
    return STOPS.index(stop) + 1
