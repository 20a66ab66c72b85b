"""The error tree: what a planner did not expect, where it is, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in the input.

    Parameters
    ----------
    file : name of the file (or upload) it was found in.
    reason : what is wrong, in words.
    remedy : what to do about it.
    line : line in the file, the header being line 1; None when it concerns the whole file.
    column, value : the cell, where there is one.
    raw : the whole row as it was read.
    """

    file: str
    reason: str
    remedy: str = ""
    line: int | None = None
    column: str | None = None
    value: str | None = None
    raw: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        if self.value is not None:
            place += f" = {self.value!r}"
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}: {self.reason}.{remedy}"


class TaktError(Exception):
    """Anything a planner should be told in words. `exit_code` is the command line's."""

    exit_code = 2


class ConfigurationError(TaktError):
    """The installation is set up wrongly: names the file or variable, the value and the remedy."""


class InputError(TaktError):
    """The input cannot be used as it is; every fault found is told at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "1 thing is wrong" if count == 1 else f"{count} things are wrong"
        super().__init__(f"{head} with the input:\n" + "\n".join(f"- {fault}" for fault in self.faults))


class WorkspaceBusyError(TaktError):
    """Another process owns the workspace database."""

    def __init__(self, database: str, pid: int | None) -> None:
        self.pid = pid
        holder = f"process {pid}" if pid is not None else "another process"
        super().__init__(
            f"{database} is in use by {holder} (the app, most likely). "
            "Stop it, or work folder in, folder out: python -m planning run NETWORK --out OUT."
        )


class NothingToPlanError(TaktError):
    """There is no network, or no plan, to work on yet."""


class MeanwhileError(TaktError):
    """Somebody else changed the same thing since a planner looked: it has to be looked at again."""


class NoPlanError(TaktError):
    """The solver came back without a plan."""

    exit_code = 3


class RefusedPlanError(NoPlanError):
    """The independent checker found a violation: the plan must not be used."""

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        super().__init__(
            f"The plan breaks {len(self.violations)} rule(s) and is refused:\n"
            + "\n".join(f"- {violation}" for violation in self.violations[:20])
        )


class JobCancelledError(TaktError):
    """A planner stopped the work before there was a result."""

    exit_code = 3
