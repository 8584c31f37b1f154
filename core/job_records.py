"""A job's record on disk, and its state as the life of its processes shows it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from core import files
from core.processes import ProcessKey
from core.settings import Settings

State = Literal["queued", "running", "done", "failed", "cancelled", "stopped"]

STOPPED = "The job stopped before finishing. Nothing half-written is kept; start it again."
CANCELLED = "Cancelled. Nothing half-written is kept."
_UNCLAIMED = 30.0  # seconds a booked job may wait for its supervisor
_SILENT = 120.0  # seconds without a heartbeat after which a job on another machine counts as stopped
JOB_ID = re.compile(r"[0-9a-f]{32}")
ENDINGS = (".json", ".log", ".cancel", ".claim", ".problems.csv")
"""Of the files a job keeps beside one another."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What is known of one job.

    percent: 0-100 of the whole work. pid: the interpreter that works. heartbeat, created: seconds since the
    epoch. artifact: path of what was made. message: a sentence for people once the job has ended. problems:
    at most 15, as `Problem.as_dict`; problem_count: how many there were, all of them at `problems_file`.
    key: fingerprint of the work. process, supervisor: ProcessKeys as text.
    """

    id: str
    kind: str
    title: str
    state: State
    created: float
    key: str
    step: str = ""
    percent: float = 0.0
    pid: int | None = None
    heartbeat: float = 0.0
    artifact: str | None = None
    message: str = ""
    problems: tuple[dict[str, object], ...] = ()
    problem_count: int = 0
    process: str = ""
    supervisor: str = ""

    @property
    def live(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in ("queued", "running")

    @property
    def reference(self) -> str:
        """The id a person quotes; the log file's name begins with it."""
        return self.id[:8]


def folder_of(settings: Settings | None) -> Path:
    """Where an installation keeps its job records; made where missing."""
    return files.private((settings or Settings.from_environment()).artifacts / "jobs")


def read(path: Path) -> JobRecord | None:
    """A record as it stands now, judged by the life of its processes; None where it cannot be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        record = JobRecord(**{**values, "problems": tuple(values.get("problems", ()))})
    except (OSError, ValueError, TypeError):
        return None
    if not record.live:
        return record
    if cancel_mark(path.parent, record.id).exists():
        return replace(record, state="cancelled", message=CANCELLED)
    return record if _lives(record) else replace(record, state="stopped", message=STOPPED)


def write(record: JobRecord, folder: Path) -> None:
    """Write a record whole or not at all."""
    files.write_json(folder / f"{record.id}.json", asdict(record))


def problems_file(folder: Path, identifier: str) -> Path:
    """Where a job that failed keeps everything that is wrong with its file, as CSV."""
    return folder / f"{identifier}.problems.csv"


def cancel_mark(folder: Path, identifier: str) -> Path:
    """The file whose presence says that the user cancelled the job."""
    return folder / f"{identifier}.cancel"


def _lives(record: JobRecord) -> bool:
    silence = time.time() - record.heartbeat
    if not record.supervisor:
        return silence < _UNCLAIMED
    attended = attendants(record)[0].alive
    working = bool(record.process) and ProcessKey.parse(record.process).alive
    return (attended or working) and silence < _SILENT


def attendants(record: JobRecord) -> list[ProcessKey]:
    """The supervisor and the server it belongs to."""
    return [ProcessKey.parse(part) for part in record.supervisor.split()]
