"""The order of the contact list for any margin, value and cost, from one sort kept with the scores."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.policy.contacts import order, profit_per_contact
from core.policy.economics import FloatArray, IntArray, RankedUplift
from core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Ranking:
    """Customers by uplift. The list is by profit and then by id; with one cost for all these differ only
    where different uplifts have the same profit: none is earned at margin 0, or the digits run out.

    ranked: the scores sorted. rows: (n,) row positions, highest uplift first, equals by id. place: (n,) the
    place of each row in the order by id.
    """

    ranked: RankedUplift
    rows: IntArray
    place: IntArray

    @classmethod
    def of(cls, uplift: FloatArray, ids: pd.Series) -> Ranking:
        """Sort `uplift` ((n,) outcome units per customer). Raises SettingError where one is not finite."""
        by_id = order(np.zeros(len(ids)), ids)
        place = np.empty_like(by_id)
        place[by_id] = np.arange(by_id.size)
        return cls(RankedUplift.of(uplift), by_id[np.argsort(-uplift[by_id], kind="stable")], place)

    def between(self, start: int, stop: int, scenario: Scenario) -> IntArray:
        """Row positions at the places start to stop - 1 of the list, from 0; all but a run or two unread."""
        if stop <= start:
            return np.empty(0, dtype=np.int64)
        ends, n = self.ranked.block_end, self.ranked.customers

        def loss(block: int) -> float:
            return -float(profit_per_contact(self.ranked.block_uplift[block], scenario))

        if loss(0) == loss(ends.size - 1):  # no one earns more than another
            asked = np.flatnonzero((self.place >= start) & (self.place < stop))
            return asked[np.argsort(self.place[asked])]
        # The whole of the runs of equal profit in which the stretch begins and ends.
        blocks = range(ends.size)
        first = bisect_left(blocks, loss(int(np.searchsorted(ends, start, side="right"))), key=loss)
        last = bisect_right(blocks, loss(int(np.searchsorted(ends, stop))), key=loss)
        begin = int(ends[first - 1]) if first else 0
        rows = np.array(self.rows[begin : int(ends[last - 1])], dtype=np.int64)
        profit = profit_per_contact(self.ranked.block_uplift[first:last], scenario)
        run = np.cumsum(np.append(0, profit[1:] != profit[:-1]))
        mixed = np.bincount(run)[run] > 1  # blocks that share their profit with another
        if mixed.any():
            sizes = np.diff(ends[first:last], prepend=begin)
            at = np.flatnonzero(np.repeat(mixed, sizes))
            runs = np.repeat(run, sizes)[at]
            rows[at] = rows[at][np.argsort(runs * n + self.place[rows[at]])]
        return rows[start - begin : stop - begin]
