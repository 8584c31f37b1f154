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
    return Areas(rows)(weight, effect)[0]


def auuc(rows: Contrast, weight: FloatArray | None = None, effect: float | None = None) -> float:
    """Area under the gain curve ÷ effect: 0.5 for a random ranking. Arguments as for `qini`."""
    return Areas(rows)(weight, effect)[1]


class Areas:
    """(Qini, AUUC) of the same rows under many weights.

    Keeps its working arrays: a bootstrap that asks the system for half a megabyte at every step spends four
    fifths of its time there. Hence one instance serves one thread.
    """

    def __init__(self, rows: Contrast) -> None:
        y, one = rows.outcome, np.ones(rows.customers)
        self._rows = rows
        self._parts = np.stack((rows.contacted, rows.control, rows.contacted * y, rows.control * y, one))
        self._sums = np.empty_like(self._parts)
        self._work = np.empty((3, rows.end.size))

    def __call__(self, weight: FloatArray | None = None, effect: float | None = None) -> tuple[float, float]:
        """Arguments as for `qini`."""
        n_t, n_c, y_t, y_c, customers = self._running_sums(weight)
        mean_c, curve, spare = self._work
        if not (n_t[-1] and n_c[-1]):
            return np.nan, np.nan
        scale = y_t[-1] / n_t[-1] - y_c[-1] / n_c[-1] if effect is None else effect
        if not scale:
            return np.nan, np.nan
        n = customers[-1]
        mean_c[:] = 0.0
        np.divide(y_c, n_c, out=mean_c, where=n_c > 0)
        np.subtract(y_t, np.multiply(n_t, mean_c, out=curve), out=curve)  # q
        coefficient = (_area(customers, curve, spare) / n - 0.5 * curve[-1]) / (n_t[-1] * scale)

        first = int(np.searchsorted(np.minimum(n_t, n_c, out=spare), 0.0, side="right"))  # both have begun
        curve, share = curve[first:], customers[first:]
        np.divide(curve, n_t[first:], out=curve)
        np.multiply(curve, share, out=curve)  # gain times n
        return float(coefficient), _area(share, curve, spare) / (n * n * scale)

    def _running_sums(self, weight: FloatArray | None) -> FloatArray:
        parts, sums, end = self._parts, self._sums, self._rows.end
        if weight is not None:
            parts = np.multiply(parts, weight, out=sums)
        for part, running in zip(parts, sums):
            np.cumsum(part, out=running)
        return sums if end.size == sums.shape[1] else sums[:, end - 1]


def _area(x: FloatArray, y: FloatArray, spare: FloatArray) -> float:
    """Trapezoids under (0, 0), (x, y); `spare` is overwritten."""
    width = np.subtract(x[1:], x[:-1], out=spare[: x.size - 1])
    return float(0.5 * (x[0] * y[0] + width @ y[1:] + width @ y[:-1]))
