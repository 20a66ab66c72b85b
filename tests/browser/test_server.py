"""What the server says besides its pages."""

import json
import re
import subprocess
import sys
import urllib.request

from tests.browser.conftest import ROOT
from tests.builders.server import Server, environment_of, free_port


def test_every_answer_carries_the_security_headers(planned: Server) -> None:
    for address in ("/", "/plan", "/health", "/_stcore/health"):
        with urllib.request.urlopen(planned.url + address) as answer:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe-eval" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"


def test_health_tells_version_and_process(planned: Server) -> None:
    health = json.loads(urllib.request.urlopen(f"{planned.url}/health").read())
    assert health["status"] == "ok"
    assert health["pid"] == planned.process.pid
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", health["version"])


def test_a_second_server_on_the_same_workspace_says_who_has_it(planned: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "setup.serve"],
        cwd=ROOT,
        env=environment_of(planned.workspace, port=free_port()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert f"process {planned.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr + second.stdout
