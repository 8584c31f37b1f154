"""Running a booked job: a fresh interpreter on the command line, its progress relayed, its record kept.

A fresh interpreter because OpenMP does not survive a fork, and a crash of the work cannot hurt the server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.job_records import CANCELLED, STOPPED, JobRecord, cancel_mark, folder_of, read, write
from core.processes import ATTENDED_BY, ProcessKey
from core.progress import Progress, silent
from core.settings import Settings

SERVER = "PERSUADABLE_SERVER"
"""Environment variable of a server worker: its own ProcessKey. What it started ends with it."""

COMMAND = (sys.executable, "-m", "core.cli")
_TICK = 0.1  # seconds between looks at the process and the cancel mark
_BEAT = 1.0  # seconds between heartbeats
_SHOWN_PROBLEMS = 15


def supervise(
    argv: Sequence[str],
    job: JobRecord,
    on_progress: Progress = silent,
    *,
    settings: Settings | None = None,
    command: Sequence[str] = COMMAND,
) -> JobRecord:
    """Run `command argv --progress json` for a booked job until it ends, and return its final record.

    on_progress(step, share) is called at each change. A job that another process supervises is followed, not
    run twice; one that has ended is returned as it is. The work ends when this process or its server ends.
    """
    folder = folder_of(settings)
    known = read(folder / f"{job.id}.json") or job
    if not known.live:
        return known
    try:
        os.close(os.open(folder / f"{job.id}.claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return _follow(known, folder, on_progress)
    return _Run(argv, known, folder, on_progress, command).to_the_end()


def _follow(record: JobRecord, folder: Path, on_progress: Progress) -> JobRecord:
    while record.live:
        on_progress(record.step, record.percent / 100)
        time.sleep(3 * _TICK)
        record = read(folder / f"{record.id}.json") or record
    return record


class _Run:
    """One run of one job: the child, what it has said so far, and the record that follows from both."""

    def __init__(
        self, argv: Sequence[str], job: JobRecord, folder: Path, on_progress: Progress, command: Sequence[str]
    ) -> None:
        self.record, self.folder, self.on_progress = job, folder, on_progress
        self.argv = [*command, *argv, "--progress", "json"]
        self.said: dict[str, Any] = {}
        self.attendants = [ProcessKey.of()]
        if os.environ.get(SERVER):
            self.attendants.append(ProcessKey.parse(os.environ[SERVER]))

    def to_the_end(self) -> JobRecord:
        supervisor = " ".join(map(str, self.attendants))
        self._write(supervisor=supervisor)
        if self._cancelled:
            return self._finish(None)
        environment = {**os.environ, ATTENDED_BY: supervisor, "PYTHONUNBUFFERED": "1"}
        log_file = os.open(
            self.folder / f"{self.record.id}.log", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600
        )
        with (
            os.fdopen(log_file, "wb") as log,
            subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment
            ) as child,
        ):
            process = ProcessKey.of(child.pid)
            reader = threading.Thread(target=self._listen, args=(child,), daemon=True)
            reader.start()
            try:
                self._write(state="running", pid=child.pid, process=str(process))
                self._attend(child)
            finally:
                if child.poll() is None:
                    process.end_tree()
            code = child.wait()
            reader.join(timeout=5)
        return self._finish(code)

    @property
    def _cancelled(self) -> bool:
        return cancel_mark(self.folder, self.record.id).exists()

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue  # a plain line for people
            if isinstance(message, dict):
                self.said.update(message)

    def _attend(self, child: subprocess.Popen[bytes]) -> None:
        beat, shown = time.monotonic(), (self.record.step, self.record.percent)
        while child.poll() is None:
            time.sleep(_TICK)
            if self._cancelled or not all(attendant.alive for attendant in self.attendants):
                return
            step, percent = str(self.said.get("step", "")), round(100 * float(self.said.get("share", 0.0)), 1)
            if (step, percent) != shown:
                shown = (step, percent)
                self.on_progress(step, percent / 100)
            elif time.monotonic() - beat < _BEAT:
                continue
            beat = time.monotonic()
            self._write(step=step, percent=percent)

    def _finish(self, code: int | None) -> JobRecord:
        error = self.said.get("error")
        if self._cancelled:
            self._write(state="cancelled", message=CANCELLED)
        elif code == 0:
            artifact = self.said.get("artifact", self.record.artifact)
            self._write(state="done", percent=100.0, artifact=artifact, message="Done.")
        elif isinstance(error, dict) and error.get("message"):
            problems = tuple(error.get("problems", ()))[:_SHOWN_PROBLEMS]
            self._write(state="failed", message=str(error["message"]), problems=problems)
        elif code is not None and code > 0:
            message = f"The job failed through a fault of ours (reference id {self.record.reference})."
            self._write(state="failed", message=message)
        else:
            self._write(state="stopped", message=STOPPED)
        return self.record

    def _write(self, **changes: Any) -> None:
        self.record = replace(self.record, heartbeat=time.time(), **changes)
        write(self.record, self.folder)
