"""Scores of several models on one scale: no model's luck decides who stands before whom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.uplift.pooling import pooled


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 200), st.integers(1, 7), st.integers(1, 30))
def test_order_and_ties_inside_a_group_stay_and_so_does_the_mean(
    seed: int, n: int, groups: int, levels: int
) -> None:
    rng = np.random.default_rng(seed)
    scores, group = rng.integers(levels, size=n) / 7.0, rng.integers(groups, size=n)
    done = pooled(scores, group)
    assert done.mean() == pytest.approx(scores.mean(), abs=1e-12)
    assert done.min() >= scores.min() - 1e-8
    assert done.max() <= scores.max() + 1e-8
    for one in range(groups):
        mine = group == one
        order = np.argsort(scores[mine], kind="stable")
        raw, new = scores[mine][order], done[mine][order]
        assert np.array_equal(np.diff(raw) > 0, np.diff(new) > 0)
        assert (np.diff(new) >= 0).all()


def test_neighbours_keep_their_order_in_a_large_file() -> None:
    """One group tells all its customers apart, nine tell none: sums of 300,000 round by more than a step."""
    rng = np.random.default_rng(2)
    group = np.arange(300_000) % 10
    scores = np.where(group == 0, rng.normal(size=group.size), 0.3)
    done = pooled(scores, group)
    assert (np.diff(done[group == 0][np.argsort(scores[group == 0])]) >= 0).all()


def test_one_model_and_equal_scores_stay_as_they_are() -> None:
    scores = np.random.default_rng(0).normal(size=500)
    np.testing.assert_allclose(pooled(scores, np.zeros(500, np.int64)), scores, atol=1e-8)
    constant = np.full(500, 0.1)
    assert np.array_equal(pooled(constant, np.arange(500) % 7), constant)


def test_models_that_differ_in_level_and_width_are_brought_to_one_distribution() -> None:
    """Closed form: two groups of the same customers, one model's scores twice as wide and shifted."""
    place = np.arange(100) / 100
    done = pooled(np.concatenate((place, 5 + 2 * place)), np.repeat([0, 1], 100))
    np.testing.assert_allclose(done[:100], done[100:])


def test_customers_alike_are_not_ranked_against_their_own_luck() -> None:
    """Leave-one-fold-out means of customers who do not differ rank the folds in the reverse of their luck:
    the best scored look worse than the rest in every campaign. On one scale they are all alike.
    """
    rng = np.random.default_rng(1)
    raw, level = [], []
    for _ in range(200):
        outcome, group = rng.normal(size=1000), np.arange(1000) % 5
        luck = np.array([outcome[group != one].mean() for one in range(5)])[group]
        raw.append(outcome[luck > np.median(luck)].mean() - outcome.mean())
        level.append(np.ptp(pooled(luck, group)))
    assert np.mean(raw) < -3 * np.std(raw) / np.sqrt(200)
    assert max(level) < 1e-12
