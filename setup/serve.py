"""Serve the app on the configured address: `python -m setup.serve`, the last step of `make run`."""

import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from planning.configuration import Configuration, read_configuration
from planning.errors import ConfigurationError, TaktError

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60


def main() -> int:
    """Serve until interrupted; the exit code is 2 when the configuration does not allow it."""
    try:
        configuration = read_configuration()
        require_free_port(configuration)
    except TaktError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"Takt is served at {address(configuration)} (Ctrl-C stops it)", flush=True)
    if configuration.open_browser and has_desktop():
        threading.Thread(target=open_when_listening, args=(configuration,), daemon=True).start()
    return serve(configuration)


def address(configuration: Configuration) -> str:
    """Return the URL a browser on this machine opens."""
    return f"http://{_local_name(configuration.host)}:{configuration.port}"


def require_free_port(configuration: Configuration) -> None:
    """Raise ConfigurationError when nobody can listen on the configured address."""
    host, port = configuration.host, configuration.port
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise ConfigurationError(
            f"Takt cannot listen on {host}, port {port}: {error.strerror}. "
            "Is it running already? Otherwise set another TAKT_PORT (or TAKT_HOST)."
        ) from error


def has_desktop() -> bool:
    """Return whether somebody sits at this machine who would see a browser window."""
    if os.environ.get("CI"):
        return False
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def open_when_listening(configuration: Configuration) -> None:
    """Open the browser once the server answers."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            socket.create_connection((_local_name(configuration.host), configuration.port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
            continue
        webbrowser.open(address(configuration))
        return


def serve(configuration: Configuration) -> int:
    """Hand the process to Streamlit's own server, which finds `app` in app.py, theme and static files."""
    from streamlit.web.cli import main as streamlit

    # An address given as a flag also keeps Streamlit from asking the net for this machine's public one.
    flags = {
        "server.address": configuration.host,
        "server.port": configuration.port,
        "server.maxUploadSize": configuration.max_upload_mb,
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    os.chdir(ROOT)
    options = [part for name, value in flags.items() for part in (f"--{name}", str(value))]
    return int(streamlit(["run", "app.py", *options], prog_name="streamlit", standalone_mode=False) or 0)


def _local_name(host: str) -> str:
    if host in {"0.0.0.0", "::"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    sys.exit(main())
