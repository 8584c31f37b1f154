"""What contacting the best n customers earns: choice, profit curve and sensitivity grid.

profit_i = uplift_i · value · margin - cost, summed over the contacted. One sort serves every margin and cost,
because with one cost for all the order by profit is the order by uplift.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import SettingError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
CostAxis = Literal["cost", "factor", "added"]
"""What varies along a grid's costs: one cost for everyone, a factor on each own cost, money added to it."""
NOW: dict[CostAxis, float] = {"factor": 1.0, "added": 0.0}
"""Where costs of customers' own stand on such an axis."""


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
        wanted = np.clip(contacts, 0, self.customers)
        if not self.customers:
            return np.zeros(np.shape(wanted))
        block = np.searchsorted(self.block_end, wanted)  # where the last of them stands
        left_out = self.block_end[block] - wanted
        return np.where(wanted > 0, self.prefix[block] - left_out * self.block_uplift[block], 0.0)

    def paying(self, threshold: FloatArray | float) -> IntArray:
        """How many customers have uplift above `threshold`."""
        if not self.customers:
            return np.zeros(np.shape(threshold), dtype=np.int64)
        rising = self.block_uplift[::-1]
        above = rising.size - np.searchsorted(rising, threshold, side="right")
        return np.where(above > 0, self.block_end[above - 1], 0)


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
        """At most `points` points for drawing; the ends and the optimum stay."""
        keep = _spread(self.contacts, points, self.best)
        return ProfitCurve(self.contacts[keep], self.revenue[keep], self.cost[keep], self.profit[keep])


def profit_curve(
    ranked: RankedUplift, margin: float, cost: float, value: float = 1.0, points: int | None = None
) -> ProfitCurve:
    """Profit against the number of contacts, best customers first.

    margin: share of revenue kept. cost: money per contact. value: money per outcome unit. points: at most so
    many, the ends and the optimum among them, the others never computed; None: one a block.
    """
    ends, prefix = ranked.block_end, ranked.prefix
    if points is not None:
        best = int(np.searchsorted(ends, best_contacts(ranked, margin, cost, value)))
        keep = _spread(ends, points - 1, best)
        ends, prefix = ends[keep], prefix[keep]
    contacts = np.concatenate(([0], ends))
    revenue = value * np.concatenate(([0.0], prefix))
    spent = cost * contacts
    return ProfitCurve(contacts, revenue, spent, margin * revenue - spent)


def _spread(contacts: IntArray, points: int, always: int) -> IntArray:
    """Positions of at most `points` of the increasing `contacts`, evenly spread; ends and `always` stay."""
    if contacts.size <= points:
        return np.arange(contacts.size)
    even = np.searchsorted(contacts, np.linspace(contacts[0], contacts[-1], points - 1))
    return np.unique(np.append(even, always))


def best_contacts(ranked: RankedUplift, margin: float, cost: float, value: float = 1.0) -> int:
    """The smallest number of contacts with the highest predicted profit: all whose profit is above 0.

    By the arithmetic of `contacts.profit_per_contact`, so that the count is that of the contact list. Uplift
    falls from block to block: twenty looks find the last of a million that pays.
    """
    worth = margin * value
    blocks = bisect_left(ranked.block_uplift, True, key=lambda uplift: uplift * worth - cost <= 0)
    return int(ranked.block_end[blocks - 1]) if blocks else 0


@dataclass(frozen=True, slots=True)
class SensitivityGrid:
    """Best share to contact and its profit over margin × cost, or × what axis says of the costs."""

    margins: FloatArray  # (m,)
    costs: FloatArray  # (c,) money per contact; factors on, or money added to, each contact's own
    contacts: IntArray  # (m, c) customers contacted at the best
    share: FloatArray  # (m, c) contacts ÷ customers, 0-1
    profit: FloatArray  # (m, c) predicted profit at the best, money
    profit_everyone: FloatArray  # (m, c) predicted profit of contacting everyone, money
    axis: CostAxis = "cost"

    def here(self, cost: float) -> float:
        """Where a scenario of that cost stands among `costs`."""
        return NOW.get(self.axis, cost)


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
