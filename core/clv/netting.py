"""Cancellations set against the orders they cancel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.clv.rows import FloatArray, IntArray

BoolArray = NDArray[np.bool_]


def netted(
    keep: BoolArray,
    takes_back: BoolArray,
    customer: pd.Series,
    product: pd.Series | None,
    price: FloatArray,
    quantity: FloatArray | None,
    amount: FloatArray,
    day: IntArray,
) -> tuple[FloatArray, BoolArray]:
    """Amounts (n,) after each cancellation was taken from the order it cancels, and which orders (n,)
    fell to 0.

    A cancellation belongs to the latest earlier order of the same customer, product and unit price; what is
    over goes on to the order before it. What finds no order is dropped. All arrays are (n,), one entry a
    line."""
    left = amount.copy()
    ids = pd.factorize(customer)[0]
    goods = pd.factorize(product)[0] if product is not None else np.zeros(len(amount), dtype=np.int64)
    cents = np.rint(price * 100).astype(np.int64) if quantity is not None else np.zeros(len(price), np.int64)
    back = np.flatnonzero(keep & takes_back)
    key = pd.MultiIndex.from_arrays([ids, goods, np.abs(cents)])
    # only the few customers and products that were ever cancelled
    wanted = key[back].unique()
    sold = np.flatnonzero(keep & ~takes_back & (amount > 0) & key.isin(wanted))
    stacks: dict[object, list[int]] = {}
    lines = np.concatenate([sold, back])
    lines = lines[np.lexsort((takes_back[lines], day[lines]))]  # an order of the same day may be cancelled
    for line in lines.tolist():
        if not takes_back[line]:
            stacks.setdefault(key[line], []).append(line)
            continue
        owed = abs(float(amount[line]))
        stack = stacks.get(key[line], [])
        while owed > 1e-9 and stack:
            order = stack[-1]
            taken = min(owed, float(left[order]))
            left[order] -= taken
            owed -= taken
            if left[order] < 0.005:
                left[order] = 0.0
                stack.pop()
    return left, keep & ~takes_back & (amount > 0) & (left <= 0)
