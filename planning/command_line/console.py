"""What every command needs: where results and progress go, the workspace it works on, what day it is."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from planning.configuration import read_configuration

if TYPE_CHECKING:
    from planning.store import Workspace
    from planning.workflows.progress import Progress

Command = Callable[[argparse.Namespace], int]

#: Lines of one kind a person is shown; --json has them all.
SHOWN = 20


@contextmanager
def only_results_on_stdout() -> Iterator[None]:
    """Send to stderr what libraries print to the process's own stdout: HiGHS greets even when told not to."""
    sys.stdout.flush()
    results = os.dup(1)
    printed, sys.stdout = sys.stdout, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.close()
        sys.stdout = printed
        os.dup2(results, 1)
        os.close(results)


def say(options: argparse.Namespace, result: Any, words: Sequence[str]) -> None:
    """Write a result to stdout: its words, or with --json all of it."""
    text = json.dumps(result, default=str, ensure_ascii=False) if options.json else "\n".join(words)
    sys.stdout.write(text + "\n")


def progress_on_stderr() -> "Callable[[Progress], None]":
    """Progress on stderr."""
    from planning.present.terminal import progress_lines

    def write(line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    return progress_lines(write)


@contextmanager
def stopped_by_keyboard() -> Iterator[Callable[[], bool]]:
    """Says whether Ctrl-C was pressed: once, and the best plan there is is kept; twice, and none is."""
    pressed = threading.Event()

    def press(_signal: int, _frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        # not through sys.stderr, which may be in the middle of a line of progress
        os.write(2, b"Stopping with the best plan there is. Ctrl-C once more keeps none.\n")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def end(code: int) -> NoReturn:
    """End the process with `code`, also while a solver that was stopped has not noticed yet.

    HiGHS aborts a process whose interpreter is taken down while it runs in a thread.
    """
    if any(thread.daemon for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


@contextmanager
def workspace_of(options: argparse.Namespace) -> "Iterator[Workspace]":
    """The workspace a command was told, or the installation's own, open."""
    from planning.store import Workspace

    configuration = read_configuration()
    with Workspace.open(options.workspace or configuration.database, configuration.planner) as workspace:
        yield workspace


def today() -> date:
    """The day it is here."""
    return datetime.now().astimezone().date()


class Commands:
    """The commands of a parser; each can be asked for its result in JSON."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(self, name: str, command: Command, words: str) -> argparse.ArgumentParser:
        """A command, what it does and what is said of it; it knows no workspace."""
        one = self._commands.add_parser(name, help=words, description=words)
        one.add_argument("--json", action="store_true", help="print the result for machines")
        one.set_defaults(command=command)
        return one

    def add_on_workspace(self, name: str, command: Command, words: str) -> argparse.ArgumentParser:
        """A command that works on the installation's workspace, or on one that is named."""
        one = self.add(name, command, words)
        one.add_argument("--workspace", type=Path, metavar="FILE", help="the workspace database to use")
        return one
