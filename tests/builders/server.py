"""A real server on a workspace, for tests in a browser and for benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    workspace: Path
    log: Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(workspace: Path, port: int) -> dict[str, str]:
    """The environment of a server on this workspace and port, free of what the tests' own has set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TAKT_")} | {
        "TAKT_HOST": "127.0.0.1",
        "TAKT_PORT": str(port),
        "TAKT_WORKSPACE": str(workspace),
        "TAKT_OPEN_BROWSER": "false",
        # Somebody may be editing the checkout while the tests run; the server is not to reload halfway.
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    }


@contextmanager
def serving(workspace: Path, log: Path, program: str = "setup.serve", **settings: str) -> Iterator[Server]:
    """Serve a workspace on a free port, as `make run` does, or as another module of `setup` does.

    Parameters
    ----------
    settings : TAKT_* variables the server finds set.
    """
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", program],
            cwd=ROOT,
            env=environment_of(workspace, port) | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", process, workspace, log)
        try:
            _await(server)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _await(server: Server) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if server.process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{server.url}/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
            continue
        return
    raise RuntimeError(f"the server did not come up:\n{server.log.read_text(errors='replace')[-4000:]}")
