"""What planners said of their decisions: put off, given to somebody, accepted; it stands in the ledger."""

from datetime import date

import polars as pl

from planning.errors import MeanwhileError
from planning.store import ledger
from planning.store.database import Database, Session


class SaidMeanwhileError(MeanwhileError):
    """Somebody else said something of an action since a planner looked."""


class Decisions:
    """What was said of each action; an action is told from every other one by its key.

    Methods may be called from any thread.

    Parameters
    ----------
    database : where the ledger is.
    planner : who says so.
    """

    def __init__(self, database: Database, planner: str) -> None:
        self._database, self._planner = database, planner

    def last_word(self, action: str) -> int:
        """Number of the ledger entry that spoke last of an action; 0 where none did."""
        with self._database.reading() as session:
            return _last_word(session, action)

    def put_off(self, action: str, until: date, reason: str = "", seen: int | None = None) -> None:
        """Let an action wait until a day, the first one it is shown again.

        Parameters
        ----------
        seen : `last_word` when the planner looked; not asked where None.

        Raises
        ------
        SaidMeanwhileError
            Somebody spoke of it since.
        """
        with self._database.writing() as session:
            _refuse_unseen(session, action, seen)
            told = {"action": action, "until": until.isoformat(), "reason": reason}
            ledger.note(session, "action snoozed", self._planner, told)

    def waiting(self) -> pl.DataFrame:
        """Actions that were put off: action, until, actor, reason, happened_at (UTC)."""
        with self._database.reading() as session:
            return session.read("snoozed_actions")

    def assign(self, action: str, what: str, to: str, seen: int | None = None) -> None:
        """Let an action be somebody's, or nobody's again where `to` is empty; `seen` as in `put_off`.

        Parameters
        ----------
        what : how it is called now.
        """
        with self._database.writing() as session:
            _refuse_unseen(session, action, seen)
            told = {"action": action, "what": what, "to": to}
            ledger.note(session, "action assigned", self._planner, told)

    def assigned(self) -> pl.DataFrame:
        """Actions that are somebody's: action, assignee, actor (who said so), happened_at (UTC)."""
        with self._database.reading() as session:
            return session.read("assigned_actions")

    def note_accepted(self, action: str, what: str, why: str) -> None:
        """Keep that an action was accepted and done."""
        with self._database.writing() as session:
            told = {"action": action, "what": what, "reason": why}
            ledger.note(session, "action accepted", self._planner, told)

    def accepted(self) -> pl.DataFrame:
        """Actions accepted and done, the latest first: action, what, reason, actor, happened_at (UTC)."""
        with self._database.reading() as session:
            return session.read("accepted_actions")


def _last_word(session: Session, action: str) -> int:
    found = session.read("action_words", action=action)
    return 0 if found.is_empty() else int(found["seq"][0])


def _refuse_unseen(session: Session, action: str, seen: int | None) -> None:
    """Keep a planner from overruling what they have not seen."""
    if seen is None or _last_word(session, action) == seen:
        return
    said = session.read("action_words", action=action).row(0, named=True)
    done = {
        "action snoozed": f"put it off until {said['until']}",
        "action accepted": "accepted it",
        "action assigned": f"gave it to {said['assignee']}" if said["assignee"] else "took it back",
    }[said["kind"]]
    raise SaidMeanwhileError(
        f"{said['actor']} {done} since you looked, so nothing was changed. What you chose is still here: "
        "if it is still right, press again."
    )
