"""Calibration: the mean is the average effect, the order is kept, noise is called noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_evidence import evidence
from scipy.stats import rankdata

from core.uplift.calibration import calibrate, calibrated, fit
from core.uplift.contrast import contrast
from core.uplift.slope import calibration_slope


def noisy(n: int, seed: int, slope: float, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray, float]:
    """Predictions and effect scores whose true relation is a line of the given slope."""
    rng = np.random.default_rng(seed)
    uplift = rng.normal(0.3, 1.0, n)
    scores = 0.5 + slope * (uplift - 0.3) + rng.normal(0, noise, n)
    return uplift, scores, float(scores.mean())


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), slope=st.floats(-2, 3), n=st.integers(5, 3000))
def test_calibrated_mean_is_the_average_effect_and_order_is_kept(seed: int, slope: float, n: int) -> None:
    uplift, scores, effect = noisy(n, seed, slope)
    for method in ("ate", "slope", "isotonic"):
        done = fit(method, uplift, scores, effect)
        assert done.apply(uplift).mean() == pytest.approx(effect, abs=1e-9)
        assert np.all(np.diff(done.apply(np.sort(uplift))) >= 0)
        if done.method == "isotonic":
            assert np.all(np.diff(done.apply(np.unique(uplift))) > 0)  # no new ties


def test_claims_four_times_too_wide_are_shrunk_to_a_quarter() -> None:
    uplift, scores, effect = noisy(20_000, 1, slope=0.25)
    done = calibrate(uplift, scores, effect)
    assert done.method in ("slope", "isotonic")
    spread = np.std(done.apply(uplift)) / np.std(uplift)
    assert spread == pytest.approx(0.25, abs=0.05)


def test_a_slope_is_never_widened_nor_turned_round() -> None:
    """A free slope flipped the ranking on Hillstrom's spend (facts.md): slopes stay within [0, 1]."""
    uplift, scores, effect = noisy(5000, 2, slope=3.0)
    assert fit("slope", uplift, scores, effect).apply(uplift).std() == pytest.approx(uplift.std())
    uplift, scores, effect = noisy(5000, 2, slope=-1.0)
    assert fit("slope", uplift, scores, effect).method == "ate"
    assert calibrate(uplift, scores, effect).method == "ate"


def test_noise_gets_the_average_effect_in_most_samples() -> None:
    called = [calibrate(*noisy(3000, seed, slope=0.0)).method == "ate" for seed in range(60)]
    assert np.mean(called) >= 0.75


def test_a_bent_relation_is_found() -> None:
    rng = np.random.default_rng(3)
    uplift = rng.uniform(-1, 1, 30_000)
    truth = np.where(uplift > 0.5, 0.6, 0.0)
    scores = truth + rng.normal(0, 1, 30_000)
    done = calibrate(uplift, scores, float(scores.mean()))
    assert done.method == "isotonic"
    assert np.mean((done.apply(uplift) - truth) ** 2) < 0.01


def test_measuring_uses_maps_that_have_not_seen_the_customer() -> None:
    """Oracle: other outcomes in one fold change what the others are told, and no order inside that fold."""
    e = replace(evidence(4000, 4), group=np.arange(4000) % 5)
    here = e.group == 2
    outcome = np.where(here, e.outcome[::-1] * 3.0, e.outcome)
    before, after = (calibrated(one)[0].uplift[:, 0] for one in (e, replace(e, outcome=outcome)))
    assert (after[~here] != before[~here]).mean() > 0.5
    assert np.array_equal(rankdata(after[here]), rankdata(before[here]))
    assert np.array_equal(rankdata(before[here]), rankdata(e.uplift[here, 0]))


def test_evidence_is_calibrated_arm_by_arm() -> None:
    e = evidence(8000, 5, contact_arms=2)
    wide = type(e)(e.ids, e.arm, e.outcome, 4 * e.uplift, e.y1, e.y0, e.arms, e.propensities)
    done, maps = calibrated(wide)
    assert len(maps) == 2
    np.testing.assert_allclose(done.y1, done.y0[:, None] + done.uplift)
    for k in range(2):
        assert calibration_slope(contrast(wide, k)).value < 0.4
        assert 0.6 < calibration_slope(contrast(done, k)).value < 1.5


def test_constant_predictions_and_tiny_samples_fall_back_to_the_average() -> None:
    assert calibrate(np.full(100, 0.2), np.arange(100.0), 49.5).method == "ate"
    assert np.isfinite(
        calibrate(np.array([0.1, 0.2, 0.3]), np.array([0.0, 1.0, 0.0]), 1 / 3).apply(np.zeros(2))
    ).all()
