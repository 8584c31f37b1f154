"""Margin × cost where each customer has a cost of their own, and where a plan has conditions.

With costs c_i times a factor f a customer pays where uplift_i ÷ c_i > f ÷ (margin · value): one sort of that
ratio and two prefix sums serve the whole grid. A shift added to all costs keeps the order only within a
margin: one pass each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.errors import SettingError
from core.policy.constraints import Constraints
from core.policy.economics import CostAxis, FloatArray, IntArray, SensitivityGrid
from core.policy.feasibility import InfeasibleError
from core.policy.formulation import contact_costs, costing
from core.policy.offers import Offers
from core.policy.plan import plan
from core.policy.zoom import Checkpoint
from core.progress import Progress, silent
from core.scenario import Scenario

FACTORS: FloatArray = np.linspace(0.0, 3.0, 13)
"""On every cost, 1 among them."""


@dataclass(frozen=True, slots=True)
class RankedReturn:
    """Customers by uplift per cost, best first, with prefix sums from 0.

    ratio: (n,) decreasing; infinite where contact is free and helps, minus infinite where it is free and
    does not. uplift, cost: (n + 1,) summed over the best.
    """

    ratio: FloatArray
    uplift: FloatArray
    cost: FloatArray

    @classmethod
    def of(cls, uplift: FloatArray, cost: FloatArray) -> RankedReturn:
        """uplift: (n,) outcome units. cost: (n,) money, 0 or more. SettingError where one is not so."""
        uplift, cost = np.asarray(uplift, dtype=np.float64), np.asarray(cost, dtype=np.float64)
        if not (np.isfinite(uplift).all() and np.isfinite(cost).all()) or (cost < 0).any():
            raise SettingError(
                "Scores and costs must be finite numbers, costs 0 or more.",
                "Mend or leave out those customers.",
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = uplift / cost
        ratio[cost == 0] = np.where(uplift[cost == 0] > 0, np.inf, -np.inf)
        np.negative(ratio, out=ratio)
        order = np.argsort(ratio)  # the order among equals does not matter: a threshold takes all or none
        total = np.zeros(uplift.size + 1)
        spent = np.zeros(uplift.size + 1)
        np.cumsum(uplift[order], out=total[1:])
        np.cumsum(cost[order], out=spent[1:])
        return cls(-ratio[order], total, spent)

    def paying(self, threshold: FloatArray) -> IntArray:
        """How many customers have a ratio above each threshold."""
        return np.searchsorted(-self.ratio, -np.asarray(threshold, dtype=np.float64), side="left")


def factor_sensitivity(
    ranked: RankedReturn, margins: FloatArray, factors: FloatArray, value: float = 1.0
) -> SensitivityGrid:
    """Best share and profit over margin × a factor on every customer's cost; `costs` of the grid are
    factors.
    """
    margins, factors = np.asarray(margins, dtype=np.float64), np.asarray(factors, dtype=np.float64)
    worth = (margins * value)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        threshold = np.where(worth > 0, factors[None, :] / worth, np.inf)
    contacts = ranked.paying(threshold)
    contacts[np.broadcast_to(worth <= 0, contacts.shape)] = 0
    profit = worth * ranked.uplift[contacts] - factors * ranked.cost[contacts]
    everyone = worth * ranked.uplift[-1] - factors * ranked.cost[-1]
    share = contacts / max(ranked.ratio.size, 1)
    return SensitivityGrid(margins, factors, contacts, share, profit, everyone, "factor")


def best_action_sensitivity(
    revenue: FloatArray, cost: FloatArray, margins: FloatArray, factors: FloatArray
) -> SensitivityGrid:
    """`factor_sensitivity` where each customer is contacted by the action that earns most there, if at all.

    revenue, cost: (actions, n) money. Every cell is worked out from all customers: for what is made in the
    background.
    """
    margins, factors = np.asarray(margins, dtype=np.float64), np.asarray(factors, dtype=np.float64)
    contacts = np.zeros((margins.size, factors.size), dtype=np.int64)
    profit = np.zeros((margins.size, factors.size))
    everyone = np.zeros((margins.size, factors.size))
    for m, margin in enumerate(margins.tolist()):
        for f, factor in enumerate(factors.tolist()):
            best = (margin * revenue - factor * cost).max(axis=0)
            contacts[m, f] = np.count_nonzero(best > 0)
            profit[m, f], everyone[m, f] = best[best > 0].sum(), best.sum()
    share = contacts / max(revenue.shape[1], 1)
    return SensitivityGrid(margins, factors, contacts, share, profit, everyone, "factor")


def shift_sensitivity(
    uplift: FloatArray, cost: FloatArray, margins: FloatArray, shifts: FloatArray, value: float = 1.0
) -> SensitivityGrid:
    """Best share and profit over margin × money added to every customer's cost; shifts increasing."""
    margins, shifts = np.asarray(margins, dtype=np.float64), np.asarray(shifts, dtype=np.float64)
    uplift, cost = np.asarray(uplift, dtype=np.float64), np.asarray(cost, dtype=np.float64)
    contacts = np.zeros((margins.size, shifts.size), dtype=np.int64)
    profit = np.zeros((margins.size, shifts.size))
    everyone = np.zeros((margins.size, shifts.size))
    for m, margin in enumerate(margins.tolist()):
        before = margin * value * uplift - cost
        above = np.searchsorted(shifts, before, side="left")  # how many shifts each customer survives
        count = np.bincount(above, minlength=shifts.size + 1)[::-1].cumsum()[::-1][1:]
        earned = np.bincount(above, weights=before, minlength=shifts.size + 1)[::-1].cumsum()[::-1][1:]
        contacts[m], profit[m] = count, earned - shifts * count
        everyone[m] = before.sum() - shifts * before.size
    share = contacts / max(uplift.size, 1)
    return SensitivityGrid(margins, shifts, contacts, share, profit, everyone, "added")


