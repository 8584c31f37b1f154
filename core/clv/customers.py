"""One line a customer: repeat orders, recency, age and mean spend, as the models read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from core.clv.dates import to_day
from core.clv.rows import FloatArray, IntArray, Rows, compress
from core.clv.transactions import Transactions
from core.errors import DataError

Unit = Literal["day", "week"]
DAYS: dict[str, int] = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Customers:
    """n customers on the last day of observation, sorted as their ids were first met.

    ids: (n,) text. orders: (n,) days with an order after the first one (x). recency: (n,) days from the first
    to the last order. age: (n,) days from the first order to `end`. spend: (n,) mean amount of a repeat
    order day, 0 where there is none; None without amounts. first: (n,) day of the first order since
    1970-01-01. unit: what the models' time is counted in.
    """

    ids: pd.Series
    orders: IntArray
    recency: IntArray
    age: IntArray
    spend: FloatArray | None
    first: IntArray
    end: date
    unit: Unit = "day"

    def __len__(self) -> int:
        return len(self.orders)

    @property
    def x(self) -> FloatArray:
        return self.orders.astype(np.float64)

    @property
    def t_x(self) -> FloatArray:
        return self.recency / DAYS[self.unit]

    @property
    def T(self) -> FloatArray:  # noqa: N802 - the papers' name
        return self.age / DAYS[self.unit]

    def rows(self) -> tuple[Rows, IntArray]:
        """The customers counted by history, and each one's row."""
        return compress(self.orders, self.recency, self.age, DAYS[self.unit])


def customers(lines: Transactions, end: date | None = None, unit: Unit = "day") -> Customers:
    """Summarise transactions up to and with the day `end` (the transactions' own end without one).

    An order is a day with a purchase: several lines of one day are one order. By sorting and reducing, in
    one pass over the lines.
    """
    last_day = to_day(end or lines.end)
    code, day, amount = lines.code, lines.day, lines.amount
    if len(day) and int(day.max()) > last_day:
        keep = day <= last_day
        code, day = code[keep], day[keep]
        amount = None if amount is None else amount[keep]
    if not len(day):
        raise DataError("There is no order up to the end of observation.", "Choose a later end.")
    earliest = int(day.min())
    span = last_day - earliest + 1
    # customer and day in one number, the day in its low bits: sorted, a customer's days stand together
    bits = span.bit_length()
    key = code << bits
    key |= day - earliest
    total = None
    if amount is None:
        key.sort()
        start = _starts(key)
    else:
        order = _sort(key)
        start = _starts(key)
        total = np.add.reduceat(amount[order], start)
    key = key[start]
    who = key >> bits
    when = key & ((1 << bits) - 1)
    begin = _starts(who)
    finish = np.concatenate((begin[1:], [len(who)])) - 1
    repeats = finish - begin
    spend = None
    if total is not None:
        sums = np.add.reduceat(total, begin) - total[begin]
        spend = np.where(repeats > 0, sums / np.maximum(repeats, 1), 0.0)
    present = who[begin]
    return Customers(
        ids=lines.customers.iloc[present].reset_index(drop=True),
        orders=repeats.astype(np.int64),
        recency=when[finish] - when[begin],
        age=span - 1 - when[begin],
        spend=spend,
        first=when[begin] + earliest,
        end=end or lines.end,
        unit=unit,
    )


def _sort(key: IntArray) -> IntArray:
    """Sort keys ≥ 0 in place and return where each stood.

    A plain sort of key and place in one number, where the two fit into 63 bits, costs a fifth of an argsort.
    """
    places = max(len(key) - 1, 1).bit_length()
    if int(key.max()).bit_length() + places > 63:
        order = np.argsort(key, kind="stable")
        key[:] = key[order]
        return order
    key <<= places
    key |= np.arange(len(key))
    key.sort()
    order = key & ((1 << places) - 1)
    key >>= places
    return order


def _starts(sorted_keys: IntArray) -> IntArray:
    """Where a new key begins."""
    return np.concatenate(([0], np.flatnonzero(sorted_keys[1:] != sorted_keys[:-1]) + 1)).astype(np.int64)
