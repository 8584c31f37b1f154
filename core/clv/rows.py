"""Customers with the same purchase history, counted once: the table every likelihood runs over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Distinct purchase histories and how many customers have each.

    x: (m,) repeat orders. t_x: (m,) time of the last order. T: (m,) time observed; both since the first
    order, in one unit of time. weight: (m,) customers (or resampled customers) with that history.
    orders, order_weight: (k,) the distinct x and the customers with each, so that gamma functions of x are
    evaluated k times.
    """

    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    weight: FloatArray
    orders: FloatArray
    order_weight: FloatArray

    @property
    def size(self) -> int:
        return len(self.x)

    @property
    def customers(self) -> float:
        """Customers in all; the sum of the weights."""
        return float(self.weight.sum())

    def reweighted(self, weight: FloatArray) -> Rows:
        """The same histories with other weights; those of weight 0 are left out."""
        keep = weight > 0
        return counted(self.x[keep], self.t_x[keep], self.T[keep], weight[keep])

    def resampled(self, customers: int, rng: np.random.Generator) -> Rows:
        """`customers` drawn with replacement: a bootstrap sample, or a pilot when fewer than all."""
        share = self.weight / self.weight.sum()
        return self.reweighted(rng.multinomial(customers, share).astype(np.float64))


def counted(x: FloatArray, t_x: FloatArray, T: FloatArray, weight: FloatArray) -> Rows:
    """Rows as they are, with the distinct numbers of orders counted."""
    totals = np.bincount(x.astype(np.int64), weights=weight).astype(np.float64)
    orders = np.flatnonzero(totals)
    return Rows(x, t_x, T, weight, orders.astype(np.float64), totals[orders])


def compress(x: IntArray, t_x: IntArray, T: IntArray, days_per_unit: int = 1) -> tuple[Rows, IntArray]:
    """Count customers by history. x, t_x, T: (n,) whole orders and whole days, all ≥ 0, t_x ≤ T.

    Returns the rows in units of `days_per_unit` days and (n,) each customer's row. The result does not
    depend on the customers' order.
    """
    span = int(T.max(initial=0)) + 1
    if (int(x.max(initial=0)) + 1) * span * span < 2**62:
        key = (x * span + t_x) * span + T
        distinct, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
        rest, last = np.divmod(distinct, span)
        orders, recent = np.divmod(rest, span)
    else:
        table, inverse, count = np.unique(
            np.column_stack((x, t_x, T)), axis=0, return_inverse=True, return_counts=True
        )
        orders, recent, last = table.T
    rows = counted(
        orders.astype(np.float64),
        recent / days_per_unit,
        last / days_per_unit,
        count.astype(np.float64),
    )
    return rows, inverse.reshape(-1).astype(np.int64)
