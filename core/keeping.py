"""What is kept to save work: scores, plans, packs, customer values and more, each made again when missed.

So the longest unused of it goes where it has grown too much. Models and data sets are not of this kind, and
neither is what a person named: only names that this program gave are looked at.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from core.files import founding_folder
from core.locks import alone
from core.settings import Settings

T = TypeVar("T")
_FORM = f"{version('persuadable')}/7"
"""The code's version and the files' own: part of every name, so that what others left is not read."""

FOLDERS = ("scores", "health", "proposals", "maps", "packs", "clv", "plans", "views", "lists")
_NAME = re.compile(r"[0-9a-f]{32}(\.json|\.npz)?")
_IN_USE = 3600.0  # seconds after its last use in which a thing stays, whatever the limit
_NOTED = 300.0  # seconds within which a further use is not noted
_TRIES = 3  # times that a thing may be removed just after it was made
_LEFT_BEHIND = 86_400.0  # seconds after which what a killed process was making is removed


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept file or folder. size: bytes. unused: seconds since it was last used."""

    path: Path
    size: int
    unused: float


def place(settings: Settings, folder: str, *parts: object) -> Path:
    """Where a result is kept, by all that it depends on: fingerprints and settings, as JSON takes them."""
    key = json.dumps([_FORM, *parts]).encode()
    return settings.artifacts / folder / hashlib.sha256(key).hexdigest()[:32]


def found_or_made(path: Path, read: Callable[[Path], T], make: Callable[[Path], object]) -> T:
    """What `read` finds at a place; where nothing is there, `make` puts it there first, whole.

    Of several who miss the same thing at once, in any process, one makes it and the others wait.
    """
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            used(path)
            return read(path)
        with alone(path.with_name(f".{path.name}.making")):
            if not path.exists():
                make(path)
    return read(path)


def used(path: Path) -> None:
    """Note that a kept thing is used now, so that it stays. Raises FileNotFoundError where it has gone."""
    if time.time() - path.stat().st_mtime > _NOTED:
        os.utime(path)


def founded(settings: Settings, folder: str, parts: tuple[object, ...], make: Callable[[Path], None]) -> Path:
    """The folder of a result that depends on `parts` alone; where it is not there yet, `make` fills it."""
    path = place(settings, folder, *parts)
    with suppress(FileNotFoundError):
        used(path)
        return path
    with founding_folder(path) as beside:
        make(beside)
    tidy(settings)
    return path


def kept(settings: Settings) -> list[Kept]:
    """All that is kept, the longest unused first."""
    now = time.time()
    found = []
    for name in FOLDERS:
        for path in _children(settings.artifacts / name):
            if _NAME.fullmatch(path.name):
                with suppress(OSError):
                    found.append(Kept(path, _size(path), now - path.stat().st_mtime))
    return sorted(found, key=lambda one: (-one.unused, str(one.path)))


def tidy(settings: Settings) -> None:
    """Remove what has expired, then the longest unused until the rest fits the limit, never what is in use.

    Several processes may do so at once, and a kill leaves a thing whole or gone.
    """
    things = kept(settings)
    total = sum(one.size for one in things)
    for one in things:
        expired = one.unused > settings.cache_days * 86_400
        if one.unused > _IN_USE and (expired or total > settings.cache_mb * 1_000_000):
            _remove(one.path)
            total -= one.size
    for name in (*FOLDERS, "models"):
        for path in _children(settings.artifacts / name):
            with suppress(OSError):
                if _is_half_made(path) and time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                    _delete(path)


def _is_half_made(path: Path) -> bool:
    """As `core.files` names what is being written, and `_remove` what is going: .NAME.RANDOM."""
    return path.name.startswith(".") and (path.is_dir() or _NAME.match(path.name[1:]) is not None)


def _remove(path: Path) -> None:
    """At a stroke for all who look: first it loses its name, then it is deleted."""
    going = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with suppress(FileNotFoundError):  # another process was first
        path.rename(going)
        _delete(going)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _children(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from folder.iterdir()


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else (path,)))
