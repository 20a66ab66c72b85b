"""Tables many planners look at are worked out once, as long as the plan and the network stay."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present.view import Choice, View

#: Choices of so many planners are kept, the latest asked for.
KEPT = 32

Table = Callable[[Plan, Network | None, Choice], View]


@dataclass(frozen=True)
class _Entry:
    """A table, and what it was made of; that may be gone by now."""

    plan: "weakref.ref[Plan]"
    network: "weakref.ref[Network] | None"
    view: View

    def is_of(self, plan: Plan, network: Network | None) -> bool:
        return self.plan() is plan and (None if self.network is None else self.network()) is network


def remembered(table: Table) -> Table:
    """Keep what `table` made of a plan, a network and a choice, for any thread that asks for it again.

    Plans and networks are told apart by being the same object, which is safe because they never change.
    """
    entries: OrderedDict[tuple[int, int, tuple[tuple[str, ...], ...]], _Entry] = OrderedDict()
    lock = threading.Lock()

    @wraps(table)
    def known(plan: Plan, network: Network | None, choice: Choice) -> View:
        chosen = tuple(tuple(ids) for ids in (choice.factories, choice.products, choice.markets))
        key = id(plan), id(network), chosen
        with lock:
            entry = entries.get(key)
            if entry is not None and entry.is_of(plan, network):
                entries.move_to_end(key)
                return entry.view
        view = table(plan, network, choice)
        of_network = None if network is None else weakref.ref(network)
        with lock:
            entries[key] = _Entry(weakref.ref(plan), of_network, view)
            entries.move_to_end(key)
            for gone in [key for key, entry in entries.items() if entry.plan() is None]:
                del entries[gone]
            while len(entries) > KEPT:
                entries.popitem(last=False)
        return view

    return known
