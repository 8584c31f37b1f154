"""Numbers as bins before a weighted boosting: the library's own way sorts a column for each of 254 edges."""

from __future__ import annotations

import numpy as np

from core.uplift.learners.interface import FloatArray

BINS = 255
"""What the library bins a column into; columns of no more values than this stay as they are."""

Edges = dict[int, FloatArray]
"""By column, the upper edges of its bins but the last: bin k holds values ≤ edges[k] above edges[k - 1]."""


def binned(X: FloatArray) -> tuple[FloatArray, Edges]:
    """X (n, p) with the numbers of its bin, from 0, in columns of many values (NaN stays), and their edges.

    The edges are quantiles of the values as they are: the weights decide where a tree splits, not where it
    might (scikit-learn before 1.8 did the same).
    """
    result = np.array(X, dtype=np.float64, order="F")
    edges: Edges = {}
    for j in range(X.shape[1]):
        values = result[:, j]
        known = np.sort(values[~np.isnan(values)])
        if 1 + np.count_nonzero(np.diff(known)) <= BINS:
            continue
        at = np.linspace(0, 1, BINS + 1)[1:-1]
        edges[j] = np.unique(np.quantile(known, at, method="averaged_inverted_cdf"))
        result[:, j] = np.where(np.isnan(values), np.nan, np.searchsorted(edges[j], values, side="left"))
    return result, edges
