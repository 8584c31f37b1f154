"""The gain curve: what contacting the best customers has been measured to bring, with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.estimate import LEVEL, Estimate
from core.uplift.contrast import Contrast, contrast
from core.uplift.evidence import Evidence, FloatArray

BAND_FROM = 20
"""The uniform band starts where both arms have this many customers; before, no normal theory holds."""


@dataclass(frozen=True, slots=True)
class GainCurve:
    """Measured gain of contacting the best share of customers, one point per block of equal scores.

    share: (k,) 0-1, increasing from 0. gain: (k,) outcome units per customer of the whole population:
    share · (mean contacted - mean control) among the best. se: (k,) from outcomes, pointwise. gap_se: (k,)
    standard error of gain(share) - gain(1) on the same rows. critical: the multiple of `se` that holds for
    the whole curve at once. customers: rows behind the curve. Between points, straight lines.
    """

    share: FloatArray
    gain: FloatArray
    se: FloatArray
    gap_se: FloatArray
    critical: float
    customers: int

    def at(self, share: float) -> Estimate:
        """Gain of contacting the best `share`; between points the standard error is an upper bound."""
        return Estimate.normal(
            float(np.interp(share, self.share, self.gain)), float(np.interp(share, self.share, self.se))
        )

    def gap_at(self, share: float) -> Estimate:
        """Gain of contacting the best `share` less gain of contacting everyone, paired on the same rows."""
        return Estimate.normal(
            float(np.interp(share, self.share, self.gain) - self.gain[-1]),
            float(np.interp(share, self.share, self.gap_se)),
        )

    @property
    def everyone(self) -> Estimate:
        """Gain of contacting everyone: the average effect."""
        return Estimate.normal(float(self.gain[-1]), float(self.se[-1]))

    def band(self) -> tuple[FloatArray, FloatArray]:
        """(k,) lower and upper ends of a band that holds for all shares at once."""
        return self.gain - self.critical * self.se, self.gain + self.critical * self.se

    def to_frame(self) -> pd.DataFrame:
        """One row a point: share, gain, se, lo, hi (this point alone), band_lo, band_hi (all at once)."""
        alone = Estimate.normal(0.0, 1.0).hi
        low, high = self.band()
        columns = {"share": self.share, "gain": self.gain, "se": self.se}
        columns |= {"lo": self.gain - alone * self.se, "hi": self.gain + alone * self.se}
        return pd.DataFrame(columns | {"band_lo": low, "band_hi": high})

    def thinned(self, points: int = 200) -> GainCurve:
        """At most `points` points for drawing; the ends stay."""
        if self.share.size <= points:
            return self
        wanted = np.linspace(0.0, 1.0, points)
        keep = np.unique(np.searchsorted(self.share, wanted).clip(0, self.share.size - 1))
        return GainCurve(
            self.share[keep], self.gain[keep], self.se[keep], self.gap_se[keep], self.critical, self.customers
        )


@dataclass(frozen=True, slots=True)
class _Arm:
    """Running sums of one arm at the curve's points; y is the outcome less the arm's mean."""

    count: FloatArray
    w: FloatArray
    wy: FloatArray
    w2: FloatArray
    w2y: FloatArray
    w2y2: FloatArray

    @classmethod
    def of(cls, rows: Contrast, weight: FloatArray, mean: float) -> _Arm:
        y = rows.outcome - mean
        w2 = np.asarray(weight**2, np.float64)
        present = (weight > 0).astype(np.float64)
        return cls(*(rows.at_ends(v) for v in (present, weight, weight * y, w2, w2 * y, w2 * y**2)))

    def at(self, points: object) -> _Arm:
        return _Arm(*(getattr(self, name)[points] for name in _Arm.__dataclass_fields__))

    @property
    def mean(self) -> FloatArray:
        return self.wy / self.w

    def variance(self) -> FloatArray:
        """Neyman variance of the mean among the rows up to each point.

        The sample variance is pooled with one degree of freedom of the whole arm's, so that a short stretch
        without a sale does not look certain.
        """
        m = self.mean
        spread = np.maximum(self.w2y2 - 2 * m * self.w2y + m**2 * self.w2, 0.0) / self.w2
        whole = self.w2y2[-1] / self.w2[-1] * self.count[-1] / (self.count[-1] - 1)
        return np.asarray((spread + whole / self.count) * self.w2 / self.w**2, np.float64)

    def gap_variance(self, share: FloatArray) -> FloatArray:
        """Variance of share · (mean up to each point) - (mean of all rows), rows shared."""
        a, b = share / self.w, 1.0 / self.w[-1]
        am = a * self.mean
        inside = (a - b) ** 2 * self.w2y2 - 2 * (a - b) * am * self.w2y + am**2 * self.w2
        outside = b**2 * (self.w2y2[-1] - self.w2y2)
        n = self.count[-1]
        return np.asarray(np.maximum(inside + outside, 0.0) * n / (n - 1), np.float64)


def gain_curve(
    evidence: Evidence, arm_index: int | None = None, score: FloatArray | None = None
) -> GainCurve:
    """Measured gain against the share contacted, best score first.

    arm_index: one contact arm against the control; None: each customer's best arm (`contrast`). score: (n,)
    another ranking. Hájek means; points where an arm has no customer are left out. Time
    O(n log n). Critical value: Gaussian multiplier bootstrap of the influence functions.
    """
    return curve_of(contrast(evidence, arm_index, score))


def curve_of(rows: Contrast, band: bool = True) -> GainCurve:
    """The gain curve of rows already sorted; without `band`, critical is NaN and the work a tenth."""
    contacted = _Arm.of(rows, rows.contacted, rows.mean_contacted)
    control = _Arm.of(rows, rows.control, rows.mean_control)
    measured = (contacted.count >= 1) & (control.count >= 1)
    contacted, control = contacted.at(measured), control.at(measured)
    share = rows.end[measured] / rows.customers
    effect = rows.mean_contacted - rows.mean_control
    gain = share * (effect + contacted.mean - control.mean)
    se = share * np.sqrt(contacted.variance() + control.variance())
    gap_se = np.sqrt(contacted.gap_variance(share) + control.gap_variance(share))
    nobody = float(np.sqrt(contacted.variance()[-1] + control.variance()[-1]))
    return GainCurve(
        share=np.concatenate(([0.0], share)),
        gain=np.concatenate(([0.0], gain)),
        se=np.concatenate(([0.0], se)),
        gap_se=np.concatenate(([nobody], gap_se)),
        critical=_critical(contacted, control, share, se) if band else np.nan,
        customers=rows.customers,
    )


def _critical(
    contacted: _Arm,
    control: _Arm,
    share: FloatArray,
    se: FloatArray,
    cells: int = 200,
    replicates: int = 1000,
) -> float:
    """The level-quantile of the largest |t| along the curve.

    With Gaussian multipliers only the multipliers' sums between points matter, and these are bivariate
    normal with a known covariance: they are drawn directly, cell by cell, instead of row by row.
    """
    usable = np.flatnonzero((contacted.count >= BAND_FROM) & (control.count >= BAND_FROM) & (se > 0))
    pointwise = Estimate.normal(0.0, 1.0, LEVEL).hi
    if usable.size == 0:
        return pointwise
    wanted = np.linspace(share[usable[0]], 1.0, cells)
    grid = np.unique(usable[np.searchsorted(share[usable], wanted).clip(0, usable.size - 1)])
    rng = np.random.default_rng(0)
    process = np.zeros((replicates, grid.size))
    for arm, sign in ((contacted.at(grid), 1.0), (control.at(grid), -1.0)):
        yy, y1, one = (np.diff(v, prepend=0.0) for v in (arm.w2y2, arm.w2y, arm.w2))
        scale = np.sqrt(np.maximum(one, 0.0))
        slope = np.divide(y1, scale, out=np.zeros_like(y1), where=scale > 0)
        rest = np.sqrt(np.maximum(yy - slope**2, 0.0))
        first, second = rng.standard_normal((2, replicates, grid.size))
        of_one = np.cumsum(first * scale, axis=1)
        of_y = np.cumsum(first * slope + second * rest, axis=1)
        process += sign * share[grid] / arm.w * (of_y - arm.mean * of_one)
    largest = np.abs(process / se[grid]).max(axis=1)
    return max(pointwise, float(np.quantile(largest, LEVEL)))


def ipw_cumulative_gain(
    uplift: FloatArray, treated: FloatArray, outcome: FloatArray, propensity: float
) -> FloatArray:
    """(n,) the classic cumulative gain, to reproduce published tables: not self-normalised, ties not blocks.

    Running sum of y · (t/p - (1 - t)/(1 - p)) in the (stable) order of decreasing uplift, outcome units.
    """
    order = np.argsort(-np.asarray(uplift, np.float64), kind="stable")
    t, y = np.asarray(treated, np.float64)[order], np.asarray(outcome, np.float64)[order]
    return np.asarray(np.cumsum(y * (t / propensity - (1 - t) / (1 - propensity))), dtype=np.float64)
