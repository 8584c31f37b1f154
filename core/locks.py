"""One at a time over all processes of this machine: a lock that the system takes back from who was killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(lock: int) -> None:
        while True:
            with suppress(OSError):  # tries for ten seconds
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)
                return

    def _give_back(lock: int) -> None:
        msvcrt.locking(lock, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(lock: int) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX)

    def _give_back(lock: int) -> None:
        fcntl.flock(lock, fcntl.LOCK_UN)


_held: set[int] = set()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no living process or other thread holds the lock file `path`, then hold it.

    The file is made where it is missing, its folder too, and removed at the end; what a killed process left
    of it holds no one up.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = _taken(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows keeps an open file
            path.unlink()
        _give_back(lock)
        _held.discard(lock)
        os.close(lock)


def _taken(path: Path) -> int:
    """The open lock. Who waited for a file that was removed meanwhile begins again with the new one."""
    while True:
        lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _take(lock)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(lock), path.stat()):
                    os.utime(path)  # in use, not left behind
                    _held.add(lock)
                    return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _leave_to_parent() -> None:
    """In a fork: the lock is the parent's, and ends with it."""
    for lock in _held:
        os.close(lock)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
