"""Rank-weighted average treatment effects: does the ranking find those whom contact changes most?

Yadlowsky, Fleming, Shah, Brunskill & Wager, "Evaluating Treatment Prioritization Rules via Rank-Weighted
Average Treatment Effects", JASA 120 (2025), as the R package grf computes them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.uplift.contrast import Contrast
from core.uplift.evidence import FloatArray


def rate(rows: Contrast, weight: FloatArray | None = None) -> tuple[float, float]:
    """(AUTOC, Qini-type RATE), outcome units per customer; 0 for a ranking that tells nothing.

    TOC(q) = mean effect score of the best q less the mean of all. AUTOC is its plain average over
    q = 1/n … 1, the Qini-type its average weighted by q. Equal scores share the mean of their block, as in
    grf. weight: (n,) whole numbers, how often each row counts (bootstrap).
    """
    return Rates(rows)(weight)


class Rates:
    """(AUTOC, Qini-type RATE) of the same rows under many weights; working arrays kept, as in `Areas`."""

    def __init__(self, rows: Contrast) -> None:
        self._rows = rows
        self._scores = rows.effect_scores
        self._sums = np.empty((2, rows.customers))
        self._work = np.empty((4, rows.end.size))

    def __call__(self, weight: FloatArray | None = None) -> tuple[float, float]:
        """Arguments as for `rate`."""
        end = self._rows.end
        counts, totals = self._sums
        if weight is None:
            counts[:] = 1.0
            np.cumsum(counts, out=counts)
            np.cumsum(self._scores, out=totals)
        else:
            np.cumsum(weight, out=counts)
            np.cumsum(np.multiply(weight, self._scores, out=totals), out=totals)
        ends, total = (counts, totals) if end.size == counts.size else (counts[end - 1], totals[end - 1])
        count, mean, level, of_harmonics = self._work
        _steps(ends, count)
        _steps(total, mean)
        block = mean.copy()  # summed scores of each block
        np.divide(mean, count, out=mean, where=count > 0)  # an empty block's sum is 0 already
        # inside a block the running sum is before + mean·(j - start): sums over j in closed form
        n = int(ends[-1])
        np.take(_harmonic(n), ends.astype(np.int64), out=level)
        _steps(level, of_harmonics)
        before = np.subtract(total, block, out=level)
        weighted = float(before @ count + 0.5 * (block @ count) + 0.5 * block.sum())
        starts = np.subtract(ends, count, out=count)
        before -= np.multiply(mean, starts, out=mean)
        plain = float(total[-1] + before @ of_harmonics)
        average = float(total[-1]) / n
        return plain / n - average, weighted / n**2 - average * (n + 1) / (2 * n)


def _steps(running: FloatArray, out: FloatArray) -> None:
    """Differences of a running sum that starts from 0."""
    out[0] = running[0]
    np.subtract(running[1:], running[:-1], out=out[1:])


@lru_cache(maxsize=4)
def _harmonic(n: int) -> FloatArray:
    """(n + 1,) harmonic numbers 0, 1, 1 + 1/2, …"""
    result = np.concatenate(([0.0], np.cumsum(1.0 / np.arange(1, n + 1))))
    result.setflags(write=False)
    return result
