"""Test design: the closed form, its inverses, a simulation, and a hold-out that can be drawn again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.estimate import Estimate
from core.uplift.design import (
    Outcomes,
    customers_needed,
    customers_to_settle,
    holdout,
    holdout_needed,
    power_of,
    smallest_uplift,
)


def test_sample_size_is_the_textbooks() -> None:
    """Closed form by hand: 10 % against 12 %, half held out, 90 % two-sided, 80 % power:
    2·(1.6449 + 0.8416)²·(0.09 + 0.1056)/0.02² = 6,046."""
    assert customers_needed(0.02, Outcomes.rate(0.10, 0.02)) == pytest.approx(6046, abs=3)


@given(
    base=st.floats(0.01, 0.5),
    uplift=st.floats(0.005, 0.2),
    share=st.floats(0.05, 0.6),
    power=st.floats(0.55, 0.95),
)
def test_size_smallest_uplift_and_power_invert_each_other(
    base: float, uplift: float, share: float, power: float
) -> None:
    outcomes = Outcomes.rate(base, uplift)
    n = customers_needed(uplift, outcomes, share, power)
    assert smallest_uplift(n, outcomes, share, power) <= uplift * (1 + 1e-9)
    assert power_of(n, uplift, outcomes, share) >= power - 1e-9
    if n > 1000:
        assert power_of(n, uplift, outcomes, share) == pytest.approx(power, abs=0.01)
        found = holdout_needed(n, uplift, outcomes, power)
        assert found is not None
        assert found <= share * (1 + 1e-3)
        assert power_of(n, uplift, outcomes, found) >= power - 1e-3


def test_promised_power_is_kept_in_simulated_tests() -> None:
    """Oracle: 2,000 simulated tests of a yes-or-no outcome with a fifth held out."""
    base, uplift, share = 0.10, 0.03, 0.2
    n = customers_needed(uplift, Outcomes.rate(base, uplift), share)
    rng, seen = np.random.default_rng(0), 2000
    held = round(share * n)
    contacted = rng.binomial(n - held, base + uplift, seen) / (n - held)
    control = rng.binomial(held, base, seen) / held
    se = np.sqrt(contacted * (1 - contacted) / (n - held) + control * (1 - control) / held)
    assert np.mean((contacted - control) / se > 1.6449) == pytest.approx(0.80, abs=0.03)


def test_revenue_needs_many_customers() -> None:
    """Hillstrom's spend (deviation about 15): thousands are not enough to see 0.40."""
    assert customers_needed(0.40, Outcomes.amount(15.0)) > 30_000


def test_best_holdout_needs_fewest_customers() -> None:
    outcomes = Outcomes(contacted=3.0, control=1.0)
    shares = np.linspace(0.05, 0.95, 181)
    best = shares[np.argmin([outcomes.variance(s) for s in shares])]
    assert outcomes.best_holdout == pytest.approx(best, abs=0.005)


def test_an_uplift_no_holdout_shows_has_none() -> None:
    assert holdout_needed(1000, 0.001, Outcomes.rate(0.1, 0.001)) is None


def test_a_test_that_settles_is_larger_by_the_square() -> None:
    half_way = Estimate.normal(1.0, 1.0)
    assert customers_to_settle(half_way, 1000) == pytest.approx(1000 * (1.6449 + 0.8416) ** 2, rel=1e-3)
    assert customers_to_settle(Estimate.normal(0.0, 1.0), 1000) is None
    assert customers_to_settle(Estimate.normal(1e-9, 1.0), 1000) is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: customers_needed(0.0, Outcomes.amount(1.0)),
        lambda: customers_needed(float("nan"), Outcomes.amount(1.0)),
        lambda: customers_needed(0.1, Outcomes.amount(1.0), holdout=0.0),
        lambda: customers_needed(0.1, Outcomes.amount(1.0), power=1.0),
        lambda: customers_needed(1e-9, Outcomes.amount(1.0)),
        lambda: Outcomes.rate(0.9, 0.2),
        lambda: Outcomes.amount(-1.0),
        lambda: smallest_uplift(0, Outcomes.amount(1.0)),
        lambda: holdout(pd.Series(["a"]), 1.5),
        lambda: holdout(pd.Series(["a"]), 0.5, seed=-1),
    ],
)
def test_settings_out_of_bounds_are_refused_in_words(call) -> None:
    with pytest.raises(SettingError, match=r"[A-Z]"):
        call()


def test_holdout_is_exact_random_seeded_and_independent_of_the_files_order() -> None:
    ids = pd.Series([f"c{i:05d}" for i in range(10_000)], dtype="str")
    held = holdout(ids, 0.1, seed=7)
    assert held.sum() == 1000
    order = np.random.default_rng(0).permutation(10_000)
    np.testing.assert_array_equal(holdout(ids.iloc[order].reset_index(drop=True), 0.1, seed=7), held[order])
    assert (held & ~holdout(ids, 0.2, seed=7)).sum() == 0
    assert abs(np.corrcoef(held, holdout(ids, 0.1, seed=8))[0, 1]) < 0.05
    assert abs(held[:5000].sum() - 500) < 80


def test_holdout_is_the_same_in_every_release() -> None:
    """Pinned: a hold-out must be found again long after it was drawn."""
    ids = pd.Series([f"c{i}" for i in range(20)], dtype="str")
    assert ids[holdout(ids, 0.2)].tolist() == ["c1", "c10", "c14", "c18"]
