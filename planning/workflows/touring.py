"""The tour of the demo: how far planners have come, remembered in the workspace."""

from collections.abc import Callable

from planning.store import TourRecord

#: Marks beside those of the stops.
_ON, _OFFERED = "on", "offered"


class Tour:
    """What pages ask about the tour. Methods may be called from any thread.

    Parameters
    ----------
    record : what is remembered.
    is_demo : whether the demo company holds: the tour is of nothing else.
    """

    def __init__(self, record: TourRecord, is_demo: Callable[[], bool]) -> None:
        self._record, self._is_demo = record, is_demo

    def is_here(self) -> bool:
        """Whether there is something to tour."""
        return self._is_demo()

    def is_new(self) -> bool:
        """Whether nobody has started it, or said not now."""
        return not self._record.marks()

    def is_on(self) -> bool:
        """Whether somebody is on it."""
        return _ON in self._record.marks() and self._is_demo()

    def seen(self) -> frozenset[str]:
        """Names of the stops that were seen."""
        return self._record.marks() - {_ON, _OFFERED}

    def start(self) -> None:
        """Begin, or go on."""
        self._record.mark(_ON, _OFFERED)

    def leave(self) -> None:
        """Leave it, or say not now; what was seen stays seen."""
        self._record.clear(_ON)
        self._record.mark(_OFFERED)

    def see(self, stop: str) -> None:
        """A stop was seen."""
        self._record.mark(stop)

    def begin_again(self) -> None:
        """From the first stop."""
        self._record.clear()
        self.start()