def constrained_sensitivity(
    offers: Offers,
    scenario: Scenario,
    constraints: Constraints,
    margins: FloatArray,
    costs: FloatArray,
    *,
    factors: bool = False,
    progress: Progress = silent,
    checkpoint: Checkpoint = lambda: None,
) -> SensitivityGrid:
    """The best plan in every cell of margin × cost, each started from its neighbour's prices.

    factors: `costs` multiply what every contact costs, be it the customer's own, the action's or the
    scenario's; else they stand in the place of the scenario's.
    A cell where no plan meets the constraints holds NaN profit and 0 contacts. Of everyone nothing is said
    (NaN). Raises SettingError where the constraints name what is not there.
    """
    margins, costs = np.asarray(margins, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    contacts = np.zeros((margins.size, costs.size), dtype=np.int64)
    profit = np.full((margins.size, costs.size), np.nan)
    warm: FloatArray | None = None
    own = contact_costs(offers, scenario, constraints)
    for m, margin in enumerate(margins.tolist()):
        order = (
            range(costs.size) if m % 2 == 0 else reversed(range(costs.size))
        )  # neighbours follow each other
        for done, c in enumerate(order):
            checkpoint()
            number = m * costs.size + done
            progress(f"Finding plan {number + 1} of {profit.size}", number / profit.size)
            cell = replace(scenario, margin=margin, cost=scenario.cost if factors else float(costs[c]))
            offered = costing(offers, own * costs[c]) if factors else offers
            try:
                found = plan(offered, cell, constraints, warm=warm, checkpoint=checkpoint)
            except InfeasibleError:
                continue
            warm = found.solution.prices
            contacts[m, c], profit[m, c] = found.contacts, found.expected_profit
    share = contacts / max(offers.customers, 1)
    axis: CostAxis = "factor" if factors else "cost"
    return SensitivityGrid(margins, costs, contacts, share, profit, np.full(profit.shape, np.nan), axis)
