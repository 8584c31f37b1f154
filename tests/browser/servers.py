"""A real server as a process of its own, on a folder of its own, that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from core.commands.example import ROLES
from core.commands.train import fit
from core.data import examples
from core.data.schema import Roles
from core.settings import Settings
from core.workspace import Workspace


@dataclass
class Server:
    """One installation and the process that serves it."""

    folder: Path
    port: int
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    workers: int = 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def workspace(self) -> Workspace:
        artifacts = Path(self.environment["PERSUADABLE_ARTIFACTS_DIR"])
        return Workspace(replace(Settings.from_environment(), artifacts=artifacts))

    def start(self) -> None:
        options = ["--port", str(self.port), "--workers", str(self.workers)]
        command = [sys.executable, "-m", "core.cli", "serve", *options]
        log: IO[bytes] = self.log.open("ab")
        with log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()}")
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.url}/health", timeout=2).close()
                return
            time.sleep(0.2)
        raise RuntimeError("the server did not come up in 90 s")

    def kill(self) -> None:
        """kill -9: the server, not what it started."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextmanager
def serving(folder: Path, workers: int = 1) -> Iterator[Server]:
    """A running server over the installation of a folder, which may be empty."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PERSUADABLE_ARTIFACTS_DIR": str(folder / "artifacts"),
        "OMP_NUM_THREADS": "1",
    }
    server = Server(folder, port, environment, workers=workers)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def small_campaign(
    server: Server, rows: int = 8000, roles: Roles = ROLES, name: str = "small", learner: str = "t-rf"
) -> str:
    """A simulated campaign with its model in the server's installation; the query that shows it."""
    frame, _ = examples.simulate(rows=rows, seed=7)
    workspace = server.workspace
    data = workspace.data.add(frame, f"Simulated campaign, {name}", roles, simulated=True)
    fit(workspace.data.frame(data.id), roles, workspace.models_folder / name, learner=learner)
    workspace.scored(data.id, name)
    return f"data={data.id}&model={name}"
