"""What each limit costs: its use, its price at the margin, and the profit with a tenth less or more of it.

Prices are local, so the ±10 % are solved again rather than multiplied. The budget frontier is the same
question asked of one limit at many amounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.policy.optimizer import Solution, relaxed
from core.policy.problem import FloatArray, Limit, Problem
from core.policy.zoom import Checkpoint

POINTS = 17


@dataclass(frozen=True, slots=True)
class Changed:
    """A limit at another amount. profit: of the best plan then; gain: against the plan's; None where none
    exists.
    """

    amount: float
    profit: float | None
    gain: float | None


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A limit in a plan. slack: how far it is from binding. price: money per unit at the margin. missed:
    contacts
    by which a best-effort minimum stays short. less, more: a tenth off or on, None before `probe`."""

    limit: Limit
    amount: float
    used: float
    slack: float
    binding: bool
    price: float
    missed: int = 0
    less: Changed | None = None
    more: Changed | None = None


@dataclass(frozen=True)
class Frontier:
    """The best profit for each budget, rounding aside; budgets that no plan can keep to are left out."""

    budget: FloatArray  # (k,) money, increasing
    profit: FloatArray  # (k,) money
    price: FloatArray  # (k,) money per money at the margin
    current: int | None  # the plan's own budget in it


def uses(solution: Solution, wanted: tuple[Limit, ...]) -> tuple[LimitUse, ...]:
    """Every limit's use and price. wanted: the limits as asked for, with best-effort minimums in full."""
    asked = {limit.key: limit for limit in wanted}
    prices = dict(zip((limit.key for limit in solution.problem.limits), solution.prices.tolist()))
    out = []
    for key, limit in asked.items():
        used = solution.total.used(limit)
        price = prices.get(key, 0.0)
        slack = max(limit.sign * (limit.amount - used), 0.0) + 0.0
        missed = solution.missed.get(key, 0)
        binding = price > 1e-9 or missed > 0
        out.append(LimitUse(limit, limit.amount, used, slack, binding, price, missed))
    return tuple(out)


def probe(
    solution: Solution, found: tuple[LimitUse, ...], checkpoint: Checkpoint = lambda: None
) -> tuple[LimitUse, ...]:
    """The same with `less` and `more`: solved again with a tenth off and on each limit that binds."""
    problem = solution.problem
    here = relaxed(problem, warm=solution.prices, checkpoint=checkpoint)
    base = solution.value if here is None else here[0]
    out = []
    for use in found:
        solved = next((limit for limit in problem.limits if limit.key == use.limit.key), None)
        if solved is None or use.limit.key == "roi_floor":
            out.append(use)
            continue
        less, more = (
            _changed(problem, solved, sign, base, use.binding, solution.prices, checkpoint)
            for sign in (-1, 1)
        )
        out.append(replace(use, less=less, more=more))
    return tuple(out)


def _changed(
    problem: Problem,
    limit: Limit,
    sign: int,
    base: float,
    binding: bool,
    prices: FloatArray,
    checkpoint: Checkpoint,
) -> Changed:
    step = 0.1 * limit.amount
    if limit.counts:
        step = max(1.0, round(step))
    amount = max(limit.amount + sign * step, 0.0)
    looser = sign * limit.sign > 0
    if not binding and looser:
        return Changed(amount, base, 0.0)
    found = relaxed(problem.with_amount(limit.key, amount), warm=prices, checkpoint=checkpoint)
    if found is None:
        return Changed(amount, None, None)
    return Changed(amount, found[0], found[0] - base)


def frontier(
    solution: Solution, points: int = POINTS, checkpoint: Checkpoint = lambda: None
) -> Frontier | None:
    """The best profit for budgets from 0 to twice the plan's, or to what all that pays costs; None without
    costs.
    """
    problem = solution.problem
    budget = next((limit for limit in problem.limits if limit.key == "budget"), None)
    top = 2.0 * (budget.amount if budget is not None else solution.total.cost)
    if top <= 0:
        return None
    if budget is None:
        none = np.zeros((len(problem.actions), problem.groups))
        limit = Limit("budget", "", "<=", top, none, on_cost=1.0)
        problem = replace(problem, limits=(limit, *problem.limits))
        prices = np.concatenate(([0.0], solution.prices))
    else:
        prices = solution.prices
    place = [limit.key for limit in problem.limits].index("budget")
    amounts = np.linspace(0.0, top, points)
    profit, price = np.full(points, np.nan), np.full(points, np.nan)
    for n, amount in enumerate(amounts.tolist()):
        checkpoint()
        found = relaxed(problem.with_amount("budget", amount), warm=prices, checkpoint=checkpoint)
        if found is not None:
            profit[n], prices = found
            price[n] = prices[place]
    reached = np.isfinite(profit)
    if not reached.any():
        return None
    current = None
    if budget is not None:
        current = int(np.argmin(np.abs(amounts[reached] - budget.amount)))
    return Frontier(amounts[reached], profit[reached], price[reached], current)
