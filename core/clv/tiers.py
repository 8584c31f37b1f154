"""Value tiers against uplift deciles: are the customers a contact changes also the valuable ones?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.clv.rows import FloatArray
from core.clv.value import tiers
from core.data.columns import numeric

GROUPS = 10
TIER, CLV, ORDERS, UPLIFT = "value_tier", "clv", "expected_orders", "uplift_hat"


@dataclass(frozen=True)
class TierTable:
    """Customers by value tier (rows, 1 = the most valuable tenth of all valued customers) and uplift decile
    (columns, 1 = the highest predicted uplift of those here).

    customers: (10, 10) counts. worth: (10, 10) their summed value; money, or expected orders where in_money
    is False.
    """

    customers: NDArray[np.int64]
    worth: FloatArray
    in_money: bool

    @property
    def best(self) -> int:
        """Customers in the best tenth of both."""
        return int(self.customers[0, 0])

    @property
    def by_chance(self) -> float:
        """How many would be in both if value and uplift had nothing to do with each other."""
        return float(self.customers[0].sum() * self.customers[:, 0].sum() / self.customers.sum())

    @property
    def mean_worth(self) -> FloatArray:
        """(10,) mean value of a tier's customers, NaN in an empty one."""
        many = self.customers.sum(axis=1)
        mean: FloatArray = np.where(many > 0, self.worth.sum(axis=1) / np.maximum(many, 1), np.nan)
        return mean


def tiers_by_uplift(ids: pd.Series, uplift: FloatArray, values: pd.DataFrame) -> TierTable | None:
    """ids: (n,) text; uplift: (n,); values: as Values.to_frame writes it, its first column the id. None where
    no id is in both."""
    place = pd.Index(values.iloc[:, 0]).get_indexer(pd.Index(ids))
    found = place >= 0
    if not found.any():
        return None
    return _table(values.iloc[place[found]], uplift[found])


def tiers_of_scored(table: pd.DataFrame) -> TierTable | None:
    """From scored customers that carry the columns `persuadable value` joins (text or numbers, as a file gave
    them). None where they do not, or no one has a value."""
    if TIER not in table.columns or not {CLV, ORDERS} & set(table.columns):
        return None
    tier, problems = numeric(table, TIER)
    known = np.isin(tier, np.arange(1, GROUPS + 1))
    if problems or not known.any():
        return None
    return _table(table[known], table[UPLIFT].to_numpy(np.float64)[known])


def _table(values: pd.DataFrame, uplift: FloatArray) -> TierTable:
    in_money = CLV in values.columns
    tier, _ = numeric(values, TIER)
    worth, _ = numeric(values, CLV if in_money else ORDERS)
    cell = GROUPS * (tier.astype(np.int64) - 1) + tiers(uplift) - 1
    shape, size = (GROUPS, GROUPS), GROUPS * GROUPS
    return TierTable(
        np.bincount(cell, minlength=size).reshape(shape).astype(np.int64),
        np.bincount(cell, weights=np.nan_to_num(worth), minlength=size).astype(np.float64).reshape(shape),
        in_money,
    )
