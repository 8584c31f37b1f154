"""What contacting the best n customers earns: choice, profit curve and sensitivity grid.

profit_i = uplift_i · value · margin - cost, summed over the contacted. One sort serves every margin and cost,
because with one cost for all the order by profit is the order by uplift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import SettingError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RankedUplift:
    """Scores sorted once, best first, with prefix sums: every later question is a search or a look-up.

    block_end: (k,) customers in the blocks of equal scores up to and including each block, increasing.
    block_uplift: (k,) the score of each block, decreasing. prefix: (k,) summed uplift up to each block.
    """

    block_end: IntArray
    block_uplift: FloatArray
    prefix: FloatArray

    @classmethod
    def of(cls, uplift: FloatArray) -> RankedUplift:
        """Sort `uplift` ((n,) outcome units per customer). Raises SettingError where one is not finite."""
        uplift = np.asarray(uplift, dtype=np.float64)
        if not np.isfinite(uplift).all():
            raise SettingError(
                f"{int((~np.isfinite(uplift)).sum()):,} of {uplift.size:,} scores are not finite numbers.",
                "Score the file again, or leave those customers out.",
            )
        ordered = np.sort(uplift)[::-1]
        last = (
            np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
            if ordered.size
            else ordered.astype(int)
        )
        return cls(last + 1, ordered[last], np.cumsum(ordered)[last])

    @property
    def customers(self) -> int:
        return int(self.block_end[-1]) if self.block_end.size else 0

    def total(self, contacts: IntArray | int) -> FloatArray:
        """Summed uplift of the best `contacts` customers; inside a block of equals, a straight line."""
        ends = np.concatenate(([0], self.block_end))
        return np.asarray(np.interp(contacts, ends, np.concatenate(([0.0], self.prefix))), dtype=np.float64)

    def paying(self, threshold: FloatArray | float) -> IntArray:
        """How many customers have uplift above `threshold`."""
        above = np.searchsorted(-self.block_uplift, -np.asarray(threshold, dtype=np.float64), side="left")
        return np.concatenate(([0], self.block_end))[above]


@dataclass(frozen=True, slots=True)
class ProfitCurve:
    """Predicted economics of contacting the best n customers, one point per block of equal scores."""

    contacts: IntArray  # (k,) customers contacted, increasing from 0
    revenue: FloatArray  # (k,) incremental revenue, money (value · uplift, before margin)
    cost: FloatArray  # (k,) money
    profit: FloatArray  # (k,) margin · revenue - cost, money

    @property
    def best(self) -> int:
        """Index of the most profitable point; the smallest of equals."""
        return int(np.argmax(self.profit))

    def thinned(self, points: int = 1000) -> ProfitCurve:
        """At most about `points` points for drawing; the ends and the optimum stay."""
        if self.contacts.size <= points:
            return self
        keep = np.unique(
            np.concatenate((np.linspace(0, self.contacts.size - 1, points).astype(np.int64), [self.best]))
        )
        return ProfitCurve(self.contacts[keep], self.revenue[keep], self.cost[keep], self.profit[keep])


def profit_curve(ranked: RankedUplift, margin: float, cost: float, value: float = 1.0) -> ProfitCurve:
    """Profit against the number of contacts, best customers first.

    margin: share of revenue kept. cost: money per contact. value: money per outcome unit.
    """
    contacts = np.concatenate(([0], ranked.block_end))
    revenue = value * np.concatenate(([0.0], ranked.prefix))
    spent = cost * contacts
    return ProfitCurve(contacts, revenue, spent, margin * revenue - spent)


def best_contacts(ranked: RankedUplift, margin: float, cost: float, value: float = 1.0) -> int:
    """The smallest number of contacts with the highest predicted profit: all whose profit is above 0."""
    if margin * value == 0.0:
        return 0
    return int(ranked.paying(cost / (margin * value)))


@dataclass(frozen=True, slots=True)
class SensitivityGrid:
    """Best share to contact and its profit over margin × cost."""

    margins: FloatArray  # (m,)
    costs: FloatArray  # (c,) money per contact
    contacts: IntArray  # (m, c) customers contacted at the best
    share: FloatArray  # (m, c) contacts ÷ customers, 0-1
    profit: FloatArray  # (m, c) predicted profit at the best, money
    profit_everyone: FloatArray  # (m, c) predicted profit of contacting everyone, money


def sensitivity(
    ranked: RankedUplift, margins: FloatArray, costs: FloatArray, value: float = 1.0
) -> SensitivityGrid:
    """The whole grid from one sort: a customer pays where uplift > cost ÷ (margin · value)."""
    margins, costs = np.asarray(margins, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    worth = margins * value
    with np.errstate(divide="ignore", invalid="ignore"):
        threshold = np.where(worth[:, None] > 0, costs[None, :] / worth[:, None], np.inf)
    contacts = ranked.paying(threshold)
    profit = worth[:, None] * ranked.total(contacts) - costs[None, :] * contacts
    everyone = worth[:, None] * ranked.total(ranked.customers) - costs[None, :] * ranked.customers
    share = contacts / max(ranked.customers, 1)
    return SensitivityGrid(margins, costs, contacts, share, profit, everyone)
