"""The kept order is that of the contact list, whatever the scenario: against the sort that defines it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.policy.contacts import order, profit_per_contact
from core.policy.ranking import Ranking
from core.scenario import Scenario

SCENARIOS = (
    Scenario(margin=0.3, cost=0.05),
    Scenario(margin=0.0, cost=0.05),
    Scenario(margin=1.0, cost=1e6),
    Scenario(margin=0.1, cost=0.0, value=0.0),
    Scenario(margin=0.3, cost=0.0, value=1e-300),
    Scenario(margin=0.3, cost=1000.0, value=1e-12),
)


def uplifts(kind: str, rng: np.random.Generator) -> np.ndarray:
    n = 500
    return {
        "different": rng.normal(size=n),
        "a few levels": rng.integers(-3, 4, n) / 7,
        "one score": np.full(n, 0.25),
        "both zeros": np.where(rng.random(n) < 0.5, 0.0, -0.0),
        # a digit apart at the end: taking off a large cost makes many of them equal
        "next to each other": np.nextafter(0.1, 1) + rng.integers(0, 50, n) * 1e-17 * 2,
    }[kind]


@pytest.mark.parametrize(
    "kind", ["different", "a few levels", "one score", "both zeros", "next to each other"]
)
@pytest.mark.parametrize("names", ["numbers", "texts"])
def test_any_stretch_of_the_kept_order_is_that_of_the_sort_by_profit_and_id(kind, names):
    """Brute force: core.policy.contacts.order, which sorts all customers anew."""
    rng = np.random.default_rng(1)
    uplift = uplifts(kind, rng)
    numbers = rng.permutation(uplift.size)
    ids = pd.Series([str(i) if names == "numbers" else f"c{i}" for i in numbers], dtype="str")
    ranking = Ranking.of(uplift, ids)
    for scenario in SCENARIOS:
        expected = order(profit_per_contact(uplift, scenario), ids)
        np.testing.assert_array_equal(ranking.between(0, uplift.size, scenario), expected)
        for start, stop in [(0, 1), (17, 117), (499, 500), (250, 250), *rng.integers(0, 501, (20, 2))]:
            np.testing.assert_array_equal(
                ranking.between(int(start), int(stop), scenario), expected[start:stop]
            )


def test_the_digits_really_run_out_in_some_of_these():
    """Otherwise nothing but the sort by uplift would have been tried."""
    uplift = uplifts("next to each other", np.random.default_rng(1))
    profit = profit_per_contact(uplift, Scenario(margin=0.3, cost=1000.0))
    assert 1 == np.unique(profit).size < np.unique(uplift).size


def test_an_empty_audience_has_an_empty_list():
    ranking = Ranking.of(np.empty(0), pd.Series([], dtype="str"))
    assert ranking.between(0, 0, Scenario()).size == 0
