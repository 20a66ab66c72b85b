"""The worker process: runs one task at a time and talks to the app through stdin and stdout.

Started as `python -m planning.workflows.worker` by `worker_process`. A Streamlit rerun kills the script
that is running, so whatever takes longer than a moment runs here. The worker holds no database: it gets
values and gives values back.
"""

import importlib
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from planning.errors import JobCancelledError, TaktError
from planning.workflows.messages import (
    Advanced,
    Broken,
    Done,
    Message,
    Ready,
    Stop,
    Stopped,
    Work,
    receive,
    send,
)
from planning.workflows.progress import Progress

Task = Callable[[Any, Callable[[Progress], None], Callable[[], bool]], Any]

log = logging.getLogger("takt.worker")


class Worker:
    """Takes work from `inbox`, reports to `outbox`, one job after the other."""

    def __init__(self, inbox: IO[bytes], outbox: IO[bytes]) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._writing = threading.Lock()
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._stopped: set[str] = set()

    def serve(self) -> None:
        """Work until the app goes away."""
        threading.Thread(target=self._listen, name="takt-worker-inbox", daemon=True).start()
        self._tell(Ready())
        while True:
            self._run(self._work.get())

    def _listen(self) -> None:
        try:
            while True:
                message = receive(self._inbox)
                if isinstance(message, Work):
                    self._work.put(message)
                elif isinstance(message, Stop):
                    self._stopped.add(message.job)
        except (EOFError, OSError):
            # The app is gone, nobody waits for a result: leave at once, even in the middle of a solve.
            os._exit(0)

    def _run(self, work: Work) -> None:
        def progress(report: Progress) -> None:
            self._tell(Advanced(work.job, report))

        def cancelled() -> bool:
            return work.job in self._stopped

        self._tell(_outcome(work, progress, cancelled))

    def _tell(self, message: Message) -> None:
        with self._writing:
            send(message, self._outbox)


def _outcome(work: Work, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Message:
    try:
        return Done(work.job, find_task(work.task)(work.payload, progress, cancelled))
    except JobCancelledError:
        return Stopped(work.job)
    except TaktError as error:
        return Broken(work.job, str(error))
    except Exception:
        # The edge: a fault in a task must not take the worker down.
        log.exception("error %s in %s", work.reference, work.task)
        return Broken(
            work.job,
            "The work stopped on an unexpected error. Nothing was changed; the server's log has the details "
            "under this id.",
        )


def find_task(path: str) -> Task:
    """Return the function behind "package.module:function"."""
    module, _, function = path.partition(":")
    task: Task = getattr(importlib.import_module(module), function)
    return task


def main() -> None:
    """Serve the process that started this one."""
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Solvers print a banner to stdout: it must not land among the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Worker(sys.stdin.buffer, outbox).serve()


if __name__ == "__main__":
    main()
