"""Where a plan's large linear programs are solved beside one another: a process of this machine, or Dask."""

import logging
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from typing import Any

from planning.configuration import Configuration
from planning.errors import ConfigurationError
from planning.workflows.messages import Broken, Done, Message, Ready, Work
from planning.workflows.worker_process import WorkerProcess

#: Seconds a cluster gets to answer.
_PATIENCE = 5

log = logging.getLogger("takt.beside")


class ProcessEndedError(Exception):
    """A task's process ended before the task did."""


class Processes(Executor):
    """Each task in a process of its own, which ends with it, when it is given up, or when this one is gone.

    A process that is forked would have the locks of this one's threads as they happen to stand, one that
    `multiprocessing` spawns runs its main module again, and its pools cannot end one task: so it is a
    worker like the app's, which may have workers itself.
    """

    def __init__(self) -> None:
        self._open: set[Future[Any]] = set()

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function of a module called in a new process.

        Raises
        ------
        OSError : none could be started.
        """
        # At once: the caller may go on changing what it handed over.
        call = pickle.dumps((fn, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        found: Future[T] = Future()

        def heard(process: WorkerProcess, message: Message) -> None:
            if isinstance(message, Ready):
                process.tell(Work("", f"{__name__}:called", call, "beside"))
            elif isinstance(message, Done):
                _settle(found, message.result)
            elif isinstance(message, Broken):
                _settle(found, ProcessEndedError(message.message))

        def lost(_process: WorkerProcess, exit_code: int) -> None:
            _settle(found, ProcessEndedError(f"its process ended with exit code {exit_code}"))

        process = WorkerProcess(heard, lost)
        self._open.add(found)
        found.add_done_callback(lambda _found: process.kill())
        found.add_done_callback(self._open.discard)
        return found

    def shutdown(self, *_wait: object, **_more: object) -> None:
        """Give up what is still being done; nothing is waited for."""
        for found in tuple(self._open):
            found.cancel()


def called(call: bytes, _progress: Callable[..., None], _cancelled: Callable[[], bool]) -> object:
    """A task as its process runs it."""
    function, args, kwargs = pickle.loads(call)
    return function(*args, **kwargs)


@contextmanager
def beside_a_plan(configuration: Configuration) -> Iterator[Executor | None]:
    """What solves beside this process as it is configured; None where there is one core.

    Raises
    ------
    ConfigurationError : the cluster does not answer, or there is no Dask here.
    """
    if configuration.cluster:
        with _on_dask(configuration.cluster) as executor:
            yield executor
    elif configuration.cores > 1:
        with Processes() as processes:
            yield processes
    else:
        yield None


@contextmanager
def _on_dask(address: str) -> Iterator[Executor]:
    """The executor of a cluster. What is given up there ends by itself, and nobody hears of it."""
    try:
        import dask
        from dask import distributed
    except ImportError as error:
        raise ConfigurationError(
            f"cluster = {address!r}: there is no Dask here. Install 'dask[distributed]', or take the setting "
            "out of takt.toml or TAKT_CLUSTER."
        ) from error
    connected: Callable[..., Any] = distributed.Client
    try:
        client = connected(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"cluster = {address!r}: no Dask scheduler answers there. Start it, or correct the address in "
            "takt.toml or TAKT_CLUSTER, or take it out."
        ) from error
    # A program is tens of MB: that is what is meant, and no mistake to warn of.
    with client, dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        yield client.get_executor(pure=False)


def _settle(found: "Future[Any]", outcome: object) -> None:
    """Keep what came of a task, unless nobody waits for it any more."""
    with suppress(InvalidStateError):
        if isinstance(outcome, ProcessEndedError):
            found.set_exception(outcome)
        else:
            found.set_result(outcome)
