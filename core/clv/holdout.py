"""What happened after a date, beside what was predicted from the days before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.clv.customers import Customers, Unit, customers
from core.clv.dates import to_date, to_day
from core.clv.rows import FloatArray, IntArray
from core.clv.transactions import Transactions
from core.errors import DataError


@dataclass(frozen=True)
class Split:
    """Customers known at the end of calibration, and what they did in the holdout.

    orders: (n,) days with an order in the holdout. spend: (n,) money in it, or None. days: its length.
    """

    calibration: Customers
    orders: IntArray
    spend: FloatArray | None
    days: int
    end: date


def split(lines: Transactions, at: date, unit: Unit = "day") -> Split:
    """Split transactions after the day `at`. DataError where no order lies on one of the two sides."""
    boundary, last = to_day(at), to_day(lines.end)
    first = int(lines.day.min())
    if not first <= boundary < last:
        raise DataError(
            f"The split at {at.isoformat()} leaves nothing on one side.",
            f"Choose a day from {to_date(first).isoformat()} to {to_date(last - 1).isoformat()}.",
        )
    known = customers(lines, at, unit)
    place = pd.Index(lines.customers).get_indexer(pd.Index(known.ids))
    of_line = np.full(len(lines.customers), -1, dtype=np.int64)
    of_line[place] = np.arange(len(known))
    who = of_line[lines.code]
    after = (lines.day > boundary) & (who >= 0)
    span = last - boundary + 1
    distinct = np.unique(who[after] * span + (lines.day[after] - boundary))
    orders = np.bincount(distinct // span, minlength=len(known))
    spend = None
    if lines.amount is not None:
        spend = np.bincount(who[after], weights=lines.amount[after], minlength=len(known)).astype(np.float64)
    return Split(known, orders.astype(np.int64), spend, last - boundary, lines.end)


def default_split(lines: Transactions) -> date:
    """Two thirds of the time to learn from, one third to check."""
    first, last = int(lines.day.min()), to_day(lines.end)
    return to_date(first + 2 * (last - first) // 3)
