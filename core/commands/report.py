"""`persuadable report`: the example campaign's full set of files."""

from __future__ import annotations

from pathlib import Path

from core import advice
from core.packs.report import write_report
from core.progress import Progress
from core.terminal import say
from core.workspace import Workspace


def report(out: Path, progress: Progress) -> None:
    """Write the report folder and say where it is."""
    report = write_report(out, Workspace(), progress)
    if report.simulated:
        say(advice.SIMULATED)
    say(f"Wrote the report to {report.folder}.")
