"""A handful of segments, each with its measured effect: the learner that can be read as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from core.progress import Progress, silent
from core.uplift.learners.interface import FILE, ArmArray, FloatArray, Prediction

SEGMENTS = 8
LEAST, SHARE = 500, 0.05
"""A segment has at least this many customers and at least this share of all."""


class SegmentTable:
    """Segments found by a small tree on effect scores; their effect is a difference in means, shrunk.

    Athey & Imbens (PNAS 2016) grow causal trees this way. A segment's effect is drawn to the average of all
    by how noisy it is (empirical Bayes, DerSimonian & Laird 1986). Segments are chosen and measured on the
    same customers, which exaggerates their differences: calibration takes that back.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tree: DecisionTreeRegressor | None = None
        self.uplift: FloatArray = np.zeros((0, 0))  # (nodes, K) by node of the tree
        self.y0: FloatArray = np.zeros(0)  # (nodes,)

    def fit(
        self,
        X: FloatArray,
        arm: ArmArray,
        y: FloatArray,
        *,
        propensities: tuple[float, ...],
        propensity: FloatArray | None = None,
        progress: Progress = silent,
    ) -> None:
        """See Learner.fit."""
        progress("Finding segments", 0.0)
        arms = len(propensities)
        chance = np.asarray(propensities)[arm]
        if propensity is not None:
            chance = np.where(arm > 0, propensity, 1.0 - propensity)
        weight = np.ones(len(y)) if propensity is None else 1.0 / chance
        means = np.array([np.average(y[arm == k], weights=weight[arm == k]) for k in range(arms)])
        residual = (y - means[arm]) / chance
        scores = np.column_stack(
            [np.where(arm == k, residual, np.where(arm == 0, -residual, 0.0)) for k in range(1, arms)]
        )
        least = max(LEAST, int(SHARE * len(y)))
        self.tree = DecisionTreeRegressor(
            max_leaf_nodes=SEGMENTS, min_samples_leaf=least, random_state=self.seed
        ).fit(X, scores)
        cell = self.tree.apply(X)
        progress("Measuring segments", 0.5)
        nodes = self.tree.tree_.node_count
        table = [_Cells.of(y[arm == k], cell[arm == k], nodes, weight[arm == k]) for k in range(arms)]
        self.y0 = np.where(table[0].count > 0, table[0].mean, means[0])
        self.uplift = np.column_stack(
            [_shrunk_effects(table[k], table[0], means[k] - means[0]) for k in range(1, arms)]
        )

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict."""
        assert self.tree is not None
        cell = self.tree.apply(X)
        uplift, y0 = self.uplift[cell], self.y0[cell]
        return Prediction(uplift, y0[:, None] + uplift, y0)

    def parts(self) -> dict[str, Any]:
        """learner.joblib."""
        return {FILE: self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Self:
        """The fitted learner from its parts."""
        return parts[FILE]  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Customers of one arm by cell: how many, their mean outcome, and the variance within cells, pooled.

    count: as many, drawn alike, as the weighted customers tell as much as: (Σw)² ÷ Σw².
    """

    count: FloatArray
    mean: FloatArray
    variance: float

    @classmethod
    def of(cls, y: FloatArray, cell: NDArray[np.int64], cells: int, weight: FloatArray) -> _Cells:
        total, squares = np.bincount(cell, weight, cells), np.bincount(cell, weight**2, cells)
        there = total > 0
        count = np.divide(total**2, squares, out=np.zeros(cells), where=there)
        mean = np.divide(np.bincount(cell, weight * y, cells), total, out=np.zeros(cells), where=there)
        spare = max(len(y) - int(there.sum()), 1)
        spread = float(np.sum(weight * (y - mean[cell]) ** 2)) / float(weight.mean())
        return cls(count, mean, spread / spare)


def _shrunk_effects(contacted: _Cells, control: _Cells, average: float) -> FloatArray:
    """(cells,) effects drawn to `average`: wholly where a cell lacks an arm."""
    known = (contacted.count > 0) & (control.count > 0)
    effect = np.where(known, contacted.mean - control.mean, average)
    noise = np.full(len(effect), np.inf)
    noise[known] = contacted.variance / contacted.count[known] + control.variance / control.count[known]
    if known.sum() < 2:
        return np.full(len(effect), average)
    if not noise[known].all():  # outcomes that do not vary within cells
        return effect
    weight = 1.0 / noise
    centre = float(weight @ effect / weight.sum())
    excess = float(weight @ (effect - centre) ** 2) - (int(known.sum()) - 1)
    spread = max(excess / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    return np.asarray(average + (effect - average) * (spread / (spread + noise)), dtype=np.float64)
