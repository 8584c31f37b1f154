"""The best share of customers to contact, chosen on some rows and measured on others: choosing flatters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.estimate import Estimate
from core.policy.problem import FloatArray, IntArray
from core.policy.terms import Terms
from core.policy.value import augmented, hajek
from core.uplift.evidence import Evidence

FOLDS = 5


@dataclass(frozen=True, slots=True)
class ChosenBest:
    """The best share to contact, chosen on some rows and measured on the others, fold by fold.

    shares: (folds,) chosen. value: profit per customer of that way of choosing, money. flattered: what the
    choice seems worth on the rows that chose it. thresholds: (folds,) predicted profit above which a
    customer is contacted. fold: (n,) the fold each row was measured in.
    """

    shares: FloatArray
    thresholds: FloatArray
    value: Estimate
    flattered: float
    fold: IntArray


def chosen_best(evidence: Evidence, terms: Terms, folds: int = FOLDS, seed: int = 42) -> ChosenBest | None:
    """Choose the most profitable share by measured profit on all folds but one, measure it on that one.

    None where an arm has fewer than two customers a fold.
    """
    if np.bincount(evidence.arm, minlength=len(evidence.arms)).min() < 2 * folds:
        return None
    size = evidence.customers
    profit = evidence.uplift * terms.worth - terms.cost
    arm = profit.argmax(axis=1) + 1
    score = profit.max(axis=1)
    fold = _folds(evidence, folds, seed)
    shares, thresholds, values, variances, flattered = [], [], [], [], []
    for number in range(folds):
        inside = fold == number
        threshold, seeming = _best_threshold(evidence, terms, arm, score, ~inside)
        choice = np.where(score >= threshold, arm, 0)
        held = evidence.at(inside)
        measured = hajek(held, terms, choice[inside])
        if measured is None:
            measured = augmented(held, terms, choice[inside])
        assert measured is not None  # the augmented estimate always exists
        shares.append(float((choice > 0).mean()))
        thresholds.append(threshold)
        weight = inside.sum() / size
        values.append(weight * float(measured.mean()))
        variances.append(weight**2 * float(measured.var(ddof=1)) / inside.sum())
        flattered.append(seeming * weight)
    value = Estimate.normal(sum(values), float(np.sqrt(sum(variances))))
    return ChosenBest(np.array(shares), np.array(thresholds), value, sum(flattered), fold)


def _best_threshold(
    evidence: Evidence, terms: Terms, arm: IntArray, score: FloatArray, on: NDArray[np.bool_]
) -> tuple[float, float]:
    """(predicted profit from which contacting was most profitable on these rows, profit per customer it
    seemed).
    """
    rows = np.flatnonzero(on)
    rows = rows[np.argsort(-score[rows], kind="stable")]
    k = arm[rows]
    chance = np.stack([evidence.chance(one)[rows] for one in range(len(evidence.arms))])
    got = (evidence.arm[rows] == k) / chance[k, np.arange(rows.size)]
    left = (evidence.arm[rows] == 0) / chance[0]
    worth = terms.worth[k - 1]
    level = float(evidence.outcome[rows].mean())
    gain = worth * (evidence.outcome[rows] - level) * (got - left) - terms.cost[k - 1]
    total = np.cumsum(gain)
    last = np.append(score[rows][1:] != score[rows][:-1], True)
    total = np.where(last, total, -np.inf)
    best = int(np.argmax(total))
    if total[best] <= 0:
        return np.inf, 0.0
    return float(score[rows][best]), float(total[best] / rows.size)


def _folds(evidence: Evidence, folds: int, seed: int) -> IntArray:
    """(n,) folds of equal size within each arm, drawn by `seed`."""
    rng = np.random.default_rng(seed)
    out = np.empty(evidence.customers, dtype=np.int64)
    for arm in range(len(evidence.arms)):
        rows = np.flatnonzero(evidence.arm == arm)
        out[rng.permutation(rows)] = np.arange(rows.size) % folds
    return out
