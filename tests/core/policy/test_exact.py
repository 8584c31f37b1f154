"""The exact solver in its own process: the same answer, and never longer than asked."""

from __future__ import annotations

import sys
import time

import numpy as np
import psutil
import pytest
from made_problems import problem

from core.errors import Cancelled
from core.policy import exact


def test_the_process_answers_as_the_solver_here_does() -> None:
    rng = np.random.default_rng(9)
    problems = [problem(rng) for _ in range(3)]
    for of in problems:
        here, there = exact.solve_here(of), exact.solve(of)
        assert (here is None) == (there is None)
        if here is not None and there is not None:
            assert of.rows.profit[here].sum() == pytest.approx(of.rows.profit[there].sum())


STUCK = [sys.executable, "-c", "import os, time; os.write(1, b'%d ' % os.getpid()); time.sleep(60)"]


def test_a_stuck_solve_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(exact.TookTooLong, match="stopped after"):
        exact._ask_process(STUCK, b"", 0.5, lambda: None)
    assert time.monotonic() - started < 5


def test_cancelling_kills_the_process() -> None:
    def stop() -> None:
        raise Cancelled("Stopped.")

    started = time.monotonic()
    before = {child.pid for child in psutil.Process().children()}  # of other tests
    with pytest.raises(Cancelled):
        exact._ask_process(STUCK, b"", 60.0, stop)
    assert time.monotonic() - started < 5
    assert {child.pid for child in psutil.Process().children()} <= before
