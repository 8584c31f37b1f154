"""A handful of segments, each with its measured effect: the learner that can be read as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from core.progress import Progress, silent
from core.uplift.learners.interface import FILE, ArmArray, FloatArray, Prediction

SEGMENTS = 8
LEAST, SHARE = 500, 0.05
"""A segment has at least this many customers and at least this share of all."""


class SegmentTable:
    """Segments found by a small tree on effect scores; their effect is a difference in means, shrunk.

    Athey & Imbens (PNAS 2016) grow causal trees this way. A segment's effect is drawn to the average of all
    by how noisy it is (empirical Bayes, DerSimonian & Laird 1986).
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
        progress: Progress = silent,
    ) -> None:
        """See Learner.fit."""
        progress("Finding segments", 0.0)
        arms = len(propensities)
        means = np.array([y[arm == k].mean() for k in range(arms)])
        residual = (y - means[arm]) / np.asarray(propensities)[arm]
        scores = np.column_stack(
            [np.where(arm == k, residual, np.where(arm == 0, -residual, 0.0)) for k in range(1, arms)]
        )
        least = max(LEAST, int(SHARE * len(y)))
        self.tree = DecisionTreeRegressor(
            max_leaf_nodes=SEGMENTS, min_samples_leaf=least, random_state=self.seed
        ).fit(X, scores)
        cell = self.tree.apply(X)
        progress("Measuring segments", 0.5)
        table = [_moments(y[arm == k], cell[arm == k], self.tree.tree_.node_count) for k in range(arms)]
        count0, mean0, _ = table[0]
        self.y0 = np.where(count0 > 0, mean0, means[0])
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


Moments = tuple[FloatArray, FloatArray, FloatArray]


def _moments(y: FloatArray, cell: np.ndarray, cells: int) -> Moments:
    """Count, mean and variance of the mean by cell."""
    count = np.bincount(cell, minlength=cells).astype(np.float64)
    safe = np.maximum(count, 1.0)
    mean = np.bincount(cell, y, cells) / safe
    squares = np.bincount(cell, (y - mean[cell]) ** 2, cells)
    return count, mean, squares / np.maximum(count - 1.0, 1.0) / safe


def _shrunk_effects(contacted: Moments, control: Moments, average: float) -> FloatArray:
    """(cells,) effects drawn to `average`: wholly where a cell lacks two rows of an arm."""
    known = (contacted[0] > 1) & (control[0] > 1)
    effect = np.where(known, contacted[1] - control[1], average)
    noise = contacted[2] + control[2]
    noise = np.where(known, np.maximum(noise, np.finfo(np.float64).tiny), np.inf)
    weight = 1.0 / noise
    spare = weight.sum() - (weight**2).sum() / weight.sum() if weight.any() else 0.0
    spread = 0.0
    if spare > 0:
        centre = float(weight @ effect / weight.sum())
        excess = float(weight @ (effect - centre) ** 2) - (int(known.sum()) - 1)
        spread = max(excess / spare, 0.0)
    return np.asarray(average + (effect - average) * (spread / (spread + noise)), dtype=np.float64)
