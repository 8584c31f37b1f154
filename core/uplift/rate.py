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
    scores = rows.effect_scores
    if weight is None:
        ends, total = rows.end, rows.at_ends(scores)
    else:
        ends, total = rows.at_ends(weight).astype(np.int64), rows.at_ends(weight * scores)
    starts = np.concatenate(([0], ends[:-1]))
    before = np.concatenate(([0.0], total[:-1]))
    count = (ends - starts).astype(np.float64)
    n = int(ends[-1])
    mean = np.divide(total - before, count, out=np.zeros_like(count), where=count > 0)
    harmonic = _harmonic(n)
    # inside a block the running sum is before + mean·(j - start): sums over j in closed form
    plain = mean * count + (before - mean * starts) * (harmonic[ends] - harmonic[starts])
    weighted = before * count + mean * count * (count + 1) / 2
    average = total[-1] / n
    autoc = plain.sum() / n - average
    return float(autoc), float(weighted.sum() / n**2 - average * (n + 1) / (2 * n))


@lru_cache(maxsize=4)
def _harmonic(n: int) -> FloatArray:
    """(n + 1,) harmonic numbers 0, 1, 1 + 1/2, …"""
    result = np.concatenate(([0.0], np.cumsum(1.0 / np.arange(1, n + 1))))
    result.setflags(write=False)
    return result
