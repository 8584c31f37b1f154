"""Processes that start, watch and end one another: known by pid and start time, because pids are reused."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

ATTENDED_BY = "PERSUADABLE_ATTENDED_BY"
"""Environment variable of a job: the processes that must live for it to go on, as 'pid:start pid:start'."""

_CLOCK_SLACK = 2.0  # seconds; the start time is derived from the boot time, which moves when the clock is set


@dataclass(frozen=True, slots=True)
class ProcessKey:
    """One process of this machine. started: seconds since the epoch, as the system tells it."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int | None = None) -> ProcessKey:
        """The key of a living process (default: this one); a dead one gets a key that is not alive."""
        pid = os.getpid() if pid is None else pid
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return cls(pid, -1.0)

    @classmethod
    def parse(cls, text: str) -> ProcessKey:
        """Read what `str` wrote. Raises ValueError."""
        pid, _, started = text.partition(":")
        return cls(int(pid), float(started))

    def __str__(self) -> str:
        return f"{self.pid}:{self.started!r}"

    @property
    def alive(self) -> bool:
        """Whether this very process is still running (a zombie is not)."""
        process = self._process()
        try:
            return process is not None and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def end_tree(self, grace: float = 0.7, patience: float = 1.0) -> bool:
        """End the process and everything it started; True when all are gone.

        Asked first, so that what was being written beside is taken away; killed after `grace` seconds.
        `patience`: seconds to wait for the killed.
        """
        process = self._process()
        if process is None:
            return True
        family = [process, *_descendants(process)]
        _signal(process, kill=False)
        _wait([process], grace)
        family = list({*family, *_descendants(process)})
        for member in sorted(family, key=lambda member: member.pid != self.pid):
            _signal(member, kill=True)  # the parent first, so that it starts no more children
        return _wait(family, patience)

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) <= _CLOCK_SLACK
        except psutil.Error:
            return None
        return process if same else None


def leave_with_attendants(every: float = 0.5) -> None:
    """In a job: exit at once, children included, when a process named in ATTENDED_BY is gone.

    Called once at the start of the command line; does nothing where the variable is not set.
    """
    attendants = [ProcessKey.parse(part) for part in os.environ.get(ATTENDED_BY, "").split()]
    if not attendants:
        return

    def watch() -> None:
        while all(attendant.alive for attendant in attendants):
            time.sleep(every)
        me = psutil.Process()
        for child in _descendants(me):
            _signal(child, kill=True)
        _signal(me, kill=False)
        time.sleep(1.0)
        os._exit(1)  # not sys.exit: the main thread may be deep inside native code

    threading.Thread(target=watch, name="attendants", daemon=True).start()


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _signal(process: psutil.Process, *, kill: bool) -> None:
    with suppress(psutil.Error):
        if kill:
            process.kill()
        else:
            process.terminate()


def _wait(processes: list[psutil.Process], patience: float) -> bool:
    """Whether all are gone in time. Not psutil.wait_procs: that would take the exit code from a Popen."""
    deadline = time.monotonic() + patience
    while not all(_gone(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True
