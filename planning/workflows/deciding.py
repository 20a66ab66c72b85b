"""What became of a planner's decisions: put off until a day, given to somebody, accepted."""

from datetime import date

import polars as pl

from planning.errors import TaktError
from planning.store import Workspace

LONGEST_NAME = 60


class NobodyError(TaktError):
    """A decision can only be given to somebody with a name."""


class Deciding:
    """What the Today page asks and says of its decisions; all of it stands in the ledger and nowhere else.

    Parameters
    ----------
    workspace : whose ledger it is.
    planner : who says so, and whose decisions are "mine".
    """

    def __init__(self, workspace: Workspace, planner: str) -> None:
        self._workspace, self.planner = workspace, planner

    def last_word(self, action: str) -> int:
        """What a planner saw of an action: number of the ledger entry that spoke last of it, 0 for none."""
        return self._workspace.decisions.last_word(action)

    def put_off(self, action: str, until: date, reason: str = "", seen: int | None = None) -> None:
        """Let an action wait until a day.

        Raises
        ------
        SaidMeanwhileError
            Somebody spoke of it since `last_word` was `seen`.
        """
        self._workspace.decisions.put_off(action, until, reason, seen)

    def waiting(self) -> pl.DataFrame:
        """Actions that were put off: action, until, actor, reason, happened_at (UTC)."""
        return self._workspace.decisions.waiting()

    def assign(self, action: str, what: str, to: str, seen: int | None = None) -> None:
        """Give an action to somebody; to nobody again where `to` is empty.

        Raises
        ------
        NobodyError
            The name is too long to be one.
        SaidMeanwhileError
            Somebody spoke of it since `last_word` was `seen`.
        """
        to = to.strip()
        if len(to) > LONGEST_NAME:
            raise NobodyError(f"Give it to a name of at most {LONGEST_NAME} letters.")
        self._workspace.decisions.assign(action, what, to, seen)

    def assigned(self) -> pl.DataFrame:
        """Actions that are somebody's: action, assignee, actor (who said so), happened_at (UTC)."""
        return self._workspace.decisions.assigned()

    def note_accepted(self, action: str, what: str, why: str) -> None:
        """Keep that an action was accepted and done."""
        self._workspace.decisions.note_accepted(action, what, why)

    def accepted(self) -> pl.DataFrame:
        """Actions accepted, the latest first: action, what, reason, actor, happened_at (UTC)."""
        return self._workspace.decisions.accepted()
