"""Of all threads and processes one holds a lock, also right after its holder was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.keeping import found_or_made, place
from core.locks import alone
from core.settings import Settings

HOLD = """
import sys, time
from pathlib import Path
from core.locks import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
COUNT = """
import sys, time
from pathlib import Path
from core.locks import alone
lock, total = map(Path, sys.argv[1:])
for _ in range(50):
    with alone(lock):
        before = int(total.read_text())
        time.sleep(0.001)
        total.write_text(str(before + 1))
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    """A process that holds the lock."""
    made = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    assert made.stdout is not None and made.stdout.readline() == "held\n"
    return made


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_two_processes_and_two_threads_count_without_losing_one(tmp_path: Path) -> None:
    """Each reads and writes back 50 times: 200 in all only if never two at once."""
    lock, total = tmp_path / ".lock", tmp_path / "total"
    total.write_text("0")
    processes = [subprocess.Popen([sys.executable, "-c", COUNT, str(lock), str(total)]) for _ in range(2)]

    def count() -> None:
        for _ in range(50):
            with alone(lock):
                total.write_text(str(int(total.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    assert total.read_text() == "200"
    assert list(tmp_path.iterdir()) == [total], "the lock file goes with its last holder"


def test_after_a_kill_exactly_one_of_those_who_waited_takes_over(tmp_path: Path) -> None:
    """kill -9 while six wait: one makes what is missing, the others find it."""
    path, made = place(Settings(artifacts=tmp_path), "health", "a"), []
    dead = holder(path.with_name(f".{path.name}.making"))

    def make(path: Path) -> None:
        made.append(path)
        time.sleep(0.2)
        path.write_text("examined")

    found: list[str] = []
    waiting = [
        threading.Thread(target=lambda: found.append(found_or_made(path, Path.read_text, make)))
        for _ in range(6)
    ]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    assert made == [] and found == [], "a living holder is waited for"
    killed(dead)
    for thread in waiting:
        thread.join(timeout=10)
    assert found == ["examined"] * 6 and made == [path]
    assert list(path.parent.iterdir()) == [path]


def test_a_fork_that_outlives_the_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    """As the background callbacks do: forked from a server that is then killed."""
    code = HOLD.replace(
        "time.sleep(60)",
        "import os; os.fork() or (print(os.getpid(), flush=True), time.sleep(60)); time.sleep(60)",
    )
    lock = tmp_path / ".lock"
    server = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None and server.stdout.readline() == "held\n"
    fork = int(server.stdout.readline())
    try:
        killed(server)
        with alone(lock):
            os.kill(fork, 0)  # still there
    finally:
        os.kill(fork, 9)


def test_a_fault_leaves_the_lock_free(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(tmp_path / "new" / ".lock"):
        raise ZeroDivisionError
    with alone(tmp_path / "new" / ".lock"):
        pass
