"""Promises of the honest value: unbiased, with intervals that hold. Oracle: the known truth of made
campaigns.
"""

from __future__ import annotations

import numpy as np
import pytest
from made_experiments import TERMS, campaign

from core.policy.best_share import chosen_best
from core.policy.rule import everyone
from core.policy.terms import Terms
from core.policy.value import compare
from core.uplift.evidence import Evidence

CAMPAIGNS = 200


def truth(choice: np.ndarray, effect: np.ndarray) -> float:
    """Profit per customer of a policy, from the true effects."""
    who = np.flatnonzero(choice)
    k = choice[who] - 1
    return float((effect[who, k] * TERMS.worth[k] - TERMS.cost[k]).sum() / choice.size)


def priced(evidence: Evidence, price: float) -> np.ndarray:
    """The policy of a price per contact: each customer's best arm, if it earns more than that."""
    profit = evidence.uplift * TERMS.worth - TERMS.cost - price
    return np.where(profit.max(axis=1) > 0, profit.argmax(axis=1) + 1, 0)


def test_ninety_percent_intervals_cover_the_truth_in_ninety_percent_of_campaigns() -> None:
    """A constrained policy, its difference to everyone, and the best share chosen on other rows; 86-94 %
    each.
    """
    many, effect = campaign(np.random.default_rng(99), 400_000)
    policy, all_a = truth(priced(many, 0.15), effect), truth(everyone(many, 1), effect)
    best = (many.uplift * TERMS.worth - TERMS.cost).argmax(axis=1) + 1
    score = (many.uplift * TERMS.worth - TERMS.cost).max(axis=1)
    order = np.argsort(-score)
    earned = (
        np.cumsum((effect[np.arange(best.size), best - 1] * 0.5 - TERMS.cost[best - 1])[order]) / best.size
    )
    hits = np.zeros(5)
    for number in range(CAMPAIGNS):
        evidence, _ = campaign(np.random.default_rng(5_000 + number), 2_500)
        _, found = compare(
            evidence, TERMS, {"everyone": everyone(evidence), "policy": priced(evidence, 0.15)}
        )
        chosen = chosen_best(evidence, TERMS)
        assert chosen is not None
        contacted = np.searchsorted(-score[order], -chosen.thresholds, side="right")
        of_choice = float(np.mean([earned[n - 1] if n else 0.0 for n in contacted]))
        for n, (estimate, true) in enumerate(
            (
                (found.ipw, policy),
                (found.aipw, policy),
                (found.gap_ipw, policy - all_a),
                (found.gap_aipw, policy - all_a),
                (chosen.value, of_choice),
            )
        ):
            assert estimate is not None
            hits[n] += estimate.lo <= true <= estimate.hi
    assert (hits / CAMPAIGNS >= 0.86).all(), hits / CAMPAIGNS
    assert (hits / CAMPAIGNS <= 0.94).all(), hits / CAMPAIGNS


def test_choosing_on_the_same_rows_flatters_and_choosing_on_others_does_not() -> None:
    """Scores without any information: no share is worth more than contacting no one or everyone."""
    seeming, measured = [], []
    for number in range(60):
        evidence, _ = campaign(np.random.default_rng(number), 1_000)
        noise = np.random.default_rng(1000 + number).normal(size=evidence.uplift.shape)
        useless = Evidence(
            evidence.ids,
            evidence.arm,
            evidence.outcome,
            noise,
            evidence.y1,
            evidence.y0,
            evidence.arms,
            evidence.propensities,
        )
        costly = Terms(TERMS.worth, np.array([0.25, 0.275]))  # what contact brings on average
        found = chosen_best(useless, costly)
        assert found is not None
        seeming.append(found.flattered)
        measured.append(found.value.value)
    assert np.mean(seeming) > 0.02
    assert np.mean(measured) < 0.3 * np.mean(seeming)


def test_no_share_is_chosen_where_an_arm_is_too_small_to_measure_it_fold_by_fold() -> None:
    """Two of an arm in each of five folds: ten customers."""
    evidence, _ = campaign(np.random.default_rng(0), 500)
    rare, others = np.flatnonzero(evidence.arm == 2), np.flatnonzero(evidence.arm != 2)
    for customers, known in ((9, False), (10, True)):
        few = evidence.at(np.concatenate((others, rare[:customers])))
        assert (chosen_best(few, TERMS) is not None) == known


def test_the_estimators_are_the_textbook_ones() -> None:
    """Oracles: difference of means among the customers the policy contacts; the AIPW formula row by row."""
    evidence, _ = campaign(np.random.default_rng(1), 500)
    choice = priced(evidence, 0.0)
    choice[choice == 2] = 0
    (found,) = compare(evidence, TERMS, {"a": choice})
    here = choice == 1
    got = evidence.outcome[here & (evidence.arm == 1)].mean()
    left = evidence.outcome[here & (evidence.arm == 0)].mean()
    assert found.ipw is not None
    assert found.ipw.value == pytest.approx(here.mean() * (0.5 * (got - left) - 0.2))
    rows = []
    for i in range(500):
        gain = 0.0
        if here[i]:
            y, e = evidence.outcome[i], evidence.propensities
            gain = evidence.y1[i, 0] - evidence.y0[i]
            gain += (y - evidence.y1[i, 0]) / e[1] if evidence.arm[i] == 1 else 0.0
            gain -= (y - evidence.y0[i]) / e[0] if evidence.arm[i] == 0 else 0.0
            gain = 0.5 * gain - 0.2
        rows.append(gain)
    assert found.aipw is not None
    assert found.aipw.value == pytest.approx(np.mean(rows))
    assert found.aipw.se == pytest.approx(np.std(rows, ddof=1) / np.sqrt(500))


def test_contacting_no_one_is_worth_nothing_and_too_few_rows_have_no_ipw_value() -> None:
    evidence, _ = campaign(np.random.default_rng(2), 300)
    nobody = np.zeros(300, dtype=np.int64)
    one = nobody.copy()
    one[5] = 1
    none, single = compare(evidence, TERMS, {"no one": nobody, "one": one})
    assert none.ipw is not None
    assert (none.ipw.value, none.ipw.se, none.share, none.predicted) == (0.0, 0.0, 0.0, 0.0)
    assert single.ipw is None
    assert single.aipw is not None
