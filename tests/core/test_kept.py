"""Kept results: made once, whole or not there, the longest unused gone first."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core.kept import kept, sweep


def put(folder: Path, name: str, days_ago: float, size: int) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    (path / "x").write_bytes(b"0" * size)
    then = time.time() - days_ago * 86_400
    os.utime(path, (then, then))
    return path


def test_a_result_is_made_once_and_another_key_is_another_result(tmp_path):
    made = []

    def make(beside: Path) -> None:
        made.append(beside)
        (beside / "x").write_text(str(len(made)))

    first = kept(tmp_path / "views", "a", make)
    assert kept(tmp_path / "views", "a", make) == first
    assert kept(tmp_path / "views", "b", make) != first
    assert len(made) == 2 and (first / "x").read_text() == "1"


def test_a_failure_leaves_nothing(tmp_path):
    def fails(beside: Path) -> None:
        (beside / "half").write_text("x")
        raise ValueError

    with pytest.raises(ValueError):
        kept(tmp_path / "views", "a", fails)
    assert list((tmp_path / "views").iterdir()) == []


def test_asking_again_is_use(tmp_path):
    path = kept(tmp_path / "views", "a", lambda beside: None)
    os.utime(path, (0, 0))
    kept(tmp_path / "views", "a", lambda beside: None)
    assert time.time() - path.stat().st_mtime < 60


def test_the_sweep_takes_the_old_and_then_the_longest_unused(tmp_path):
    new, mid, old, ancient = (
        put(tmp_path, name, days, 100) for name, days in (("n", 0), ("m", 1), ("o", 2), ("a", 9))
    )
    sweep(tmp_path, spare=new, days=7, most_bytes=10_000)
    assert [path.exists() for path in (new, mid, old, ancient)] == [True, True, True, False]
    sweep(tmp_path, spare=new, days=7, most_bytes=250)
    assert [path.exists() for path in (new, mid, old)] == [True, True, False]
    sweep(tmp_path, spare=mid, days=7, most_bytes=50)
    assert [path.exists() for path in (new, mid)] == [False, True]
