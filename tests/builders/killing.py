"""Processes that say what they are at, and are killed in the middle of it."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def kill(
    module: str, place: Path, moment: str, rounds: int, share: float, first: float
) -> tuple[list[str], float]:
    """Start a process, let it pass a moment some times, and kill it in the next one.

    Parameters
    ----------
    module : what the process runs on `place`; it says its moments on stdout (`say`), and `done NAME` once
        something is sure to outlive it.
    rounds : times it passes; what the last one took is what the next one will take.
    share : of that time, after which it is killed.
    first : seconds a moment takes, where none was passed.

    Returns
    -------
    What it was told is done, and seconds from the beginning of the moment to the kill.
    """
    arguments = [sys.executable, "-m", module, str(place)]
    done, began, took = [], 0.0, first
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            word, _, rest = line.strip().partition(" ")
            done += [rest] if word == "done" else []
            if began:
                took, began = time.perf_counter() - began, 0.0
            if word != moment:
                continue
            if rounds == 0:
                break
            rounds, began = rounds - 1, time.perf_counter()
        time.sleep(share * took)
        process.kill()
        last = process.stdout.read().split("\n")
    return done + [line.split()[1] for line in last if line.startswith("done ")], share * took


def say(words: str) -> None:
    """Tell the process that is going to kill this one."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
