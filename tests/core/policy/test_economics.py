"""Profit curve, choice and sensitivity against brute force over every n."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import SettingError
from core.policy.economics import RankedUplift, best_contacts, profit_curve, sensitivity

uplifts = arrays(np.float64, st.integers(1, 40), elements=st.integers(-50, 50).map(lambda k: k / 8))
margins = st.sampled_from([0.0, 0.1, 0.25, 0.3, 1.0])
costs = st.sampled_from([0.0, 0.05, 0.5, 2.0])


def brute_force_profits(uplift: np.ndarray, margin: float, cost: float, value: float = 1.0) -> np.ndarray:
    """Profit of contacting the best n for every n from 0, by adding up one customer after another."""
    ordered = sorted(uplift, reverse=True)
    return np.array([margin * value * sum(ordered[:n]) - cost * n for n in range(len(ordered) + 1)])


@given(uplifts, margins, costs)
def test_profit_curve_equals_adding_up_customers_at_every_block_end(uplift, margin, cost):
    curve = profit_curve(RankedUplift.of(uplift), margin, cost)
    expected = brute_force_profits(uplift, margin, cost)
    np.testing.assert_allclose(curve.profit, expected[curve.contacts], atol=1e-9)
    np.testing.assert_allclose(curve.profit, margin * curve.revenue - curve.cost, atol=1e-9)


@given(uplifts, margins, costs)
def test_best_number_of_contacts_has_the_highest_profit_of_all_n(uplift, margin, cost):
    ranked = RankedUplift.of(uplift)
    expected = brute_force_profits(uplift, margin, cost)
    n = best_contacts(ranked, margin, cost)
    assert expected[n] == pytest.approx(expected.max(), abs=1e-9)
    assert profit_curve(ranked, margin, cost).profit.max() == pytest.approx(expected.max(), abs=1e-9)


@given(uplifts, st.randoms(use_true_random=False))
def test_equal_scores_give_the_same_curve_in_any_order(uplift, random):
    """Ties are one block, by definition: shuffling customers changes nothing."""
    shuffled = list(uplift)
    random.shuffle(shuffled)
    one, other = (profit_curve(RankedUplift.of(np.array(u)), 0.3, 0.05) for u in (uplift, shuffled))
    np.testing.assert_array_equal(one.contacts, other.contacts)
    np.testing.assert_array_equal(one.profit, other.profit)
    assert one.contacts.size == np.unique(uplift).size + 1


def test_inside_a_block_of_equals_the_total_is_a_straight_line():
    ranked = RankedUplift.of(np.array([2.0, 1.0, 1.0, 1.0, 1.0]))
    np.testing.assert_allclose(ranked.total(np.arange(6)), [0, 2, 3, 4, 5, 6])


@given(uplifts)
def test_sensitivity_equals_sorting_in_every_cell(uplift):
    margins, costs = np.linspace(0, 1, 6), np.linspace(0, 3, 5)
    grid = sensitivity(RankedUplift.of(uplift), margins, costs)
    for i, margin in enumerate(margins):
        for j, cost in enumerate(costs):
            profits = brute_force_profits(uplift, margin, cost)
            assert grid.profit[i, j] == pytest.approx(profits.max(), abs=1e-9)
            assert profits[grid.contacts[i, j]] == pytest.approx(profits.max(), abs=1e-9)
            assert grid.profit_everyone[i, j] == pytest.approx(profits[-1], abs=1e-9)
    np.testing.assert_allclose(grid.share, grid.contacts / uplift.size)


def test_thinning_for_a_drawing_keeps_the_ends_and_the_optimum():
    curve = profit_curve(RankedUplift.of(np.random.default_rng(1).normal(0.2, 1, 20_000)), 0.3, 0.05)
    drawn = curve.thinned(500)
    assert drawn.contacts.size <= 501
    assert (drawn.contacts[0], drawn.contacts[-1]) == (0, 20_000)
    assert drawn.profit.max() == curve.profit.max()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_numbers_are_refused(bad):
    with pytest.raises(SettingError, match="1 of 3 scores"):
        RankedUplift.of(np.array([1.0, bad, 2.0]))


def test_an_empty_audience_earns_nothing():
    ranked = RankedUplift.of(np.array([]))
    assert (ranked.customers, best_contacts(ranked, 0.3, 0.05)) == (0, 0)
    assert profit_curve(ranked, 0.3, 0.05).profit.tolist() == [0.0]


def test_a_drawn_curve_has_few_points_and_the_optimum_of_a_million_customers():
    """Against the curve of every customer; a score of its own for each, so that no block is left to merge."""
    ranked = RankedUplift.of(np.random.default_rng(2).normal(0.2, 1, 1_000_000))
    for margin, cost in ((0.3, 0.05), (0.3, 0.0), (0.01, 5.0)):
        whole = profit_curve(ranked, margin, cost)
        drawn = profit_curve(ranked, margin, cost, points=300)
        assert drawn.contacts.size <= 300
        assert (drawn.contacts[0], drawn.contacts[-1]) == (0, 1_000_000)
        assert drawn.contacts[drawn.best] == whole.contacts[whole.best] == best_contacts(ranked, margin, cost)
        assert drawn.profit.max() == whole.profit.max()
        apart = np.interp(whole.contacts, drawn.contacts, drawn.profit) - whole.profit
        assert np.abs(apart).max() < 0.01 * np.ptp(whole.profit)  # nothing that an eye could see


@given(uplifts, margins, costs)
def test_the_total_of_the_best_equals_adding_them_up(uplift, margin, cost):
    ranked = RankedUplift.of(uplift)
    expected = np.concatenate(([0.0], np.cumsum(np.sort(uplift)[::-1])))
    np.testing.assert_allclose(ranked.total(np.arange(uplift.size + 1)), expected, atol=1e-9)
    assert ranked.total(uplift.size + 5) == pytest.approx(expected[-1])
    threshold = cost / (margin or 1.0)
    assert ranked.paying(threshold) == (uplift > threshold).sum()
