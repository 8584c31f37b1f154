"""Files written beside and renamed: a kill at any moment leaves the old or the new, never half."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


def private(folder: Path) -> Path:
    """Make the folder where it is missing, for its user alone: what stands in it are customers' data."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shared = folder.stat().st_mode & stat.S_ISVTX  # a place for everyone's files, such as /tmp
    with suppress(PermissionError):  # of another user, who decides
        if not shared:
            folder.chmod(0o700)
    return folder


def _beside(path: Path, suffix: str = "") -> Path:
    """A new name in the folder of `path`."""
    return path.with_name(f".{path.stem}.{secrets.token_hex(8)}{suffix}")


def _mode(path: Path) -> int:
    """For whom the folder around `path` is; the system takes the umask away."""
    return path.parent.stat().st_mode & 0o777


def _made(folder: Path) -> None:
    """Make the folder where it is missing, and those around it, for whom the first that is there is."""
    if not folder.is_dir():
        _made(folder.parent)
        folder.mkdir(_mode(folder), exist_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder with the same ending; renamed onto `path` on success.

    In a private folder the file is private, elsewhere as the umask has it.
    """
    _made(path.parent)
    beside = _beside(path, "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix)
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _mode(path) & 0o666))
    try:
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside `folder`; what is left of it at the end is removed."""
    _made(folder.parent)
    beside = _beside(folder)
    beside.mkdir(_mode(folder))
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `folder`; on success it takes the place of what stood there."""
    with _new_folder(folder) as beside:
        yield beside
        if not folder.exists():
            beside.replace(folder)
        elif not _exchanged(beside, folder):
            with _new_folder(folder) as old:
                folder.replace(old / folder.name)
                beside.replace(folder)


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two folders at a stroke (Linux's renameat2); False where the system cannot."""
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(swap(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
    except (AttributeError, OSError, TypeError):
        return False


@contextmanager
def founding_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `folder`; where another writer was first, its folder stays.

    For results that depend on nothing but their name: all writers write the same.
    """
    with _new_folder(folder) as beside:
        yield beside
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text whole or not at all."""
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all; NaN and infinity are refused (they are not JSON)."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
