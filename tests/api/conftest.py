"""Servers for the API tests: the real one as a process of its own, small ones in a thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from real_server import LIMIT_MB, START, Server, free_port, wait_until_up


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
