"""Long work: a record on disk per job, run by a fresh interpreter, seen alike by every page and worker.

`start` books the work (the same work twice is one job), `supervise` sees to it that it runs and follows it,
`cancel` ends the process tree, `jobs` lists them. Only the job's runner writes a record once it is booked;
others leave a mark beside it, so nothing needs a lock while it runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from core.errors import NotFoundError
from core.job_records import ENDINGS, JOB_ID, JobRecord, attendants, cancel_mark, folder_of, read, write
from core.job_runs import supervise
from core.locks import alone
from core.processes import ProcessKey
from core.settings import Settings

__all__ = ["JobRecord", "cancel", "job", "jobs", "start", "stop_all", "supervise"]

_KEPT = 100  # records kept on disk


def start(
    kind: str,
    argv: Sequence[str],
    title: str,
    *,
    artifact: str | Path | None = None,
    settings: Settings | None = None,
) -> JobRecord:
    """Book a job, or return the one that does or has done the same work.

    argv: arguments of the command line. artifact: path of what the work makes; a finished job is returned
    again only while its artifact stands. Two callers at the same moment get the same job.
    """
    folder = folder_of(settings)
    key = _fingerprint(kind, argv)
    with alone(folder / ".booking"):
        for known in jobs(settings):
            made = known.artifact is not None and Path(known.artifact).exists()
            made = made and known.artifact == _text(artifact)
            if known.key == key and (known.live or (known.state == "done" and made)):
                return known
        now = time.time()
        record = JobRecord(
            secrets.token_hex(16), kind, title, "queued", now, key, heartbeat=now, artifact=_text(artifact)
        )
        write(record, folder)
        _forget_old(folder)
    return record


def jobs(settings: Settings | None = None) -> list[JobRecord]:
    """All jobs, the newest first; one whose processes are gone is shown as stopped."""
    folder = folder_of(settings)
    records = [read(path) for path in folder.glob("*.json") if JOB_ID.fullmatch(path.stem)]
    return sorted((record for record in records if record is not None), key=lambda r: (-r.created, r.id))


def job(identifier: str, settings: Settings | None = None) -> JobRecord:
    """One job by its id. Raises NotFoundError."""
    record = read(folder_of(settings) / f"{identifier}.json") if JOB_ID.fullmatch(identifier) else None
    if record is None:
        raise NotFoundError(
            "There is no such job.", "It may have been removed; the jobs list shows what is there."
        )
    return record


def cancel(identifier: str, settings: Settings | None = None) -> JobRecord:
    """End a job and every process it started, within two seconds; a job that has ended stays as it is.

    Raises NotFoundError.
    """
    record = job(identifier, settings)
    if not record.live:
        return record
    folder = folder_of(settings)
    cancel_mark(folder, identifier).touch()  # before the kill, so that the runner knows why it ended
    if record.process:
        ProcessKey.parse(record.process).end_tree()
    return job(identifier, settings)


def stop_all(server: ProcessKey, settings: Settings | None = None) -> None:
    """End the jobs that are supervised from `server`, which is closing; they are then shown as stopped."""
    for record in jobs(settings):
        if record.state == "running" and server in attendants(record):
            ProcessKey.parse(record.process).end_tree()


def _text(path: str | Path | None) -> str | None:
    return None if path is None else str(path)


def _fingerprint(kind: str, argv: Sequence[str]) -> str:
    """Of the code's version, the arguments, and size and time of every input file they name."""
    digest = hashlib.sha256(json.dumps([version("persuadable"), kind, *argv]).encode())
    for before, argument in zip(("", *argv), argv):
        # os.path, not Path: what is too long to be a path is no file, and no fault.
        path = os.path.join(argument, "meta.json") if os.path.isdir(argument) else argument  # noqa: PTH112, PTH118
        if before not in ("--out", "--report") and os.path.isfile(path):  # noqa: PTH113
            stat = Path(path).stat()
            digest.update(f"{stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _forget_old(folder: Path) -> None:
    """Keep the newest records; what runs is never among the oldest, or is kept all the same."""
    records = (path for path in folder.glob("*.json") if JOB_ID.fullmatch(path.stem))
    dated = sorted(records, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in dated[_KEPT:]:
        record = read(path)
        if record is None or not record.live:
            for ending in ENDINGS:
                path.with_suffix(ending).unlink(missing_ok=True)
