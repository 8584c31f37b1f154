"""A real server as a process of its own, and how its problems are read."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START = "from core.commands.serve import serve; serve('127.0.0.1', {port}, workers=1)"
LIMIT_MB = 3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A real server with one trained model, and the audience file it was tried on."""

    url: str
    artifacts: Path
    audience: Path
    model: Path
    log: Path
    environment: dict[str, str]

    def cli(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *argv], capture_output=True, text=True, env=self.environment
        )


def wait_until_up(url: str, process: subprocess.Popen[Any] | None = None, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process is None or process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.1)


def problem_of(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    """The problem details of an answer; any refusal's status where none is named."""
    assert answer.status_code in (statuses or (400, 413, 415, 422)), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "detail"} <= body.keys()
    assert body["detail"]
    assert "Traceback" not in answer.text
    return body


def emptied(folder: Path, seconds: float = 10.0) -> bool:
    """Whether a folder is empty soon: what was received is removed after the answer is out."""
    deadline = time.monotonic() + seconds
    while list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not list(folder.iterdir())
