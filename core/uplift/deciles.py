"""Ten groups of customers, best tenth first: what was predicted for them beside what was measured."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.estimate import Estimate
from core.uplift.contrast import Contrast, contrast
from core.uplift.evidence import Evidence, FloatArray

TENTHS = 10


def deciles(evidence: Evidence, arm_index: int | None = None) -> pd.DataFrame:
    """One row a decile, 1 = highest predicted uplift; outcome units per customer.

    Columns: decile, customers, predicted_uplift, measured_uplift, lo, hi (interval of the measured, Neyman's
    standard error), treated, control (customers behind it), mean_treated, mean_control. Customers with equal
    scores that straddle a border count on each side in proportion, whatever their order in the file. Where a
    decile lacks one of the arms its measured uplift is NaN. arm_index as in `contrast`.
    """
    return deciles_of(contrast(evidence, arm_index))


def deciles_of(rows: Contrast, groups: int = TENTHS) -> pd.DataFrame:
    """The deciles of rows already sorted."""
    borders = np.round(np.arange(groups + 1) * rows.customers / groups).astype(np.int64)
    table = [
        {"decile": d + 1, **_group(rows, int(borders[d]), int(borders[d + 1]))}
        for d in range(groups)
        if borders[d + 1] > borders[d]
    ]
    return pd.DataFrame(table)


def _group(rows: Contrast, low: int, high: int) -> dict[str, float | int]:
    """Positions low..high of the ranking, every block that touches them weighted by its share inside."""
    first, last = np.searchsorted(rows.end, low, side="right"), np.searchsorted(rows.end, high, side="left")
    ends = rows.end[first : last + 1]
    starts = np.concatenate(([rows.end[first - 1] if first else 0], ends[:-1]))
    inside = np.minimum(ends, high) - np.maximum(starts, low)
    share = np.repeat(inside / (ends - starts), ends - starts)
    part = slice(int(starts[0]), int(ends[-1]))
    y = rows.outcome[part]
    mean_1, variance_1, count_1 = _mean(share, rows.contacted[part], y, rows.variance_contacted)
    mean_0, variance_0, count_0 = _mean(share, rows.control[part], y, rows.variance_control)
    measured = Estimate.normal(mean_1 - mean_0, float(np.sqrt(variance_1 + variance_0)))
    return {
        "customers": high - low,
        "predicted_uplift": float(share @ rows.score[part] / share.sum()),
        "measured_uplift": measured.value,
        "lo": measured.lo,
        "hi": measured.hi,
        "treated": count_1,
        "control": count_0,
        "mean_treated": mean_1,
        "mean_control": mean_0,
    }


def _mean(share: FloatArray, weight: FloatArray, y: FloatArray, whole: float) -> tuple[float, float, int]:
    """Weighted mean, its variance (one degree of freedom from the whole arm), and the customers behind it."""
    w = share * weight
    total, squares = float(w.sum()), float(w @ w)
    count = round(float(share @ (weight > 0)))
    if squares == 0.0:
        return np.nan, np.nan, count
    mean = float(w @ y) / total
    effective = total**2 / squares
    spread = float((w**2) @ (y - mean) ** 2) / squares
    return mean, (spread + whole / effective) / effective, count
