"""A boosted ensemble of small trees as plain numbers, evaluated by NumPy a column at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from core.uplift.learners.binning import Edges
from core.uplift.learners.interface import FloatArray


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the tree adds for the rows that end here."""

    value: float


@dataclass(frozen=True, slots=True)
class Split:
    """Rows with X[:, column] ≤ threshold go left; missing values go left where `missing_left`."""

    column: int
    threshold: float
    missing_left: bool
    left: Split | Leaf
    right: Split | Leaf


@dataclass(frozen=True, slots=True)
class Trees:
    """baseline plus the trees' values, added in order: the bits of HistGradientBoostingRegressor.predict.

    For trees of a few leaves three times faster than the library's row-by-row walk, on one thread, and a
    model file that holds numbers only.
    """

    baseline: float
    trees: tuple[Split | Leaf, ...]

    @classmethod
    def of(cls, model: HistGradientBoostingRegressor, edges: Edges | None = None) -> Trees:
        """Take the trees out of a fitted regressor of one output whose features are all numeric.

        edges: of the columns that it was given as bins (`core.uplift.learners.binning`); the trees then take
        the values themselves.
        The library has no public way to its nodes; a test compares every prediction with the library's own.
        """
        baseline = float(model._baseline_prediction.reshape(-1)[0])
        return cls(baseline, tuple(_tree(stage[0].nodes, 0, edges or {}) for stage in model._predictors))

    def predict(self, X: FloatArray) -> FloatArray:
        """(n,) from X (n, p); columns of a Fortran-ordered X are read without a stride."""
        total = np.full(len(X), self.baseline)
        for tree in self.trees:
            total += _values(tree, X)
        return total


def _tree(nodes: np.ndarray, index: int, edges: Edges) -> Split | Leaf:
    node = nodes[index]
    if node["is_leaf"]:
        return Leaf(float(node["value"]))
    if node["is_categorical"]:
        raise ValueError("categorical splits are not supported")
    column, threshold = int(node["feature_idx"]), float(node["num_threshold"])
    if column in edges and np.isfinite(threshold):  # between two bins
        threshold = float(edges[column][int(np.floor(threshold))])
    return Split(
        column,
        threshold,
        bool(node["missing_go_to_left"]),
        _tree(nodes, int(node["left"]), edges),
        _tree(nodes, int(node["right"]), edges),
    )


def _values(node: Split | Leaf, X: FloatArray) -> FloatArray | float:
    if isinstance(node, Leaf):
        return node.value
    column = X[:, node.column]
    # A missing value compares as False: on the side of "not".
    left = ~(column > node.threshold) if node.missing_left else column <= node.threshold
    return np.where(left, _values(node.left, X), _values(node.right, X))
