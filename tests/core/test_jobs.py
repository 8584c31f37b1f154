"""Jobs: named steps, cancel within two seconds, one run for the same work, and the truth after a kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core import jobs
from core.errors import NotFoundError
from core.job_records import JobRecord, attendants, folder_of
from core.job_runs import SERVER
from core.processes import ProcessKey
from core.settings import Settings

WORK = """
import json, os, subprocess, sys, time
from core.processes import leave_with_attendants
leave_with_attendants(every=0.1)
mode, out = sys.argv[1], sys.argv[3]
def say(value): print(json.dumps(value), flush=True)
say({"step": "Reading", "share": 0.25})
open(out + ".runs", "a").write("run\\n")
if mode == "slow":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open(out + ".pids", "w").write(f"{os.getpid()} {child.pid}")
    time.sleep(60)
elif mode == "wrong":
    say({"error": {"type": "DataError", "message": "The file is empty. Send one with rows.", "problems": []}})
    sys.exit(2)
elif mode == "fault":
    raise ZeroDivisionError
elif mode == "brief":
    time.sleep(0.6)
say({"step": "Writing", "share": 0.9})
time.sleep(0.3)
open(out, "w").write("made")
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(artifacts=tmp_path / "artifacts")


@pytest.fixture
def work(tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "work.py"
    path.write_text(WORK)
    return (sys.executable, str(path))


def begin(settings: Settings, tmp_path: Path, mode: str) -> tuple[list[str], JobRecord, Path]:
    out = tmp_path / "made"
    argv = [mode, "--out", str(out)]
    return argv, jobs.start("train", argv, "Training", artifact=out, settings=settings), out


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_job_tells_its_steps_and_ends_done(settings, work, tmp_path):
    argv, job, out = begin(settings, tmp_path, "quick")
    assert job.state == "queued"
    steps: list[tuple[str, float]] = []
    done = jobs.supervise(argv, job, lambda *told: steps.append(told), settings=settings, command=work)
    assert (done.state, done.percent, done.artifact) == ("done", 100.0, str(out))
    assert ("Writing", 0.9) in steps
    assert jobs.job(job.id, settings) == done


def test_the_same_work_asked_twice_runs_once(settings, work, tmp_path):
    argv, job, out = begin(settings, tmp_path, "brief")
    assert begin(settings, tmp_path, "brief")[1].id == job.id
    ended: list[JobRecord] = []

    def watcher() -> None:
        ended.append(jobs.supervise(argv, job, settings=settings, command=work))

    threads = [threading.Thread(target=watcher) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [record.state for record in ended] == ["done"] * 3
    assert Path(f"{out}.runs").read_text() == "run\n"
    assert begin(settings, tmp_path, "brief")[1].id == job.id
    out.unlink()  # what was made is gone: the work is done again
    assert begin(settings, tmp_path, "brief")[1].id != job.id


def test_changed_input_is_other_work(settings, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text("a\n1\n")
    first = jobs.start("train", ["--in", str(table)], "Training", settings=settings)
    table.write_text("a\n1\n2\n")
    assert jobs.start("train", ["--in", str(table)], "Training", settings=settings).id != first.id


def test_two_bookings_at_the_same_moment_are_one_job(settings, tmp_path):
    argv, found = ["quick", str(tmp_path / "made")], []
    threads = [
        threading.Thread(target=lambda: found.append(jobs.start("train", argv, "T", settings=settings).id))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_cancel_ends_the_whole_tree_within_two_seconds(settings, work, tmp_path):
    argv, job, out = begin(settings, tmp_path, "slow")
    ended: list[JobRecord] = []
    thread = threading.Thread(
        target=lambda: ended.append(jobs.supervise(argv, job, settings=settings, command=work))
    )
    thread.start()
    wait_for(lambda: Path(f"{out}.pids").exists() and Path(f"{out}.pids").read_text())
    pids = [int(pid) for pid in Path(f"{out}.pids").read_text().split()]
    wait_for(lambda: jobs.job(job.id, settings).process)
    began = time.monotonic()
    cancelled = jobs.cancel(job.id, settings)
    assert time.monotonic() - began < 2.0
    assert cancelled.state == "cancelled"
    assert not any(ProcessKey.of(pid).alive for pid in pids)
    thread.join(timeout=10)
    assert ended[0].state == "cancelled"
    assert not out.exists()
    assert jobs.cancel(job.id, settings).state == "cancelled"  # again: no harm


def test_a_job_cancelled_before_it_began_never_begins(settings, work, tmp_path):
    argv, job, out = begin(settings, tmp_path, "quick")
    jobs.cancel(job.id, settings)
    assert jobs.supervise(argv, job, settings=settings, command=work).state == "cancelled"
    assert not Path(f"{out}.runs").exists()


def test_what_the_user_can_mend_is_told_in_the_users_words(settings, work, tmp_path):
    argv, job, _ = begin(settings, tmp_path, "wrong")
    failed = jobs.supervise(argv, job, settings=settings, command=work)
    assert (failed.state, failed.message) == ("failed", "The file is empty. Send one with rows.")


def test_a_fault_of_ours_gives_a_reference_and_a_log_but_no_trace(settings, work, tmp_path):
    argv, job, _ = begin(settings, tmp_path, "fault")
    failed = jobs.supervise(argv, job, settings=settings, command=work)
    assert failed.state == "failed"
    assert job.id[:8] in failed.message
    assert "Traceback" not in failed.message
    log = folder_of(settings) / f"{job.id}.log"
    assert "ZeroDivisionError" in log.read_text()
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0


def test_a_killed_job_is_shown_as_stopped(settings, work, tmp_path):
    argv, job, out = begin(settings, tmp_path, "slow")
    ended: list[JobRecord] = []
    thread = threading.Thread(
        target=lambda: ended.append(jobs.supervise(argv, job, settings=settings, command=work))
    )
    thread.start()
    wait_for(lambda: Path(f"{out}.pids").exists() and Path(f"{out}.pids").read_text())
    process, child = (int(pid) for pid in Path(f"{out}.pids").read_text().split())
    psutil.Process(process).kill()
    psutil.Process(child).kill()
    thread.join(timeout=10)
    assert ended[0].state == "stopped"
    assert "start it again" in ended[0].message


FOLLOW = """
from pathlib import Path
from core import jobs
from core.settings import Settings
settings = Settings(artifacts=Path({artifacts!r}))
jobs.supervise({argv!r}, jobs.job({job!r}, settings), settings=settings, command={work!r})
"""


def test_work_outlives_the_page_that_follows_it(settings, work, tmp_path, monkeypatch):
    """A page that starts other work kills its follower with all its children: psutil's own tree walk."""
    argv, job, out = begin(settings, tmp_path, "brief")
    code = FOLLOW.format(artifacts=str(settings.artifacts), argv=argv, job=job.id, work=work)
    environment = {**os.environ, SERVER: str(ProcessKey.of())}
    follower = subprocess.Popen([sys.executable, "-c", code], env=environment)
    wait_for(lambda: jobs.job(job.id, settings).state == "running")
    for child in psutil.Process(follower.pid).children(recursive=True):
        child.kill()
    follower.kill()
    follower.wait()
    wait_for(lambda: jobs.job(job.id, settings).state == "done")
    assert out.read_text() == "made"


@pytest.mark.parametrize("victim", ["server", "runner", "caller"])
def test_work_ends_with_its_server_and_its_runner(settings, work, tmp_path, victim):
    """kill -9 of either: the work ends by itself, and the record then says stopped.

    Without a server the caller of `supervise` takes its place.
    """
    argv, job, out = begin(settings, tmp_path, "slow")
    code = FOLLOW.format(artifacts=str(settings.artifacts), argv=argv, job=job.id, work=work)
    environment = {name: value for name, value in os.environ.items() if name != SERVER}
    server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    if victim != "caller":
        environment[SERVER] = str(ProcessKey.of(server.pid))
    caller = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        wait_for(lambda: Path(f"{out}.pids").exists() and Path(f"{out}.pids").read_text())
        pids = [int(pid) for pid in Path(f"{out}.pids").read_text().split()]
        wait_for(lambda: jobs.job(job.id, settings).state == "running")
        runner = psutil.Process(attendants(jobs.job(job.id, settings))[0].pid)
        {"server": server, "runner": runner, "caller": caller}[victim].kill()
        wait_for(lambda: not any(ProcessKey.of(pid).alive for pid in pids), 10)
        wait_for(lambda: jobs.job(job.id, settings).state == "stopped", 10)
        wait_for(lambda: not runner.is_running() or runner.status() == psutil.STATUS_ZOMBIE, 10)
    finally:
        for process in (caller, server):
            process.kill()
            process.wait()
    assert not out.exists()
    assert begin(settings, tmp_path, "slow")[1].id != job.id  # it can be started again


def test_a_server_that_closes_stops_its_jobs(settings, work, tmp_path, monkeypatch):
    monkeypatch.setenv(SERVER, str(ProcessKey.of()))
    argv, job, out = begin(settings, tmp_path, "slow")
    ended: list[JobRecord] = []
    thread = threading.Thread(
        target=lambda: ended.append(jobs.supervise(argv, job, settings=settings, command=work))
    )
    thread.start()
    wait_for(lambda: Path(f"{out}.pids").exists() and jobs.job(job.id, settings).process)
    jobs.stop_all(ProcessKey.of(), settings)
    thread.join(timeout=10)
    assert ended[0].state == "stopped"


def test_a_reused_pid_is_not_taken_for_the_job(settings, tmp_path):
    _, job, _ = begin(settings, tmp_path, "quick")
    path = folder_of(settings) / f"{job.id}.json"
    mine = ProcessKey.of()
    stranger = str(ProcessKey(mine.pid, mine.started - 1000))
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "state": "running", "process": stranger, "supervisor": stranger}))
    assert jobs.job(job.id, settings).state == "stopped"


@pytest.mark.parametrize("identifier", ["", "..", "../../etc/passwd", "0" * 32, "x" * 500])
def test_an_unknown_id_is_not_found(settings, identifier):
    with pytest.raises(NotFoundError):
        jobs.job(identifier, settings)


def test_rubbish_in_the_folder_is_passed_over(settings, tmp_path):
    _, job, _ = begin(settings, tmp_path, "quick")
    (folder_of(settings) / f"{'a' * 32}.json").write_text("{half")
    assert [record.id for record in jobs.jobs(settings)] == [job.id]


def test_an_argument_longer_than_a_files_name_may_be_is_no_fault(settings: Settings) -> None:
    """Conditions and long lists of columns are arguments too."""
    columns = ",".join(f"column_{k}" for k in range(200))
    first = jobs.start("train", ["train", "--drop", columns], "Training", settings=settings)
    assert jobs.start("train", ["train", "--drop", columns], "Training", settings=settings).id == first.id
    assert (
        jobs.start("train", ["train", "--drop", columns + ",x"], "Training", settings=settings).id != first.id
    )
