"""How much each customer moves an estimate: standard errors and paired differences without drawing again.

The infinitesimal jackknife (Efron 1982; Huber 1981): a statistic's derivative by the weight of each row. The
difference of two statistics of the same rows has the difference of their influences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.estimate import LEVEL, Estimate
from core.uplift.contrast import Contrast
from core.uplift.evidence import FloatArray


@dataclass(frozen=True)
class Influenced:
    """A statistic with the influence of each of the n customers of the evidence, in the evidence's order."""

    value: float
    influence: FloatArray

    def estimate(self, level: float = LEVEL) -> Estimate:
        n = self.influence.size
        return Estimate.normal(
            self.value, float(np.sqrt(self.influence @ self.influence * n / (n - 1))), level
        )

    def __sub__(self, other: Influenced) -> Influenced:
        return Influenced(self.value - other.value, self.influence - other.influence)

    def __add__(self, other: Influenced) -> Influenced:
        return Influenced(self.value + other.value, self.influence + other.influence)

    def times(self, factor: float, shift: float = 0.0) -> Influenced:
        return Influenced(self.value * factor + shift, self.influence * factor)


def area_gained(rows: Contrast, customers: int) -> Influenced:
    """Area between the ranking's Qini curve and random's ÷ contacted: outcome units per customer.

    What the ranking gains over contacting as many at random, on average over all shares; Qini is this ÷ the
    average effect. customers: rows of the evidence behind `rows`.
    """
    t, c, y = rows.contacted, rows.control, rows.outcome
    n_t, n_c, y_t, y_c = (rows.at_ends(v) for v in (t, c, t * y, c * y))
    begun = n_c > 0
    mean_c = np.divide(y_c, n_c, out=np.zeros_like(n_c), where=begun)
    ratio = np.divide(n_t, n_c, out=np.zeros_like(n_c), where=begun)
    q = y_t - n_t * mean_c
    share = np.concatenate(([0.0], rows.end / rows.customers))
    width, height = np.diff(share), (q + np.concatenate(([0.0], q[:-1]))) / 2
    area = float(width @ height)
    weight = (width + np.append(width[1:], 0.0)) / 2  # of q at each block's end in the area
    weight[-1] -= 0.5  # less random's triangle

    block = np.repeat(np.arange(rows.end.size), np.diff(rows.end, prepend=0))
    of_y_t, of_t, of_y_c, of_c = (
        np.cumsum(v[::-1])[::-1][block]
        for v in (weight, weight * mean_c, weight * ratio, weight * ratio * mean_c)
    )
    derivative = t * (y * of_y_t - of_t) - c * (y * of_y_c - of_c) + (height[block] - area) / rows.customers
    contacted = float(t.sum())
    value = (area - 0.5 * float(q[-1])) / contacted
    influence = np.zeros(customers)
    influence[rows.order] = derivative / contacted - value * t / contacted
    return Influenced(value, influence)


def set_gain(rows: Contrast, chosen: int, customers: int) -> Influenced:
    """Gain of contacting the best `chosen` of the rows, outcome units per customer; `chosen` ends a block.

    As `core.uplift.gain`: the choice is given, the outcomes are random.
    """
    influence = np.zeros(customers)
    if chosen == 0:
        return Influenced(0.0, influence)
    share, best = chosen / rows.customers, slice(0, chosen)
    y, derivative, value = rows.outcome[best], np.zeros(chosen), 0.0
    for weight, sign in ((rows.contacted[best], 1.0), (rows.control[best], -1.0)):
        if not weight.any():
            return Influenced(np.nan, influence)
        mean = float(weight @ y / weight.sum())
        value += sign * share * mean
        derivative += sign * share * weight * (y - mean) / weight.sum()
    influence[rows.order[best]] = derivative
    return Influenced(value, influence)


def share_gain(rows: Contrast, share: float, customers: int) -> Influenced:
    """Gain of contacting the best `share` (0-1) of the rows, outcome units per customer.

    The value is that of `core.uplift.gain`'s curve: between the ends of blocks a straight line, and from 0 to
    the first block's end at which both arms have a customer. Differences of two shares are paired.
    """
    measured = rows.end[(rows.at_ends(rows.contacted) > 0) & (rows.at_ends(rows.control) > 0)]
    wanted = min(max(share, 0.0), 1.0) * rows.customers
    above = int(np.searchsorted(measured, wanted - 1e-6))
    high = int(measured[above])
    low = int(measured[above - 1]) if above else 0
    part = min(max((wanted - low) / (high - low), 0.0), 1.0)
    upper = set_gain(rows, high, customers).times(part)
    return upper if part == 1.0 else upper + set_gain(rows, low, customers).times(1.0 - part)
