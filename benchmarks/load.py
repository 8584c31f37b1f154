"""Twenty people at their sliders at once, and one who trains meanwhile: no error, and no one waits.

Run: python benchmarks/load.py [--people 20] [--seconds 30] [--workers 2] (needs locust, see below)
A real server over a simulated campaign of 100,000 customers. Each person moves the margin slider after
half a second to a second; a move posts the callbacks of the Profit page at once, as the browser does. First
without, then with a training that takes all processors. Locust drives and measures from a process of its own
on this machine, so that what else it does is in these times; it is not in the server's processor time that
stands beside them.
Promise: no error, 95 of 100 answers within 500 ms.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
QUERY = "PERSUADABLE_LOAD_QUERY"
"""Environment variable: data and model of the campaign that is looked at, as JSON."""
CUSTOMERS = 100_000
PAUSE = (0.5, 1.0)  # seconds between the moves of a person
P95 = 500.0  # milliseconds
MISSING = """This benchmark needs locust, which is not among the locked dependencies. Install it with
    .venv/bin/python -m pip install --editable ".[load]"
"""

sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "tests" / "browser")]

from slider import body, callbacks  # noqa: E402

from core.scenario import Scenario  # noqa: E402

if __name__ == "__main__":
    import httpx
    from browser import prepared, slowdown, work
    from servers import serving

    from components import ids
    from core import jobs
    from core.commands.example import ROLES
    from core.settings import Settings
else:  # read by locust
    import gevent
    from locust import FastHttpUser, between, task

    class Person(FastHttpUser):
        """Someone at the Profit page who moves the margin."""

        wait_time = between(*PAUSE)

        def on_start(self) -> None:
            self.ids = json.loads(os.environ[QUERY])
            with self.client.get("/_dash-dependencies", name="opening") as answer:
                self.moved = callbacks(answer.json())

        @task
        def move(self) -> None:
            margin = random.randrange(1, 1000) / 1000
            asked = Scenario(self.ids["data"], self.ids["model"], margin=margin)
            gevent.joinall([gevent.spawn(self.post, one, asked) for one in self.moved])

        def post(self, callback: dict[str, Any], asked: Scenario) -> None:
            name = callback["output"].strip(".").split(".")[0]
            self.client.post("/_dash-update-component", json=body(callback, asked.to_query()), name=name)


def traffic(url: str, people: int, seconds: int) -> list[dict[str, Any]]:
    """What locust measured, by callback."""
    command = [sys.executable, "-m", "locust", "-f", str(HERE), "--headless", "--host", url, "--json"]
    command += ["-u", str(people), "-r", str(people), "-t", f"{seconds}s", "--exit-code-on-error", "0"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return [one for one in json.loads(done.stdout) if one["name"] != "opening"]


def train(url: str, settings: Settings, data_id: str) -> str:
    """Start a long training as the Data page does; the id of its job, once it works."""
    asked = {"data": data_id, "roles": asdict(ROLES), "learner": "t-rf-deep"}
    request = {
        "output": f"{ids.FINISHED}.data",
        "outputs": {"id": ids.FINISHED, "property": "data"},
        "inputs": [{"id": ids.START_JOB, "property": "data", "value": {"kind": "train", "asked": asked}}],
        "changedPropIds": [f"{ids.START_JOB}.data"],
    }
    httpx.post(f"{url}/_dash-update-component", json=request, timeout=60).raise_for_status()
    while not (working := [job for job in jobs.jobs(settings) if job.live and job.process]):
        time.sleep(0.1)
    return working[0].id


def told(when: str, measured: list[dict[str, Any]], spent: float) -> bool:
    """Print a line a callback; whether the promise is kept."""
    moves = max(one["num_requests"] for one in measured)
    together: Counter[float] = Counter()
    for one in measured:
        together.update({float(ms): count for ms, count in one["response_times"].items()})
        line(f"{when}: {one['name']}", Counter({float(k): v for k, v in one["response_times"].items()}))
    failed = sum(one["num_failures"] for one in measured)
    p95 = line(f"{when}: all answers", together)
    print(f"  errors: {failed}; server CPU a move: {1000 * spent / moves:.0f} ms", flush=True)
    return failed == 0 and p95 <= P95


def line(what: str, times: Counter[float]) -> float:
    """Print the times of answers, in milliseconds by how many; their 95th percentile."""
    every = sorted(times.elements())
    median, p95 = (every[int(share * (len(every) - 1))] for share in (0.5, 0.95))
    print(f"{what:<44}{len(every):>8}{median:>8.0f}{p95:>8.0f}{every[-1]:>8.0f}")
    return p95


def main() -> int:
    """Print the table; 1 where the promise is broken, 2 without locust."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if importlib.util.find_spec("locust") is None:
        print(MISSING, end="")
        return 2

    kept = []
    print(f"{'milliseconds to the answer':<44}{'answers':>8}{'median':>8}{'p95':>8}{'most':>8}")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), options.workers) as server:
        query = prepared(server, CUSTOMERS)
        os.environ[QUERY] = json.dumps(dict(part.split("=") for part in query.split("&")))
        for when in ("alone", "beside a training"):
            training = None
            if when != "alone":
                training = train(server.url, server.workspace.settings, json.loads(os.environ[QUERY])["data"])
            began = work(server)
            measured = traffic(server.url, options.people, options.seconds)
            kept.append(told(when, measured, work(server) - began))
            if training is not None:
                record = jobs.job(training, server.workspace.settings)
                print(f"  the training: {record.state}, {record.percent:.0f} %")
                kept.append(record.state in ("running", "done"))
                jobs.cancel(training, server.workspace.settings)
    print(f"the machine's other work makes a stretch of work take {slowdown():.1f} times as long as it is")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
