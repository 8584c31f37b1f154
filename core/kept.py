"""Results kept on disk under the name of what they were made from; those used least recently go first."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from core.files import founding_folder

DAYS, BYTES = 7.0, 4_000_000_000
"""How long a result stays unused, and how much a folder of results may hold."""
_DAY = 86_400.0


def kept(folder: Path, key: str, make: Callable[[Path], None]) -> Path:
    """The folder of a result within `folder`; where it is not there yet, `make` fills it.

    key: all that the result depends on beside the code's version. A result is whole or not there, and the
    same for everyone; it goes when it was not used for DAYS, or when newer ones fill BYTES.
    """
    name = hashlib.sha256(f"{version('persuadable')}:{key}".encode()).hexdigest()[:32]
    path = folder / name
    if path.is_dir():
        with suppress(OSError):
            os.utime(path)
        return path
    with founding_folder(path) as beside:
        make(beside)
    sweep(folder, spare=path)
    return path


def sweep(folder: Path, *, spare: Path, days: float = DAYS, most_bytes: int = BYTES) -> None:
    """Remove what was not used for `days`, then the longest unused until `most_bytes` hold the others."""
    ages = []
    for path in folder.iterdir():
        with suppress(OSError):
            if path != spare:
                ages.append((path.stat().st_mtime, path))
    room = most_bytes - _size(spare)
    for used, path in sorted(ages, reverse=True):
        room -= _size(path)
        if room < 0 or time.time() - used > days * _DAY:
            shutil.rmtree(path, ignore_errors=True)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total
