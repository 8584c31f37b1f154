"""How well models predict a holdout: totals with intervals, errors against simple rules, and by frequency."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.clv.customers import Customers, Unit
from core.clv.fitted import Fitted
from core.clv.futures import futures, total_orders
from core.clv.holdout import Split, default_split, split
from core.clv.orders import Histories, alive_orders, p_alive
from core.clv.purchase import MODELS, fit
from core.clv.rows import FloatArray
from core.clv.spending import Spending, spending
from core.clv.tracking import tracking
from core.clv.transactions import Transactions
from core.estimate import LEVEL, Estimate
from core.progress import Progress, part, silent

NAIVE, ZERO = "naive-rate", "zero"
_MOST_FREQUENT = 7  # and more


@dataclass(frozen=True, slots=True)
class Score:
    """One model on the holdout. predicted: total orders; interval: None for the simple rules, and for a fit
    that is not determined. mae, rmse: over
    customers, orders. bias: predicted ÷ actual − 1. capture: share of all holdout orders made by the tenth
    of customers the model puts first. value, value_capture: the same in money, None without amounts."""

    model: str
    predicted: float
    interval: Estimate | None
    bias: float
    mae: float
    rmse: float
    capture: float
    log_likelihood: float | None
    bic: float | None
    value: float | None
    value_capture: float | None


@dataclass(frozen=True)
class Validation:
    """at: last day of calibration. days: of holdout. actual: orders in it; actual_value: money, or None.

    scores: a Score for each model, then the naive rate (x / T) and zero. by_frequency: frame with frequency,
    customers, actual and a column per model, mean holdout orders by repeat orders in calibration.
    weeks: tracking.tracking's frame. fits: the calibration fits. by_likelihood, by_holdout: the model each
    way of choosing prefers among those that are determined; None where none is.
    """

    at: date
    days: int
    customers: int
    actual: int
    actual_value: float | None
    scores: tuple[Score, ...]
    by_frequency: pd.DataFrame
    weeks: pd.DataFrame
    fits: tuple[Fitted, ...]
    by_likelihood: str | None
    by_holdout: str | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "calibration_end": self.at.isoformat(),
            "holdout_days": self.days,
            "customers": self.customers,
            "actual_orders": self.actual,
            "actual_value": self.actual_value,
            "scores": [asdict(score) for score in self.scores],
            "by_frequency": self.by_frequency.to_dict("records"),
            "weeks": self.weeks.to_dict("records"),
            "fits": [fit.as_dict() for fit in self.fits],
            "by_likelihood": self.by_likelihood,
            "by_holdout": self.by_holdout,
        }


def validate(
    lines: Transactions,
    *,
    at: date | None = None,
    models: tuple[str, ...] = tuple(MODELS),
    unit: Unit = "day",
    level: float = LEVEL,
    progress: Progress = silent,
) -> Validation:
    """Fit to the days up to `at` (two thirds of the time without one) and compare with the days after it."""
    parts = split(lines, at or default_split(lines), unit)
    known, histories = parts.calibration, Histories.of(parts.calibration)
    fits = []
    for index, key in enumerate(models):
        share = (index / len(models), (index + 1) / len(models))
        fits.append(fit(known, key, part(progress, 0.7 * share[0], 0.7 * share[1])))
    amounts = spending(known)
    progress("Comparing with what happened", 0.7)
    predictions: dict[str, FloatArray] = {}
    scores = []
    for found in fits:
        alive = p_alive(found, found.params, histories)
        mean = alive_orders(found, found.params, histories, parts.days)
        per_history = alive * mean[histories.pair]
        predicted = per_history[histories.row]
        predictions[found.model] = predicted
        interval = None
        if not found.undetermined:
            drawn = futures(found, histories, parts.days)
            interval = total_orders(drawn, histories, alive, float(predicted.sum()), level)
        scores.append(_score(found.model, predicted, parts, amounts, interval, found))
    simple = {NAIVE: _naive(known, parts.days), ZERO: np.zeros(len(known))}
    scores.extend(_score(name, predicted, parts, amounts) for name, predicted in simple.items())
    rivals = [(one, score) for one, score in zip(fits, scores, strict=False) if not one.undetermined]
    progress("Compared", 1.0)
    return Validation(
        at=known.end,
        days=parts.days,
        customers=len(known),
        actual=int(parts.orders.sum()),
        actual_value=None if parts.spend is None else float(parts.spend.sum()),
        scores=tuple(scores),
        by_frequency=_by_frequency(known, parts, predictions),
        weeks=tracking(lines, tuple(fits), known),
        fits=tuple(fits),
        by_likelihood=min(rivals, key=lambda rival: rival[0].bic)[0].model if rivals else None,
        by_holdout=min(rivals, key=lambda rival: rival[1].rmse)[0].model if rivals else None,
    )


def _score(
    model: str,
    predicted: FloatArray,
    parts: Split,
    amounts: Spending,
    interval: Estimate | None = None,
    found: Fitted | None = None,
) -> Score:
    error = predicted - parts.orders
    actual = float(parts.orders.sum())
    value = value_capture = None
    if parts.spend is not None and amounts.known:
        worth = predicted * amounts.expected(parts.calibration)
        value, value_capture = float(worth.sum()), _capture(worth, parts.spend)
    return Score(
        model=model,
        predicted=float(predicted.sum()),
        interval=interval,
        bias=float(predicted.sum()) / actual - 1 if actual else 0.0,
        mae=float(np.abs(error).mean()),
        rmse=float(np.sqrt((error**2).mean())),
        capture=_capture(predicted, parts.orders.astype(np.float64)),
        log_likelihood=None if found is None else found.log_likelihood,
        bic=None if found is None else found.bic,
        value=value,
        value_capture=value_capture,
    )


def _naive(known: Customers, days: int) -> FloatArray:
    """Everybody goes on at the pace seen so far."""
    return np.divide(known.x, known.age, out=np.zeros(len(known)), where=known.age > 0) * days


def _capture(predicted: FloatArray, actual: FloatArray, share: float = 0.1) -> float:
    """Share of the actual total in the predicted best tenth; customers with equal predictions share it."""
    total = float(actual.sum())
    if total <= 0:
        return 0.0
    order = np.argsort(-predicted, kind="stable")
    ranked, gained = predicted[order], np.cumsum(actual[order])
    wanted = share * len(predicted)
    last = min(max(int(np.ceil(wanted)) - 1, 0), len(ranked) - 1)
    begin = int(np.searchsorted(-ranked, -ranked[last], side="left"))
    end = int(np.searchsorted(-ranked, -ranked[last], side="right"))
    before = float(gained[begin - 1]) if begin else 0.0
    within = (wanted - begin) / max(end - begin, 1)
    return (before + within * (float(gained[end - 1]) - before)) / total


def _by_frequency(known: Customers, parts: Split, predictions: dict[str, FloatArray]) -> pd.DataFrame:
    group = np.minimum(known.orders, _MOST_FREQUENT)
    count = np.bincount(group, minlength=_MOST_FREQUENT + 1)
    present = np.flatnonzero(count)
    columns: dict[str, Any] = {
        "frequency": [f"{g}+" if g == _MOST_FREQUENT else str(g) for g in present],
        "customers": count[present],
    }
    for name, values in {"actual": parts.orders, **predictions}.items():
        columns[name] = (
            np.bincount(group, weights=values, minlength=_MOST_FREQUENT + 1)[present] / count[present]
        )
    return pd.DataFrame(columns)
