"""Contacted against control, in the order of a score, with equal scores as one block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.estimate import Estimate
from core.uplift.evidence import Evidence, FloatArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Contrast:
    """n rows, best score first, in k blocks of equal scores.

    score: (n,) decreasing. outcome: (n,). contacted, control: (n,) weights, 0 for rows of another arm: 1
    where one contact arm is compared that all were as likely to get, 1 ÷ propensity where the arm or its
    propensity differs by customer. end: (k,) rows up to and including each block. order: (n,) where the rows
    stood in the evidence.

    The order inside a block is by weight and outcome, so that every sum over rows is the same to the last bit
    whatever the order of the input.
    """

    score: FloatArray
    outcome: FloatArray
    contacted: FloatArray
    control: FloatArray
    end: IntArray
    order: IntArray

    @property
    def customers(self) -> int:
        return int(self.score.size)

    @cached_property
    def mean_contacted(self) -> float:
        return float(self.contacted @ self.outcome / self.contacted.sum())

    @cached_property
    def mean_control(self) -> float:
        return float(self.control @ self.outcome / self.control.sum())

    @cached_property
    def effect(self) -> Estimate:
        """Average effect of contact: difference of Hájek means, with Neyman's standard error.

        With unequal weights the latter is that of the means' influence functions, w (y - mean) ÷ Σw.
        """
        variance = sum(
            of_one * float(w @ w) / float(w.sum()) ** 2
            for w, of_one in (
                (self.contacted, self.variance_contacted),
                (self.control, self.variance_control),
            )
        )
        return Estimate.normal(self.mean_contacted - self.mean_control, float(np.sqrt(variance)))

    @cached_property
    def variance_contacted(self) -> float:
        """Sample variance of one contacted customer's outcome; with unequal weights by their squares."""
        return _variance(self.outcome, self.contacted, self.mean_contacted)

    @cached_property
    def variance_control(self) -> float:
        """The same of one control customer's outcome."""
        return _variance(self.outcome, self.control, self.mean_control)

    @cached_property
    def effect_scores(self) -> FloatArray:
        """(n,) one unbiased, noisy score of each customer's own effect; their mean is `effect`.

        Hájek-centred inverse-propensity scores: effect + (y - mean of the arm) ÷ share of the arm, or the
        customer's own propensity of it, with the sign of the arm. They do not depend on any model, hence
        serve all models alike.
        """
        y, n = self.outcome, self.customers
        contacted = self.contacted * (y - self.mean_contacted) * (n / self.contacted.sum())
        control = self.control * (y - self.mean_control) * (n / self.control.sum())
        return np.asarray(self.effect.value + contacted - control, dtype=np.float64)

    def at_ends(self, values: FloatArray) -> FloatArray:
        """(k,) running sum of the (n,) `values` at the end of each block."""
        running = np.cumsum(values)
        return running if self.end.size == running.size else running[self.end - 1]

    def in_blocks(self, values: FloatArray) -> FloatArray:
        """(k,) sum of the (n,) `values` in each block."""
        return np.asarray(np.add.reduceat(values, np.concatenate(([0], self.end[:-1]))), dtype=np.float64)


def _variance(y: FloatArray, weight: FloatArray, mean: float) -> float:
    count = int((weight > 0).sum())
    return float((weight**2) @ (y - mean) ** 2) / float(weight @ weight) * count / (count - 1)


def contrast(evidence: Evidence, arm_index: int | None = None, score: FloatArray | None = None) -> Contrast:
    """The evidence as one comparison.

    arm_index: contact arm k (0-based) against the control, rows of other arms left out; None: each customer's
    best arm by predicted uplift against the control, inverse-propensity weighted (with one contact arm the
    two are the same). score: (n,) another ranking of the evidence's rows; else the predicted uplift.
    """
    single = evidence.uplift.shape[1] == 1
    if arm_index is None and not single:
        best = evidence.uplift.argmax(axis=1)
        shares = np.asarray(evidence.propensities)  # of one arm alone has each customer an own propensity
        took_best, took_none = evidence.arm == best + 1, evidence.arm == 0
        rows = np.arange(evidence.customers)
        contacted = np.where(took_best, 1.0 / shares[best + 1], 0.0)
        control = np.where(took_none, 1.0 / shares[0], 0.0)
        ranking = evidence.uplift.max(axis=1) if score is None else score
    else:
        k = arm_index or 0
        rows = np.flatnonzero((evidence.arm == 0) | (evidence.arm == k + 1))
        contacted = (evidence.arm[rows] == k + 1).astype(np.float64)
        control = 1.0 - contacted
        if evidence.propensity is not None:
            contacted, control = contacted / evidence.chance(1)[rows], control / evidence.chance(0)[rows]
        ranking = (evidence.uplift[:, k] if score is None else score)[rows]
    return sorted_contrast(np.asarray(ranking, np.float64), evidence.outcome[rows], contacted, control, rows)


def sorted_contrast(
    score: FloatArray,
    outcome: FloatArray,
    contacted: FloatArray,
    control: FloatArray,
    rows: IntArray | None = None,
) -> Contrast:
    """Sort (n,) arrays into a Contrast. Raises DataError where an arm has fewer than two rows."""
    for name, weight in (("contacted", contacted), ("control", control)):
        if (weight > 0).sum() < 2:
            raise DataError(
                f"Fewer than two {name} customers are left to measure with.", "Use a larger experiment."
            )
    order = np.lexsort((outcome, control, contacted, -score)).astype(np.int64)
    ranked = score[order]
    end = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)).astype(np.int64) + 1
    original = order if rows is None else np.asarray(rows, np.int64)[order]
    return Contrast(ranked, outcome[order], contacted[order], control[order], end, original)
