"""The runner of one job: a process of its own, between the server and the command line.

It belongs to no page: reloading one, or starting other work from it, does not end it. Its server's end does.
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

from core.job_records import CANCELLED, STOPPED, JobRecord, cancel_mark, problems_file, read, write
from core.processes import ATTENDED_BY, ProcessKey

_BEHIND = 10  # how far long work stands back behind the pages, where the system knows of it
_TICK = 0.1  # seconds between looks at the process and the cancel mark
_BEAT = 1.0  # seconds between heartbeats
_SHOWN_PROBLEMS = 15
_ENDED = (130, 143)  # exit codes of a command line that was told to stop


def main(folder: str, identifier: str, server: str, *argv: str) -> None:
    """Run `argv` for the booked job of that id, while the process `server` lives."""
    if hasattr(os, "nice"):
        os.nice(_BEHIND)
    record = read(Path(folder) / f"{identifier}.json")
    if record is not None and record.live:
        _Run(argv, record, Path(folder), ProcessKey.parse(server)).to_the_end()


class _Run:
    """One run of one job: the child, what it has said so far, and the record that follows from both."""

    def __init__(self, argv: Sequence[str], job: JobRecord, folder: Path, server: ProcessKey) -> None:
        self.record, self.folder, self.argv = job, folder, argv
        self.said: dict[str, Any] = {}
        self.attendants = [ProcessKey.of(), server]

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
            problems = tuple(error.get("problems", ()))
            self._keep(problems)
            self._write(
                state="failed",
                message=str(error["message"]),
                problems=problems[:_SHOWN_PROBLEMS],
                problem_count=int(error.get("count", len(problems))),
            )
        elif code == 2 and (told := self._last_words()):
            self._write(state="failed", message=told)
        elif code is not None and code > 0 and code not in _ENDED:
            message = f"The job failed through a fault of ours (reference id {self.record.reference})."
            self._write(state="failed", message=message)
        else:
            self._write(state="stopped", message=STOPPED)
        return self.record

    def _keep(self, problems: Sequence[dict[str, Any]]) -> None:
        """All of them as CSV, for the person who mends the file."""
        if not problems:
            return
        import pandas as pd  # only where a file is wrong: a runner is to start quickly

        from core.data.writers import write_table

        columns = ["row", "column", "value", "message", "fix"]
        table = pd.DataFrame(problems, columns=columns).astype({"row": "Int64"})
        write_table(table, problems_file(self.folder, self.record.id))

    def _last_words(self) -> str:
        """What the command line told the user on standard error, where it could say no more (disk full)."""
        lines = (
            (self.folder / f"{self.record.id}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        )
        return next((line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")), "")

    def _write(self, **changes: Any) -> None:
        self.record = replace(self.record, heartbeat=time.time(), **changes)
        write(self.record, self.folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
