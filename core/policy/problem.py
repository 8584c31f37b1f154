"""The contact policy as an integer programme: customers, what each action earns and costs, and the limits
on all.

maximise   sum_ik profit_ik x_ik,   x_ik in {0, 1}
subject to sum_k x_ik <= cap_i                 for every customer i
           sum_ik a_ik x_ik <= amount (or >=)  for every limit

Every limit's coefficients have the form a_ik = on_cost · cost_ik + on_profit · profit_ik + on_count[k,
group_i], so that a price on each limit turns into two numbers and one small table, whatever the number of
customers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BLOCK = 16_384
"""Rows worked on at a time: what they need stays in a core's second-level cache."""


@dataclass(frozen=True)
class Rows:
    """Customers as the solver sees them, in the order that breaks ties.

    profit, cost: (actions, n) money; cost may be a broadcast view. cap: (n,) most actions a customer may get.
    group: (n,) code of the customer's segments, an index into every Limit.on_count. weight: (n,) how many
    equal customers a row stands for; None for one each.
    """

    profit: FloatArray
    cost: FloatArray
    cap: NDArray[np.int8]
    group: NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.int64]
    weight: FloatArray | None = None

    @property
    def size(self) -> int:
        return int(self.cap.size)

    @property
    def actions(self) -> int:
        return int(self.profit.shape[0])

    def take(self, index: IntArray | BoolArray) -> Rows:
        """These rows only, in the given order."""
        if self.cost.strides[1] == 0:  # one cost for all customers stays one number
            size = np.count_nonzero(index) if index.dtype == np.bool_ else index.size
            cost = np.broadcast_to(self.cost[:, :1], (self.actions, int(size)))
        else:
            cost = self.cost[:, index]
        weight = None if self.weight is None else self.weight[index]
        return Rows(self.profit[:, index], cost, self.cap[index], self.group[index], weight)

    def blocks(self) -> Iterator[tuple[slice, Rows]]:
        """Consecutive pieces of at most BLOCK rows, as views."""
        for start in range(0, self.size, BLOCK):
            part = slice(start, min(start + BLOCK, self.size))
            weight = None if self.weight is None else self.weight[part]
            yield (
                part,
                Rows(self.profit[:, part], self.cost[:, part], self.cap[part], self.group[part], weight),
            )


@dataclass(frozen=True)
class Limit:
    """One condition on the plan as a whole.

    key: its place in the constraints, e.g. "budget" or "quotas[0].min". words: the condition as people say
    it. amount: its right-hand side. on_count: (actions, groups). best_effort: gives way where it cannot be
    met.
    """

    key: str
    words: str
    sense: Literal["<=", ">="]
    amount: float
    on_count: FloatArray
    on_cost: float = 0.0
    on_profit: float = 0.0
    best_effort: bool = False

    @property
    def sign(self) -> float:
        """+1 for "at most", -1 for "at least": sign · used <= sign · amount holds for both."""
        return 1.0 if self.sense == "<=" else -1.0

    @property
    def counts(self) -> bool:
        """Whether it counts contacts (all its coefficients are 0 or 1)."""
        return self.on_cost == 0.0 and self.on_profit == 0.0


@dataclass(frozen=True)
class Problem:
    """Customers, actions and limits."""

    rows: Rows
    limits: tuple[Limit, ...]
    actions: tuple[str, ...]
    groups: int = 1

    def with_amount(self, key: str, amount: float) -> Problem:
        """The same problem with another amount in one limit."""
        limits = tuple(replace(limit, amount=amount) if limit.key == key else limit for limit in self.limits)
        return replace(self, limits=limits)

    def without(self, keys: frozenset[str]) -> Problem:
        """The same problem with some limits lifted."""
        return replace(self, limits=tuple(limit for limit in self.limits if limit.key not in keys))

    def coefficients(self, rows: Rows) -> FloatArray:
        """(limits, actions, n) signed coefficients of `rows`, so that every limit reads "at most"."""
        out = np.empty((len(self.limits), rows.actions, rows.size))
        for g, limit in enumerate(self.limits):
            a = limit.on_count[:, rows.group]
            if not limit.counts:
                a = a + limit.on_cost * rows.cost + limit.on_profit * rows.profit
            out[g] = limit.sign * a
        return out

    def amounts(self) -> FloatArray:
        """(limits,) signed right-hand sides."""
        return np.array([limit.sign * limit.amount for limit in self.limits])
