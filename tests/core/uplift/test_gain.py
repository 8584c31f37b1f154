"""The gain curve: the definition of design.md by brute force, ties, standard errors, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_evidence import evidence, shuffled, slow_points

from core.estimate import LEVEL
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence
from core.uplift.gain import gain_curve, ipw_cumulative_gain


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(12, 120), levels=st.sampled_from([None, 1, 3, 10]))
def test_curve_is_share_times_difference_of_means_by_brute_force(
    seed: int, rows: int, levels: int | None
) -> None:
    try:
        e = evidence(rows, seed, levels)
    except Exception:
        return  # an arm without customers: the draw is no experiment
    curve = gain_curve(e)
    np.testing.assert_allclose(np.column_stack((curve.share, curve.gain)), slow_points(e), atol=1e-12)


def test_equal_scores_give_the_same_curve_in_any_order() -> None:
    """Ties are one block: by definition (design.md), to the last bit, on 100 shuffles."""
    e = evidence(300, 1, levels=7)
    curve = gain_curve(e)
    for seed in range(100):
        again = gain_curve(shuffled(e, seed))
        np.testing.assert_array_equal(again.gain, curve.gain)
        np.testing.assert_array_equal(again.se, curve.se)
        assert again.critical == curve.critical


def test_standard_error_of_everyone_is_neymans() -> None:
    """Oracle: s1²/n1 + s0²/n0 of NumPy's variances."""
    e = evidence(500, 2)
    t, c = e.outcome[e.arm == 1], e.outcome[e.arm == 0]
    expected = np.sqrt(t.var(ddof=1) / len(t) + c.var(ddof=1) / len(c))
    curve = gain_curve(e)
    assert curve.everyone.se == pytest.approx(expected, rel=1e-12)
    assert contrast(e).effect.se == pytest.approx(expected, rel=1e-12)
    assert curve.gap_at(1.0).value == 0.0
    assert curve.gap_at(1.0).se == pytest.approx(0.0, abs=1e-9)
    assert curve.gap_at(0.0).se == pytest.approx(expected, rel=1e-9)


def test_standard_errors_are_those_of_repeated_experiments() -> None:
    """Oracle: the spread of the effect in the best half over 300 simulated experiments."""
    at, se = [], []
    for seed in range(300):
        curve = gain_curve(evidence(600, seed, levels=2))
        half = float(curve.share[1])
        at.append(curve.at(half).value / half)
        se.append(curve.at(half).se / half)
    assert np.mean(se) == pytest.approx(np.std(at), rel=0.12)


def test_gap_is_paired() -> None:
    """Oracle: the bootstrap over customers of gain(half) - gain(1)."""
    e = evidence(800, 5, levels=2)
    curve = gain_curve(e)
    half, rng, drawn = float(curve.share[1]), np.random.default_rng(0), []
    best, treated, y = e.uplift[:, 0] >= 0.5, e.arm > 0, e.outcome

    def gap(w: np.ndarray) -> float:
        def difference(inside: np.ndarray) -> float:
            t, c = w * (inside & treated), w * (inside & ~treated)
            return (t @ y) / t.sum() - (c @ y) / c.sum()

        return half * difference(best) - difference(np.ones_like(best))

    drawn = [gap(np.bincount(rng.integers(0, 800, 800), minlength=800)) for _ in range(1500)]
    assert curve.gap_at(half).value == pytest.approx(gap(np.ones(800)), abs=1e-12)
    assert curve.gap_at(half).se == pytest.approx(np.std(drawn), rel=0.08)


def test_band_holds_for_the_whole_curve_at_once() -> None:
    """Known truth: 100 experiments; the band covers the true curve everywhere about as often as promised."""
    covered = []
    for seed in range(100):
        e = evidence(1500, seed)
        curve = gain_curve(e)
        order = np.sort(e.uplift[:, 0])[::-1]
        truth = np.interp(curve.share, np.arange(1501) / 1500, np.concatenate(([0], np.cumsum(order) / 1500)))
        low, high = curve.band()
        tested = curve.share >= 0.05
        covered.append(np.all((low <= truth) & (truth <= high), where=tested))
    assert LEVEL - 0.08 <= np.mean(covered) <= 1.0
    assert curve.critical > 1.9  # wider than one point's 1.64


def test_a_stretch_without_a_sale_is_not_certain() -> None:
    e = evidence(400, 3)
    outcome = np.where(e.uplift[:, 0] > 0.8, 0.0, e.outcome)
    quiet = Evidence(e.ids, e.arm, outcome, e.uplift, e.y1, e.y0, e.arms, e.propensities)
    assert gain_curve(quiet).at(0.1).se > 0


def test_several_arms_are_measured_each_alone_and_as_the_best_of_each_customer() -> None:
    """Oracle: inverse-propensity means written out for the customers' best arms."""
    e = evidence(3000, 4, contact_arms=3)
    best = e.uplift.argmax(axis=1)
    took = e.arm == best + 1
    expected = e.outcome[took].mean() - e.outcome[e.arm == 0].mean()  # equal propensities: plain means
    assert gain_curve(e).everyone.value == pytest.approx(expected, abs=1e-12)
    alone = e.outcome[e.arm == 2].mean() - e.outcome[e.arm == 0].mean()
    assert gain_curve(e, 1).everyone.value == pytest.approx(alone, abs=1e-12)


def test_thinning_keeps_the_ends_and_table_says_all() -> None:
    curve = gain_curve(evidence(5000, 6))
    thin = curve.thinned(200)
    assert thin.share.size <= 200
    assert (thin.share[0], thin.share[-1], thin.gain[-1]) == (0.0, 1.0, curve.gain[-1])
    assert list(thin.to_frame()) == ["share", "gain", "se", "lo", "hi", "band_lo", "band_hi"]


def test_classic_cumulative_gain_is_the_running_sum() -> None:
    uplift, treated, y = np.array([1.0, 3.0, 2.0]), np.array([1, 0, 1]), np.array([4.0, 2.0, 1.0])
    np.testing.assert_allclose(ipw_cumulative_gain(uplift, treated, y, 0.5), [-4.0, -2.0, 6.0])
