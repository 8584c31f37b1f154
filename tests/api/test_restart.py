"""kill -9 of the server in a training: nothing half-written is offered, the job is shown as stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from real_server import START, free_port, wait_until_up

from components import ids
from core import jobs
from core.data.readers import write_table
from core.data.simulate import simulate
from core.job_records import JobRecord
from core.processes import ProcessKey
from core.settings import Settings
from core.workspace import Workspace
from pages import work

ROLES = {"treatment": "segment", "control": "No E-Mail", "outcome": "spend", "id": None}


class Restartable:
    """A server on a folder of its own that can be killed and come again."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(artifacts=folder / "artifacts")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, workers: int = 1) -> None:
        code = START.format(port=self.port).replace("workers=1", f"workers={workers}")
        environment = {**os.environ, "PERSUADABLE_ARTIFACTS_DIR": str(self.settings.artifacts)}
        self.process = subprocess.Popen([sys.executable, "-c", code], env=environment)
        wait_until_up(self.url, self.process, 120)

    def train(self, data_id: str, learner: str) -> JobRecord:
        """Book and start a training as the page does: the background callback's request."""
        asked = {"data": data_id, "roles": ROLES, "learner": learner}
        _, booked = work.book(Workspace(self.settings), "train", asked, [])
        request = {
            "output": f"{ids.FINISHED}.data",
            "outputs": {"id": ids.FINISHED, "property": "data"},
            "inputs": [{"id": ids.START_JOB, "property": "data", "value": booked}],
            "changedPropIds": [f"{ids.START_JOB}.data"],
        }
        answer = httpx.post(f"{self.url}/_dash-update-component", json=request, timeout=60)
        assert answer.status_code == 200, answer.text
        wait_for(lambda: any(job.process and job.live for job in self.jobs()))
        return jobs.job(booked["id"], self.settings)

    def jobs(self) -> list[JobRecord]:
        return jobs.jobs(self.settings)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restartable]:
    made = Restartable(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        family = psutil.Process(made.process.pid).children(recursive=True)
        made.process.terminate()
        made.process.wait(timeout=30)
        psutil.wait_procs(family, timeout=10)


@pytest.fixture
def data_id(server: Restartable, tmp_path: Path) -> str:
    """A campaign large enough that its training does not end before it is interrupted."""
    write_table(simulate(rows=40_000, seed=3)[0], tmp_path / "campaign.csv")
    return Workspace(server.settings).data.add_file(tmp_path / "campaign.csv").id


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_killed_server_leaves_nothing_half_written(server: Restartable, data_id):
    server.up()
    job = server.train(data_id, "t-rf-deep")
    running = ProcessKey.parse(job.process)
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not running.alive, 10)
    server.up()
    told = httpx.get(f"{server.url}/api/jobs/{job.id}").json()
    assert told["state"] == "stopped"
    assert "start it again" in told["message"]
    assert Workspace(server.settings).models() == []
    again = server.train(data_id, "t-rf-deep")  # and it can be started again
    assert again.id != job.id
    began = time.monotonic()
    server.process.terminate()  # a server that closes takes its work along
    server.process.wait(timeout=30)
    assert time.monotonic() - began < 10
    assert not ProcessKey.parse(again.process).alive
    wait_for(lambda: jobs.job(again.id, server.settings).state == "stopped", 10)  # its runner says so
    server.process = None


def test_killing_the_first_of_several_processes_ends_them_all(server: Restartable, data_id):
    server.up(workers=2)
    job = server.train(data_id, "t-rf-deep")
    assert server.process is not None
    family = psutil.Process(server.process.pid).children(recursive=True)
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family), 30)
    wait_for(lambda: not ProcessKey.parse(job.process).alive, 10)
    server.process = None
