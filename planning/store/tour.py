"""How far planners have come on the tour of the demo; the ledger does not tell of it."""

from planning.store.clock import utc_now
from planning.store.database import Database


class TourRecord:
    """Marks of the tour, each with when it was set. Every method may be called from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self) -> frozenset[str]:
        """Every mark that is set."""
        with self._database.reading() as session:
            return frozenset(session.read("tour")["stop"])

    def mark(self, *stops: str) -> None:
        """Set marks."""
        with self._database.writing() as session:
            for stop in stops:
                session.write("mark_tour", stop=stop, seen_at=utc_now())

    def clear(self, *stops: str) -> None:
        """Take marks away; all of them where none is named."""
        gone = stops or tuple(self.marks())
        with self._database.writing() as session:
            for stop in gone:
                session.write("clear_tour", stop=stop)
