"""Areas under the curves that judge a ranking: Qini and AUUC, with equal scores as one block."""

from __future__ import annotations

import numpy as np

from core.uplift.contrast import Contrast
from core.uplift.evidence import FloatArray


def qini(rows: Contrast, weight: FloatArray | None = None, effect: float | None = None) -> float:
    """Qini coefficient: area between the ranking's curve and random's, ÷ (contacted · effect).

    q(φ) = Y_t(φ) - Y_c(φ) · N_t(φ) / N_c(φ) over the best φ, straight lines between blocks; before the first
    control customer Y_c counts as 0. weight: (n,) how often each row counts (bootstrap). effect: the average
    effect, outcome units per customer, where several rankings share one; else these rows' own. Exactly 0 for
    a constant score, NaN without an effect. Radcliffe (2007); scale as in the project's design.
    """
    return areas(rows, weight, effect)[0]


def auuc(rows: Contrast, weight: FloatArray | None = None, effect: float | None = None) -> float:
    """Area under the gain curve ÷ effect: 0.5 for a random ranking. Arguments as for `qini`."""
    return areas(rows, weight, effect)[1]


def areas(
    rows: Contrast, weight: FloatArray | None = None, effect: float | None = None
) -> tuple[float, float]:
    """(Qini, AUUC) of the same rows; arguments as for `qini`."""
    contacted = rows.contacted if weight is None else rows.contacted * weight
    control = rows.control if weight is None else rows.control * weight
    n_t, n_c = rows.at_ends(contacted), rows.at_ends(control)
    y_t, y_c = rows.at_ends(contacted * rows.outcome), rows.at_ends(control * rows.outcome)
    customers = rows.end.astype(np.float64) if weight is None else rows.at_ends(weight)
    share = customers / customers[-1]
    if not (n_t[-1] and n_c[-1]):
        return np.nan, np.nan
    scale = y_t[-1] / n_t[-1] - y_c[-1] / n_c[-1] if effect is None else effect
    if not scale:
        return np.nan, np.nan

    mean_c = np.divide(y_c, n_c, out=np.zeros_like(n_c), where=n_c > 0)
    q = y_t - n_t * mean_c
    coefficient = (_area(share, q) - 0.5 * q[-1]) / (n_t[-1] * scale)

    first = int(np.searchsorted(np.minimum(n_t, n_c) > 0, True))  # where both arms have begun
    uplift = y_t[first:] / n_t[first:] - mean_c[first:]
    return float(coefficient), float(_area(share[first:], share[first:] * uplift) / scale)


def _area(x: FloatArray, y: FloatArray) -> float:
    """Trapezoids under (0, 0), (x, y)."""
    return float(0.5 * x[0] * y[0] + 0.5 * ((x[1:] - x[:-1]) @ (y[1:] + y[:-1])))
