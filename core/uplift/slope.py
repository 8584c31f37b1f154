"""Calibration slope: by how much measured uplift rises when predicted uplift rises by one."""

from __future__ import annotations

import numpy as np

from core.estimate import Estimate
from core.uplift.contrast import Contrast


def calibration_slope(rows: Contrast) -> Estimate | None:
    """Least-squares slope of the effect scores on the predicted uplift, heteroscedasticity-robust (HC1).

    1: differences between customers are as large as predicted; 0: the ranking tells nothing; below 1:
    overconfident. None for a constant prediction. Chernozhukov, Demirer, Duflo & Fernández-Val (2018), BLP.
    """
    centred = rows.score - rows.score.mean()
    spread = float(centred @ centred)
    n = rows.customers
    if n < 3 or spread <= (1e-12 * float(np.abs(rows.score).max())) ** 2 * n:
        return None
    scores = rows.effect_scores - rows.effect.value
    value = float(centred @ scores) / spread
    residual = scores - scores.mean() - value * centred
    variance = float((centred**2) @ residual**2) / spread**2 * n / (n - 2)
    return Estimate.normal(value, float(np.sqrt(variance)))
