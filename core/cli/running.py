"""What every command does around its work."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.progress import Progress
from core.terminal import ProgressStyle, errors_told, progress_shown


@contextmanager
def running(progress: str) -> Iterator[Progress]:
    """While a command works: errors told once, progress shown as asked, what is written private."""
    style: ProgressStyle = "json" if progress == "json" else "none" if progress == "none" else "auto"
    if style == "json":
        from core.processes import leave_with_attendants

        leave_with_attendants()  # a job of the app ends with the server that attends to it
    # A termination unwinds the stack, so that what was being written beside is taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with errors_told(style), _artifacts_private(), progress_shown(style) as shown:
        yield shown


@contextmanager
def _artifacts_private() -> Iterator[None]:
    """Keep the artifacts folder for its user, where there is one before or after the work."""
    from core.files import private
    from core.settings import Settings

    artifacts = Settings.from_environment().artifacts
    there = artifacts.is_dir()
    if there:
        private(artifacts)  # what is written into a private folder is private
    try:
        yield
    finally:
        if not there and artifacts.is_dir():
            for path in (private(artifacts), *artifacts.rglob("*")):
                path.chmod(path.stat().st_mode & 0o700)
