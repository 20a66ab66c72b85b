"""The app: Streamlit's pages, the open workspace and its worker, a health route and security headers.

Start it with `make run`, or `streamlit run app.py`.
"""

import base64
import hashlib
import logging
import os
import re
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from pages.faults import tell_fault
from planning.configuration import read_configuration
from planning.errors import TaktError
from planning.workflows.desk import open_desk, the_desk

ROOT = Path(__file__).resolve().parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def content_security_policy() -> str:
    """What a page may load: itself and nothing from the net; of inline scripts only Streamlit's own."""
    index = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", index, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {allowed}",
            # Streamlit's style engine writes its rules into the page.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Adds the headers that keep a browser from doing what no planner asked for to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [
            (name.encode(), value.encode())
            for name, value in (
                ("content-security-policy", content_security_policy()),
                ("x-frame-options", "DENY"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
                ("cross-origin-opener-policy", "same-origin"),
            )
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the response gets the headers it does not have."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._headers if header[0] not in given),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


async def health(_request: Request) -> JSONResponse:
    """Whether the app is up: {status, version, pid, worker_pid}."""
    return JSONResponse(
        {"status": "ok", "version": VERSION, "pid": os.getpid(), "worker_pid": the_desk().worker_pid()}
    )


async def elsewhere(_request: Request) -> JSONResponse:
    """Where Streamlit's own routes are, for a browser that looks for them below a page.

    On a deep link Streamlit asks below the page first. A 404 there would be an error in the browser's
    console on every visit; any answer that is no success makes it ask at the root.
    """
    return JSONResponse({"choices": ["/_stcore/health", "/_stcore/host-config"]}, status_code=300)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Hold the workspace and the worker for as long as the app runs."""
    try:
        with open_desk(read_configuration()):
            yield
    except TaktError as error:
        # A server that cannot start says why in one sentence; raising would print a traceback instead.
        logging.shutdown()
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(error.exit_code)


app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[Route("/health", health), Route("/{page}/_stcore/{route:path}", elsewhere)],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=tell_fault,
)
