"""The app's end of the worker process: start it, talk to it, notice when it dies."""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from planning.workflows.messages import Message, receive, send

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 5


class WorkerProcess:
    """One worker process and the thread that listens to it.

    A plain child process and not `multiprocessing`: that one runs the parent's main module again in the
    child, and inside Streamlit the main module is whichever page is being drawn.

    Parameters
    ----------
    heard : called with every message, in the listening thread.
    lost : called once, in the listening thread, when the process has ended; gets its exit code (−9: killed).
    """

    def __init__(
        self, heard: Callable[["WorkerProcess", Message], None], lost: Callable[["WorkerProcess", int], None]
    ) -> None:
        self._heard = heard
        self._lost = lost
        self._process = subprocess.Popen(
            [sys.executable, "-m", "planning.workflows.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(_search_path())},
            # Ctrl-C in the terminal is for the server, which then closes the worker itself.
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, name="takt-worker-outbox", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def tell(self, message: Message) -> None:
        """Send a message; one to a worker that has just died is dropped, its end is told by `lost`."""
        try:
            send(message, _pipe(self._process.stdin))
        except (BrokenPipeError, ValueError):
            return

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """Let the worker go: it leaves when its stdin ends, and is killed if it does not.

        Returns when the last message has been dealt with.
        """
        with contextlib.suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._listener.join()

    def _listen(self) -> None:
        outbox = _pipe(self._process.stdout)
        try:
            while True:
                self._heard(self, receive(outbox))
        except (EOFError, OSError, pickle.UnpicklingError):
            # Killed, crashed or closed, perhaps in the middle of a message.
            self._process.kill()
        exit_code = self._process.wait()
        outbox.close()
        with contextlib.suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        self._lost(self, exit_code)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the worker process was started without pipes")
    return pipe


def _search_path() -> list[str]:
    given = os.environ.get("PYTHONPATH", "")
    return [str(ROOT), *([given] if given else [])]
