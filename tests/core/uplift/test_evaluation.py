"""Deciles, the claim check and evaluation.json."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from made_evidence import evidence, shuffled

from core.errors import DataError
from core.uplift.contrast import contrast
from core.uplift.deciles import deciles
from core.uplift.evaluation import evaluate
from core.uplift.evidence import Evidence
from core.uplift.gain import gain_curve


def test_deciles_without_ties_are_tenths_with_neymans_interval() -> None:
    """Oracle: NumPy means of each tenth."""
    e = evidence(2000, 0)
    table = deciles(e)
    assert table["customers"].tolist() == [200] * 10
    order = np.argsort(-e.uplift[:, 0])
    for d, group in enumerate(np.split(order, 10)):
        t, c = e.outcome[group][e.arm[group] > 0], e.outcome[group][e.arm[group] == 0]
        row = table.iloc[d]
        assert (row["treated"], row["control"]) == (len(t), len(c))
        assert row["mean_treated"] == pytest.approx(t.mean())
        assert row["measured_uplift"] == pytest.approx(t.mean() - c.mean())
        assert row["predicted_uplift"] == pytest.approx(e.uplift[group, 0].mean())
        se = np.sqrt(t.var(ddof=1) / len(t) + c.var(ddof=1) / len(c))
        assert row["hi"] - row["lo"] == pytest.approx(2 * 1.6449 * se, rel=0.02)


def test_equal_scores_are_shared_between_deciles_in_any_order() -> None:
    e = evidence(1000, 1, levels=3)
    table = deciles(e)
    for seed in range(20):
        pd.testing.assert_frame_equal(deciles(shuffled(e, seed)), table)
    constant = deciles(evidence(1000, 1, levels=1))
    effect = contrast(evidence(1000, 1, levels=1)).effect
    assert constant["measured_uplift"].to_numpy() == pytest.approx(np.full(10, effect.value))
    assert constant["hi"].to_numpy() == pytest.approx(np.full(10, effect.hi), rel=1e-3)


def test_decile_intervals_cover_the_truth() -> None:
    """Known truth: score = effect; nominal 90 %, promised 88-97 % (2,000 deciles)."""
    inside = []
    for seed in range(200):
        e = evidence(1500, seed)
        table = deciles(e)
        truth = np.sort(e.uplift[:, 0])[::-1].reshape(10, 150).mean(axis=1)
        inside.append((table["lo"].to_numpy() <= truth) & (truth <= table["hi"].to_numpy()))
    assert 0.88 <= np.mean(inside) <= 0.97


def test_claim_check_counts_those_who_pay() -> None:
    e = evidence(1000, 2)
    claim = evaluate(e, margin=0.5, cost=0.2, value=2.0, replicates=20).claim
    chosen = e.uplift[:, 0] > 0.2
    assert claim.contacts == chosen.sum()
    assert claim.predicted == pytest.approx((e.uplift[chosen, 0] - 0.2).sum())
    treated = e.arm > 0
    difference = e.outcome[chosen & treated].mean() - e.outcome[chosen & ~treated].mean()
    assert claim.measured.value == pytest.approx(chosen.sum() * (difference - 0.2))
    assert claim.random.value == pytest.approx(claim.share * claim.everyone.value)
    assert claim.gap.value == pytest.approx(claim.measured.value - claim.everyone.value)
    assert claim.ratio == pytest.approx(claim.predicted / claim.measured.value)


def test_measured_profit_is_unbiased() -> None:
    """Known truth over 120 experiments: the mean error is within 2.5 of its standard errors."""
    errors = []
    for seed in range(120):
        e = evidence(1000, seed)
        chosen = e.uplift[:, 0] > 0.5
        truth = (e.uplift[chosen, 0] * 0.5 - 0.25).sum()
        errors.append(gain_curve(e).at(chosen.mean()).scaled(500, -0.25 * chosen.sum()).value - truth)
    assert abs(np.mean(errors)) < 2.5 * np.std(errors) / np.sqrt(len(errors))


def test_evaluation_is_json_and_deterministic() -> None:
    e = evidence(1500, 3, contact_arms=2)
    said = evaluate(e, replicates=50).as_dict()
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert said == evaluate(shuffled(e, 1), replicates=50).as_dict() | {}
    assert said["arms"].keys() == {"None", "Mail 1", "Mail 2"}
    assert len(said["curve"]["share"]) <= 200
    assert said["by_arm"].keys() == {"Mail 1", "Mail 2"}
    assert len(said["deciles"]) == 10


def test_an_outcome_of_only_zeros_is_evaluated_without_a_number_too_many() -> None:
    e = evidence(300, 4)
    nothing = Evidence(e.ids, e.arm, np.zeros(300), e.uplift, e.y1, e.y0, e.arms, e.propensities)
    said = evaluate(nothing, replicates=20).as_dict()
    assert said["ranking"]["qini"]["value"] is None
    json.dumps(said, allow_nan=False)


def test_evidence_survives_its_file(tmp_path) -> None:
    e = evidence(200, 5, contact_arms=2)
    e.to_frame().to_parquet(tmp_path / "evidence.parquet")
    back = Evidence.from_frame(pd.read_parquet(tmp_path / "evidence.parquet"))
    assert (back.arms, back.propensities) == (e.arms, e.propensities)
    pd.testing.assert_frame_equal(back.to_frame(), e.to_frame())


def test_evidence_that_cannot_be_measured_is_refused() -> None:
    e = evidence(50, 6)
    bad = {
        "propensities": (e.ids, e.arm, e.outcome, e.uplift, e.y1, e.y0, e.arms, (0.5, 0.6)),
        "finite": (e.ids, e.arm, e.outcome, e.uplift * np.nan, e.y1, e.y0, e.arms, e.propensities),
        "shape": (e.ids, e.arm[:-1], e.outcome, e.uplift, e.y1, e.y0, e.arms, e.propensities),
        "in arm 'None'": (e.ids, e.arm * 0 + 1, e.outcome, e.uplift, e.y1, e.y0, e.arms, e.propensities),
    }
    for words, parts in bad.items():
        with pytest.raises(DataError, match=words):
            Evidence(*parts)
    with pytest.raises(DataError, match="not a table of evidence"):
        Evidence.from_frame(pd.DataFrame({"a": [1]}))
