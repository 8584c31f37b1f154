"""`persuadable report`: the example campaign's full set of files."""

from __future__ import annotations

from pathlib import Path

from core.packs.report import write_report
from core.progress import Progress
from core.terminal import say
from core.workspace import Workspace


def report(out: Path, progress: Progress) -> None:
    """Write the report folder and say where it is."""
    write_report(out, Workspace(), progress)
    say(f"Wrote the report to {out}.")
