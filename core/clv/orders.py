"""p(alive) and expected orders of every customer, computed once per distinct history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.clv.customers import DAYS, Customers
from core.clv.fitted import Fitted
from core.clv.purchase import purchase_model
from core.clv.rows import FloatArray, IntArray, Rows
from core.errors import SettingError

YEAR = 365.25  # days
MONTH = YEAR / 12
MAX_HORIZON = 100 * YEAR


@dataclass(frozen=True)
class Histories:
    """The distinct histories of n customers, and the distinct (x, T) among them.

    rows: (m,) histories. row: (n,) each customer's. x, T: (k,) distinct pairs, on which what is expected of
    a customer who is still one depends. pair: (m,) each history's.
    """

    rows: Rows
    row: IntArray
    x: FloatArray
    T: FloatArray
    pair: IntArray

    @classmethod
    def of(cls, customers: Customers) -> Histories:
        rows, row = customers.rows()
        pairs, pair = np.unique(rows.x + 1j * rows.T, return_inverse=True)
        return cls(rows, row, pairs.real.copy(), pairs.imag.copy(), pair.reshape(-1))


def check_horizon(days: float, discount: float) -> None:
    """Raise SettingError for a horizon or a discount rate that makes no sense."""
    if not (np.isfinite(days) and 1 <= days <= MAX_HORIZON):
        raise SettingError(
            f"The horizon is {days:g} days; it must be between 1 and {MAX_HORIZON:,.0f} (100 years).",
            "A year is 365.",
        )
    if not (np.isfinite(discount) and 0 <= discount < 10):
        raise SettingError(
            f"The discount rate is {discount:g}; it must be 0 or more, and below 10.",
            "A rate of 10 % a year is written 0.10.",
        )


def whole_years(days: float) -> bool:
    """Whether so many days hold every season as often, to three weeks."""
    return min(days % YEAR, YEAR - days % YEAR) <= 20


def months(horizon: float) -> FloatArray:
    """Ends of the months (days) up to the horizon; the last one is the horizon itself."""
    ends = np.arange(1, int(np.ceil(horizon / MONTH - 1e-9))) * MONTH
    return np.append(ends, horizon)


def p_alive(fit: Fitted, params: FloatArray, histories: Histories) -> FloatArray:
    """(m,) probability of still being a customer, per history, at other parameters of the fitted model."""
    rows = histories.rows
    return purchase_model(fit.model).p_alive(params, rows.x, rows.t_x, rows.T)


def alive_orders(fit: Fitted, params: FloatArray, histories: Histories, days: float) -> FloatArray:
    """(k,) orders expected within `days` of a customer who is still one, per pair."""
    time = np.full(len(histories.x), days / DAYS[fit.unit])
    return purchase_model(fit.model).alive_orders(params, histories.x, histories.T, time)


def discounted_orders(
    fit: Fitted, params: FloatArray, histories: Histories, horizon: float, discount: float
) -> tuple[FloatArray, FloatArray]:
    """(k,) expected orders within the horizon of a customer who is still one, plain and discounted.

    discount: annual rate; orders of a month are discounted from its end.
    """
    before = np.zeros(len(histories.x))
    total = np.zeros(len(histories.x))
    for end in months(horizon):
        until = alive_orders(fit, params, histories, float(end))
        total += (until - before) * (1 + discount) ** (-end / YEAR)
        before = until
    return before, total
