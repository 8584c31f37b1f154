"""Of a page's plans the newest alone is worked out: the older ones stop, whichever worker has them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import Cancelled
from core.policy import exact
from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan import plan
from core.scenario import Scenario
from core.settings import Settings
from core.turns import Turn, take_turn, turn_of

ASK = """
import sys
from pathlib import Path
from core.settings import Settings
from core.turns import take_turn
take_turn(Settings(artifacts=Path(sys.argv[1])), {"page": sys.argv[2], "turn": sys.argv[3]})
"""
PAGE, OTHER = "ab" * 16, "cd" * 16


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(artifacts=tmp_path / "artifacts")


def turn(settings: Settings, number: int, page: str = PAGE) -> Turn:
    return take_turn(settings, {"page": page, "turn": str(number), "margin": "0.3"})


def test_the_newest_request_of_a_page_ends_its_older_ones_and_no_others(settings: Settings) -> None:
    first, elsewhere = turn(settings, 1), turn(settings, 1, OTHER)
    again = turn(settings, 1)  # the comparisons of the same plan
    second = turn(settings, 2)
    for old in (first, again, turn(settings, 1)):  # also one that comes late
        with pytest.raises(Cancelled):
            old.checkpoint()
    second.checkpoint()
    elsewhere.checkpoint()


def test_a_request_that_does_not_say_whose_it_is_is_never_ended_and_writes_nothing(
    settings: Settings,
) -> None:
    for request in ({}, {"page": "../../x", "turn": "1"}, {"page": PAGE, "turn": "-1"}, {"page": PAGE}):
        take_turn(settings, request).checkpoint()
    assert not (settings.artifacts / "turns").exists()
    assert turn_of({"page": PAGE, "turn": "3", "budget": "4"}) == {"page": PAGE, "turn": "3"}


def test_marks_of_pages_that_were_left_go(settings: Settings) -> None:
    left = turn(settings, 1, OTHER).mark
    assert left is not None
    os.utime(left, (0, 0))
    mine = turn(settings, 1).mark
    assert mine is not None and mine.exists() and not left.exists()


def test_a_plan_stops_at_the_step_after_another_process_has_asked_for_a_newer_one(settings: Settings) -> None:
    """The newer request is taken by a process of its own while the plan is being found."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"row_id": np.arange(3_000).astype(str), "uplift_hat": rng.normal(1.0, 1.0, 3_000)})
    constraints = Constraints(budget=50.0)
    mine, steps = turn(settings, 1), 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            subprocess.run([sys.executable, "-c", ASK, str(settings.artifacts), PAGE, "2"], check=True)
        mine.checkpoint()

    with pytest.raises(Cancelled):
        plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints, checkpoint=step)
    assert steps == 2


def test_an_exact_solve_that_is_no_longer_wanted_is_killed_at_once(settings: Settings) -> None:
    """The process is one that would go on for a minute."""
    mine, began = turn(settings, 1), time.monotonic()
    turn(settings, 2)
    with pytest.raises(Cancelled):
        exact._ask_process([sys.executable, "-c", "import time; time.sleep(60)"], b"", 60.0, mine.checkpoint)
    assert time.monotonic() - began < 2.0
