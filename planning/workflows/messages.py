"""What the app and its worker process say to each other: pickled values through stdin and stdout."""

import pickle
from dataclasses import dataclass
from typing import IO, Any

from planning.workflows.progress import Progress


@dataclass(frozen=True)
class Work:
    """App to worker: run the function `task` ("module:function") on `payload`.

    `reference` is what the planner is told and the log has, should it go wrong.
    """

    job: str
    task: str
    payload: Any
    reference: str


@dataclass(frozen=True)
class Stop:
    """App to worker: give the job up at the next occasion."""

    job: str


@dataclass(frozen=True)
class Ready:
    """Worker to app: up and waiting for work."""


@dataclass(frozen=True)
class Advanced:
    """Worker to app: how far the job is."""

    job: str
    progress: Progress


@dataclass(frozen=True)
class Done:
    """Worker to app: the job's result."""

    job: str
    result: Any


@dataclass(frozen=True)
class Stopped:
    """Worker to app: the job was given up because a planner asked for it."""

    job: str


@dataclass(frozen=True)
class Broken:
    """Worker to app: the job has no result, and why, in words."""

    job: str
    message: str


Message = Work | Stop | Ready | Advanced | Done | Stopped | Broken


def send(message: Message, stream: IO[bytes]) -> None:
    """Write one message; pickled whole first, so that what cannot be sent leaves the stream untouched."""
    stream.write(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))
    stream.flush()


def receive(stream: IO[bytes]) -> Message:
    """Read one message.

    Raises
    ------
    EOFError
        The other side is gone.
    """
    message: Message = pickle.load(stream)
    return message
