"""Customer lifetime value: orders expected within a horizon × expected spend, discounted month by month."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.clv import words
from core.clv.customers import DAYS, Customers
from core.clv.dates import to_date
from core.clv.fitted import Fitted
from core.clv.futures import alive_intervals, futures, order_intervals, total_orders, value_intervals
from core.clv.orders import YEAR, Histories, check_horizon, discounted_orders, p_alive, whole_years
from core.clv.residual import residual_orders
from core.clv.rows import FloatArray
from core.clv.spending import Spending
from core.estimate import LEVEL, Estimate
from core.progress import Progress, part, silent

_SILENT_DAYS, _SILENT_SHARE = 30, 0.1
_PREDICTED = (
    "p_alive", "p_alive_lo", "p_alive_hi", "expected_orders", "expected_orders_lo", "expected_orders_hi",
    "clv", "clv_lo", "clv_hi", "residual_value", "value_tier",
)  # fmt: skip


@dataclass(frozen=True)
class Values:
    """What is expected of n customers.

    alive: (n,) p(alive). orders: (n,) expected in the horizon. spend: (n,) expected per order, or None.
    clv: (n,) discounted value, or None. residual: (n,) discounted value of all the future (Pareto/NBD with a
    discount rate), or None. The rest: intervals at `level`, (n,) each, None where not asked for; total_orders
    and total_value: all customers together. determined: whether the fit tells any of this; where it does not
    the intervals are NaN or None, and `to_frame` gives none of the predictions.
    """

    customers: Customers
    horizon: float
    discount: float
    alive: FloatArray
    orders: FloatArray
    spend: FloatArray | None
    clv: FloatArray | None
    residual: FloatArray | None
    level: float = LEVEL
    alive_ends: tuple[FloatArray, FloatArray] | None = None
    order_ends: tuple[FloatArray, FloatArray] | None = None
    clv_ends: tuple[FloatArray, FloatArray] | None = None
    total_orders: Estimate | None = None
    total_value: Estimate | None = None
    notes: tuple[str, ...] = ()
    determined: bool = True

    def to_frame(self) -> pd.DataFrame:
        """A line a customer, most valuable first (by expected orders without amounts), ties by id.

        Columns: the id; orders (days with an order), first_order, last_order, mean_spend; p_alive,
        expected_orders, expected_spend, clv, residual_value, value_tier (1 = the most valuable tenth); _lo
        and _hi beside each where there are intervals; computed_until, the last day the numbers know of.
        Where nothing is determined these are missing, all but expected_spend, and whoever ordered most often
        comes first.
        """
        who = self.customers
        columns: dict[str, object] = {
            str(who.ids.name): who.ids,
            "orders": who.orders + 1,
            "first_order": _days(who.first),
            "last_order": _days(who.first + who.recency),
        }
        if who.spend is not None:
            columns["mean_spend"] = np.where(who.orders > 0, who.spend, np.nan)
        _with_ends(columns, "p_alive", self.alive, self.alive_ends)
        _with_ends(columns, "expected_orders", self.orders, self.order_ends)
        if self.spend is not None:
            columns["expected_spend"] = self.spend
        if self.clv is not None:
            _with_ends(columns, "clv", self.clv, self.clv_ends)
        if self.residual is not None:
            columns["residual_value"] = self.residual
        rank = self.orders if self.clv is None else self.clv
        columns["value_tier"] = tiers(rank)
        columns["computed_until"] = who.end.isoformat()
        frame = pd.DataFrame(columns)
        if not self.determined:
            frame[[name for name in _PREDICTED if name in frame.columns]] = np.nan
            rank = who.x
        order = np.lexsort((who.ids.to_numpy(), -rank))
        return frame.iloc[order].reset_index(drop=True)


def values(
    customers: Customers,
    fit: Fitted,
    spending: Spending,
    *,
    horizon: float = 365.0,
    discount: float = 0.10,
    intervals: bool = True,
    level: float = LEVEL,
    progress: Progress = silent,
) -> Values:
    """Predict every customer's orders and value within `horizon` days.

    discount: annual rate. Raises SettingError for a horizon or rate that makes no sense.
    """
    check_horizon(horizon, discount)
    progress("Predicting orders", 0.0)
    histories = Histories.of(customers)
    rows, row = histories.rows, histories.row
    alive = p_alive(fit, fit.params, histories)
    plain, discounted = discounted_orders(fit, fit.params, histories, horizon, discount)
    orders = alive * plain[histories.pair]
    spend = spending.expected(customers) if spending.known else None
    clv = None if spend is None else spend * (alive * discounted[histories.pair])[row]
    residual = None
    if fit.model == "pareto-nbd" and discount > 0 and spend is not None:
        rate = np.log1p(discount) / YEAR * DAYS[fit.unit]
        left = residual_orders(fit.params, histories.x, histories.T, float(rate))
        residual = spend * (alive * left[histories.pair])[row]
    found = Values(
        customers, horizon, discount, alive[row], orders[row], spend, clv, residual, level,
        notes=_notes(customers, horizon, spending), determined=not fit.undetermined,
    )  # fmt: skip
    if not intervals:
        return found
    if not found.determined:
        none = np.full(len(customers), np.nan)
        ends = (none, none)
        return replace(found, alive_ends=ends, order_ends=ends, clv_ends=None if clv is None else ends)
    drawn = futures(fit, histories, horizon, progress=part(progress, 0.1, 0.4))
    low, high = order_intervals(drawn, histories, alive, level)
    alive_low, alive_high = alive_intervals(drawn, alive, level)
    total = total_orders(drawn, histories, alive, float(rows.weight @ orders), level)
    clv_ends = total_value = None
    if clv is not None and spend is not None:
        ratio = np.divide(discounted, plain, out=np.ones_like(plain), where=plain > 0)[histories.pair][row]
        clv_low, clv_high, variance = value_intervals(
            drawn, histories, customers, spending, alive[row], ratio, level, part(progress, 0.4, 0.95)
        )
        clv_ends = (clv_low, clv_high)
        total_value = _total_value(clv, variance, total, drawn.expected, customers, spending, level)
    progress("Predicted", 1.0)
    return Values(
        customers, horizon, discount, alive[row], orders[row], spend, clv, residual, level,
        alive_ends=(alive_low[row], alive_high[row]),
        order_ends=(low[row], high[row]),
        clv_ends=clv_ends,
        total_orders=total,
        total_value=total_value,
        notes=(*found.notes, words.CLV_INTERVALS),
    )  # fmt: skip


def tiers(rank: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(n,) 1 for the highest tenth to 10 for the lowest; equal values share the better tier."""
    ordered = np.sort(-rank)
    better = np.searchsorted(ordered, -rank, side="left")
    return (10 * better // max(len(rank), 1) + 1).astype(np.int64)


def _total_value(
    clv: FloatArray,
    variance: FloatArray,
    orders: Estimate,
    expected: FloatArray,
    customers: Customers,
    spending: Spending,
    level: float,
) -> Estimate:
    """Chance adds up over customers; the two models' errors scale the total, each by its own share."""
    total = float(clv.sum())
    share = float(expected.std()) / orders.value if orders.value > 0 else 0.0
    spend_share = 0.0
    if spending.fit is not None:
        weight = clv / np.maximum(spending.expected(customers), 1e-300)
        sums = [
            float(weight @ Spending(fit=_at(spending.fit, point)).expected(customers))
            for point in spending.fit.points()
            if point[1] > 1
        ]
        spend_share = float(np.std(sums)) / total if total > 0 and len(sums) > 1 else 0.0
    # the sampled variance holds the parameters' part once per customer already; that is small beside chance
    se = float(np.sqrt(variance.sum() + (total * share) ** 2 + (total * spend_share) ** 2))
    estimate = Estimate.normal(total, se, level)
    return Estimate(estimate.value, estimate.se, max(estimate.lo, 0.0), estimate.hi, level)


def _at(fit: Fitted, params: FloatArray) -> Fitted:
    return Fitted.from_dict({**fit.as_dict(), "values": tuple(float(p) for p in params)})


def _notes(customers: Customers, horizon: float, spending: Spending) -> tuple[str, ...]:
    seen = int(customers.age.max())
    silent = int((customers.age - customers.recency).min())
    notes = [spending.reason] if spending.reason else []
    if spending.fit is not None:
        notes.extend(spending.fit.notes)
    if silent > max(_SILENT_DAYS, _SILENT_SHARE * seen):
        notes.append(words.SILENT_END.format(days=f"{silent:,}"))
    if seen < 365:
        notes.append(words.SEASON.format(days=words.days(seen)))
    if not whole_years(horizon):
        notes.append(words.HORIZON_SEASON.format(days=words.days(horizon)))
    if horizon > 5 * max(seen, 1):
        notes.append(words.LONG_HORIZON.format(years=_years(horizon), times=5))
    return tuple(notes)


def _years(days: float) -> str:
    years = f"{days / YEAR:.0f}"
    return f"{years} year{'' if years == '1' else 's'}"


def _days(days: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Series:
    distinct, place = np.unique(days, return_inverse=True)
    text = np.array([to_date(int(day)).isoformat() for day in distinct], dtype=object)
    return pd.Series(text[place.reshape(-1)], dtype="str")


def _with_ends(
    columns: dict[str, object], name: str, values: FloatArray, ends: tuple[FloatArray, FloatArray] | None
) -> None:
    columns[name] = values
    if ends is not None:
        columns[f"{name}_lo"], columns[f"{name}_hi"] = ends
