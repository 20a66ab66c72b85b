"""Commands, their words on stdout and stderr, and their exit codes; heavy imports come with the command.

Exit codes: 0 good, 2 bad input, 3 no plan. Progress goes to stderr, the result to stdout.
"""

import argparse
import sys
from collections.abc import Sequence

from planning.command_line import plans, safekeeping, signals, versions
from planning.command_line.console import Command, Commands, only_results_on_stdout
from planning.errors import TaktError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        with only_results_on_stdout():
            return command(options)
    except TaktError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing has been written.\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m planning", description="Takt on the command line.")
    commands = Commands(parser)
    for room in (signals, plans, versions, safekeeping):
        room.add_commands(commands)
    return parser
