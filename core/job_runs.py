"""Starting and following a booked job: its runner is let go of, its record says how it is getting on.

A fresh interpreter because OpenMP does not survive a fork, and a crash of the work cannot hurt the server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from core.interpreter import environment, module
from core.job_records import JobRecord, folder_of, read
from core.processes import ProcessKey
from core.progress import Progress, silent
from core.settings import Settings

SERVER = "PERSUADABLE_SERVER"
"""Environment variable of a server worker: its own ProcessKey. What it started ends with it."""

COMMAND = module("core.cli")
_TICK = 0.25  # seconds between looks at the record

# A page's process is ended with all its children when the page starts other work; a grandchild whose parent
# has left is not among them. -S: nothing but the standard library is needed, so it starts at once.
_LET_GO = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"


def supervise(
    argv: Sequence[str],
    job: JobRecord,
    on_progress: Progress = silent,
    *,
    settings: Settings | None = None,
    command: Sequence[str] = COMMAND,
) -> JobRecord:
    """Run `command argv --progress json` for a booked job until it ends, and return its final record.

    on_progress(step, share) is called at each change. A job that runs already is followed, not run twice; one
    that has ended is returned as it is. The work outlives its followers; it ends with the server worker that
    started it (SERVER), outside of a server with this process.
    """
    folder = folder_of(settings)
    record = read(folder / f"{job.id}.json") or job
    if record.live and _claim(record, folder):
        server = os.environ.get(SERVER) or str(ProcessKey.of())
        work = [*command, *argv, "--progress", "json"]
        _let_go([*module("core.job_runner"), str(folder), job.id, server, *work])
    shown = None
    while record.live:
        time.sleep(_TICK)
        record = read(folder / f"{job.id}.json") or record
        if (record.step, record.percent) != shown:
            shown = (record.step, record.percent)
            on_progress(record.step, record.percent / 100)
    return record


def _claim(record: JobRecord, folder: Path) -> bool:
    """Whether it is for this caller to run the job: of several at once, one."""
    try:
        os.close(os.open(folder / f"{record.id}.claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def _let_go(argv: Sequence[str]) -> None:
    subprocess.run(
        [sys.executable, "-S", "-c", _LET_GO, *argv],
        check=True,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
