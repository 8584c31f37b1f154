"""Intervals by drawing the customers again: what another experiment of the same size would have shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from core.estimate import LEVEL, Estimate
from core.uplift.evidence import FloatArray

REPLICATES = 1000
SEED = 0


def replicate_weights(customers: int, replicates: int = REPLICATES, seed: int = SEED) -> Iterator[FloatArray]:
    """`replicates` times (customers,) counts of a draw with replacement, the same for a seed."""
    rng = np.random.default_rng(seed)
    for _ in range(replicates):
        drawn = rng.integers(0, customers, customers, dtype=np.int32)
        yield np.bincount(drawn, minlength=customers).astype(np.float64)


def bootstrap(
    statistics: Callable[[FloatArray | None], FloatArray],
    customers: int,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> list[Estimate]:
    """Estimates of several statistics of the same draws, percentile intervals at LEVEL.

    statistics(weight) -> (s,), with weight (customers,) how often each row counts, None for once each.
    Replicates where a statistic does not exist are left out of it.
    """
    points = statistics(None)
    drawn = np.array([statistics(w) for w in replicate_weights(customers, replicates, seed)])
    return [_estimate(float(point), column) for point, column in zip(points, drawn.T)]


def _estimate(point: float, drawn: FloatArray) -> Estimate:
    drawn = drawn[np.isfinite(drawn)]
    if not np.isfinite(point) or drawn.size < 2:
        return Estimate(point, np.nan, np.nan, np.nan)
    low, high = np.quantile(drawn, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    # from the interval's width: a ratio whose denominator comes near 0 has no finite variance
    return Estimate(point, float(high - low) / (2 * Estimate.normal(0.0, 1.0).hi), float(low), float(high))
