"""Make predicted uplift mean what it says: recalibrate scores against the experiment's outcomes.

Isotonic regression of the effect scores on cross-fitted predictions; where that does not predict better than
a straight line, a slope within [0, 1]; where nothing predicts better than the average effect, the average.
A free slope would flip the ranking wherever noise says so; within [0, 1] it can only shrink.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import isotonic_regression

from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence, FloatArray

Method = Literal["isotonic", "slope", "ate"]

CELLS = 50
CELL_ROWS = 200
"""Scores are averaged in at most CELLS cells of at least CELL_ROWS customers before the isotonic fit: single
customers at the ends would otherwise pull it to whatever one large order was."""

TIE_SLOPE = 1e-6
"""Slope kept on the isotonic fit's level stretches, so that customers who differ keep their order."""

FOLDS = 5


@dataclass(frozen=True)
class Calibration:
    """A map from predicted to calibrated uplift, never decreasing; lines between knots, level beyond them.

    knots, values: (k,) outcome units per customer. method: how they were found. shift: added to all, so
    that the calibrated mean over the rows of the fit is the average effect.
    """

    method: Method
    knots: FloatArray
    values: FloatArray
    shift: float

    def apply(self, uplift: FloatArray) -> FloatArray:
        """Calibrated uplift, the shape of `uplift`."""
        uplift = np.asarray(uplift, dtype=np.float64)
        if self.method == "ate":
            return np.full(uplift.shape, self.shift)
        if self.method == "slope":  # a line, beyond its knots too
            slope = (self.values[1] - self.values[0]) / (self.knots[1] - self.knots[0])
            return np.asarray(self.values[0] + slope * (uplift - self.knots[0]) + self.shift, np.float64)
        level = np.interp(uplift, self.knots, self.values)
        return np.asarray(level + TIE_SLOPE * (uplift - self.knots[0]) + self.shift, np.float64)


def calibrate(uplift: FloatArray, effect_scores: FloatArray, effect: float, seed: int = 0) -> Calibration:
    """The simplest map whose cross-validated squared error against the effect scores is smallest.

    uplift: (n,) cross-fitted predictions. effect_scores: (n,) unbiased noisy effects of the same customers
    (`Contrast.effect_scores`). effect: the average effect. At equal error: average, slope,
    isotonic.
    """
    errors = {method: _held_out_error(method, uplift, effect_scores, seed) for method in _METHODS}
    best = min(errors, key=lambda method: errors[method])
    return fit(best, uplift, effect_scores, effect)


def calibrated(evidence: Evidence, seed: int = 0) -> tuple[Evidence, tuple[Calibration, ...]]:
    """The evidence with calibrated uplift, and the calibration of each contact arm for new customers.

    Each customer of the evidence gets a calibration that has not seen the customer's outcome; y1 becomes
    y0 + uplift. The calibrations of different folds are brought to one scale, as the models' scores are.
    """
    fold = folds_of(evidence, seed)
    uplift = np.empty_like(evidence.uplift)
    maps = []
    for k, raw in enumerate(evidence.uplift.T):
        rows = contrast(evidence, k)
        scores, effect = rows.effect_scores, rows.effect.value
        for one in range(FOLDS):
            here, learnt = fold == one, fold[rows.order] != one
            uplift[here, k] = calibrate(rows.score[learnt], scores[learnt], effect, seed).apply(raw[here])
        maps.append(calibrate(rows.score, scores, effect, seed))
    done = evidence.pooled(uplift)
    return replace(done, y1=done.y0[:, None] + done.uplift), tuple(maps)


def folds_of(evidence: Evidence, seed: int) -> NDArray[np.int64]:
    """(n,) fold of each customer, by the models that scored them: 0 to FOLDS - 1."""
    if evidence.group is not None:
        return evidence.group % FOLDS
    return np.random.default_rng(seed).permutation(np.arange(evidence.customers) % FOLDS)


def fit(method: Method, uplift: FloatArray, effect_scores: FloatArray, effect: float) -> Calibration:
    """The calibration of one method; "ate" where the scores do not vary or the fit is level."""
    centre = float(uplift.mean())
    spread = uplift - centre
    if method == "ate" or not np.ptp(uplift) > 1e-12 * max(1.0, float(np.abs(uplift).max())):
        return _average(effect)
    if method == "slope":
        slope = float(np.clip(spread @ effect_scores / (spread @ spread), 0.0, 1.0))
        if slope == 0.0:
            return _average(effect)
        knots = np.array([centre, centre + 1.0])
        return Calibration("slope", knots, np.array([0.0, slope]), effect)
    knots, values = _isotonic(uplift, effect_scores)
    if values[-1] <= values[0]:
        return _average(effect)
    raw = Calibration("isotonic", knots, values, 0.0)
    return Calibration("isotonic", knots, values, effect - float(raw.apply(uplift).mean()))


_METHODS: tuple[Method, ...] = ("ate", "slope", "isotonic")


def _average(effect: float) -> Calibration:
    return Calibration("ate", np.zeros(1), np.zeros(1), effect)


def _isotonic(uplift: FloatArray, effect_scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centres and levels of the isotonic blocks (Oron & Flournoy 2017: lines between block centres)."""
    order = np.argsort(uplift, kind="stable")
    x, y = uplift[order], effect_scores[order]
    cells = max(1, min(CELLS, x.size // CELL_ROWS))
    starts = np.unique(
        np.searchsorted(x, x[np.arange(cells) * x.size // cells])
    )  # equal scores stay together
    count = np.diff(np.append(starts, x.size)).astype(np.float64)
    mean_x, mean_y = np.add.reduceat(x, starts) / count, np.add.reduceat(y, starts) / count
    level = np.asarray(isotonic_regression(mean_y, sample_weight=count), dtype=np.float64)
    first = np.flatnonzero(np.append(True, level[1:] != level[:-1]))
    weight = np.add.reduceat(count, first)
    return np.add.reduceat(mean_x * count, first) / weight, level[first]


def _held_out_error(method: Method, uplift: FloatArray, effect_scores: FloatArray, seed: int) -> float:
    error = 0.0
    for inside, outside in _splits(uplift.size, FOLDS, seed + 1):
        mean = float(effect_scores[inside].mean())
        fitted = fit(method, uplift[inside], effect_scores[inside], mean)
        error += float(np.sum((effect_scores[outside] - fitted.apply(uplift[outside])) ** 2))
    return error


def _splits(n: int, folds: int, seed: int) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    fold = np.random.default_rng(seed).permutation(np.arange(n) % folds)
    return [(fold != k, fold == k) for k in range(folds)]
