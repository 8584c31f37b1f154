"""Servers for the API tests: the real one as a process of its own, small ones in a thread."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

START = """
import uvicorn
uvicorn.run("webapp.server:create_server", factory=True, port={port}, log_level="warning")
"""
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


def wait_until_up(url: str, process: subprocess.Popen[Any] | None = None, seconds: float = 60.0) -> None:
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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """uvicorn on a free port, with a small simulated campaign, its model, and a low upload limit."""
    from core.data import examples
    from core.data.readers import write_table

    folder = tmp_path_factory.mktemp("server")
    artifacts = folder / "artifacts"
    environment = {
        **os.environ,
        "PERSUADABLE_ARTIFACTS_DIR": str(artifacts),
        "PERSUADABLE_MAX_UPLOAD_MB": str(LIMIT_MB),
        "OMP_NUM_THREADS": "1",
    }
    frame, _ = examples.simulate(rows=6000, seed=7)
    audience = folder / "campaign.csv"
    write_table(frame, audience)
    port = free_port()
    made = Server(
        f"http://127.0.0.1:{port}",
        artifacts,
        audience,
        artifacts / "models" / "small",
        folder / "log",
        environment,
    )
    trained = made.cli(
        "train", "--in", str(audience), "--outcome", "spend", "--treatment", "segment",
        "--control", "No E-Mail", "--out", str(made.model),
    )  # fmt: skip
    assert trained.returncode == 0, trained.stderr
    with made.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START.format(port=port)], env=environment, stdout=log, stderr=log
        )
    try:
        wait_until_up(made.url, process)
        yield made
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as made:
        yield made


@pytest.fixture
def serving() -> Iterator[Callable[[Any], str]]:
    """serving(app) -> url: an ASGI application on a real uvicorn in a thread."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(app: Any) -> str:
        port = free_port()
        one = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=one.run, daemon=True)
        thread.start()
        running.append((one, thread))
        while not one.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{port}"

    yield serve
    for one, thread in running:
        one.should_exit = True
        thread.join(timeout=10)
