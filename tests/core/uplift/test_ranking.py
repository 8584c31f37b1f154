"""Qini, AUUC and RATE: constant scores, brute force, invariances, and truths in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_evidence import evidence, shuffled, slow_area, slow_points, slow_qini, slow_rate

from core.uplift.bootstrap import bootstrap, replicate_weights
from core.uplift.contrast import contrast, sorted_contrast
from core.uplift.evidence import Evidence
from core.uplift.qini import Areas, auuc, qini
from core.uplift.rate import rate
from core.uplift.slope import calibration_slope


def with_score(e: Evidence, score: np.ndarray) -> Evidence:
    return Evidence(e.ids, e.arm, e.outcome, score.reshape(-1, 1), e.y1, e.y0, e.arms, e.propensities)


def test_constant_score_has_qini_zero_exactly_in_any_row_order() -> None:
    constant = with_score(evidence(500, 0), np.full(500, 0.3))
    for seed in range(50):
        rows = contrast(shuffled(constant, seed))
        assert qini(rows) == 0.0
        assert auuc(rows) == 0.5
        assert rate(rows) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert calibration_slope(rows) is None


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(40, 150), levels=st.sampled_from([None, 2, 5, 30]))
def test_qini_auuc_and_rate_agree_with_their_definitions(seed: int, rows: int, levels: int | None) -> None:
    """Oracle: the definitions of design.md (and grf for RATE) in plain loops, to 1e-12."""
    e = evidence(rows, seed, levels)
    ranked = contrast(e)
    scale = abs(ranked.effect.value)
    assert qini(ranked) * scale == pytest.approx(slow_qini(e) * scale, abs=1e-12)
    assert auuc(ranked) * ranked.effect.value == pytest.approx(slow_area(slow_points(e)), abs=1e-12)
    assert rate(ranked) == pytest.approx(slow_rate(e), abs=1e-12)


def test_row_order_and_monotone_transforms_change_nothing() -> None:
    e = evidence(600, 7, levels=40)
    same = [shuffled(e, 1), with_score(e, np.exp(3 * e.uplift[:, 0])), with_score(e, e.uplift[:, 0] - 9)]
    for other in same:
        assert Areas(contrast(other))() == Areas(contrast(e))()
        assert rate(contrast(other)) == rate(contrast(e))


def test_linear_truth_has_autoc_a_quarter_and_qini_type_rate_a_twelfth() -> None:
    """Closed form (Yadlowsky et al.): effect U, ranked by itself, TOC(q) = (1 - q)/2."""
    rng, n = np.random.default_rng(3), 100_000
    u, treated = rng.random(n), (rng.random(n) < 0.5).astype(np.float64)
    y = treated * u + rng.normal(0, 0.5, n)
    rows = sorted_contrast(u, y, treated, 1 - treated)
    autoc, qini_type = rate(rows)
    assert autoc == pytest.approx(1 / 4, abs=0.015)
    assert qini_type == pytest.approx(1 / 12, abs=0.006)
    # q(φ)/N_t = φ - φ²/2 here, so Qini = (1/3 - 1/4) ÷ (1/2) = 1/6, and AUUC = (1/3) ÷ (1/2)
    assert qini(rows) == pytest.approx(1 / 6, abs=0.012)
    assert auuc(rows) == pytest.approx(2 / 3, abs=0.012)
    assert calibration_slope(rows).value == pytest.approx(1.0, abs=0.05)


def test_weights_are_repeated_rows() -> None:
    """Oracle: a bootstrap replicate is the sample with its rows written out as often as drawn."""
    e = evidence(300, 8, levels=25)
    rows = contrast(e)
    weight = next(replicate_weights(300, 1, seed=4))
    often = rows.order.repeat(weight.astype(int))
    long = sorted_contrast(
        e.uplift[often, 0], e.outcome[often], (e.arm[often] > 0) * 1.0, (e.arm[often] == 0) * 1.0
    )
    assert rate(rows, weight)[0] != rate(rows)[0]
    assert Areas(rows)(weight) == pytest.approx(Areas(long)(), abs=1e-12)


def test_bootstrap_error_of_the_qini_is_that_of_repeated_experiments() -> None:
    """Oracle: the spread of Qini over 300 simulated experiments."""
    spread = np.std([qini(contrast(evidence(2000, seed))) for seed in range(300)])
    said = []
    for seed in range(4):
        rows = contrast(evidence(2000, 1000 + seed))
        said += [e.se for e in bootstrap(lambda w, r=rows: np.array([qini(r, w)]), 2000, 300)]
    assert np.mean(said) == pytest.approx(spread, rel=0.2)


def test_several_rankings_can_share_one_effect() -> None:
    rows = contrast(evidence(500, 9))
    assert qini(rows, effect=2 * rows.effect.value) == pytest.approx(qini(rows) / 2)


def test_no_effect_at_all_has_no_qini() -> None:
    e = evidence(100, 1)
    nothing = Evidence(e.ids, e.arm, np.zeros(100), e.uplift, e.y1, e.y0, e.arms, e.propensities)
    assert np.isnan(qini(contrast(nothing)))


def test_half_as_wide_predictions_have_a_slope_of_two() -> None:
    e = evidence(4000, 2)
    whole, half = (
        calibration_slope(contrast(e)),
        calibration_slope(contrast(with_score(e, e.uplift[:, 0] / 2))),
    )
    assert half.value == pytest.approx(2 * whole.value)
    assert half.se == pytest.approx(2 * whole.se)
