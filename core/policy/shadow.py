"""What each limit costs: its use, its price at the margin, and the profit with a tenth less or more of it.

Prices are local, so the ±10 % are solved again rather than multiplied. The budget frontier is the same
question asked of one limit at many amounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.policy.optimizer import Solution, relaxed
from core.policy.problem import FloatArray, Limit
from core.policy.zoom import Checkpoint

POINTS = 17
LEAST = 0.005
"""Money below which a plan is as good as another: it shows as nothing."""


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
    """A limit in a plan. slack: how far it is from binding. price: money per unit at the margin. binding:
    whether it costs profit. missed: contacts by which a best-effort minimum stays short; then a little more
    or less of it changes nothing, and its price is 0. less, more: a tenth off or on, None before `probe` and
    where a tenth is nothing.
    """

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
    prices = _prices(solution)
    out = []
    for key, limit in asked.items():
        used = solution.total.used(limit)
        price = prices.get(key, 0.0)
        slack = max(limit.sign * (limit.amount - used), 0.0) + 0.0
        missed = solution.missed.get(key, 0)
        binding = price > 1e-9
        out.append(LimitUse(limit, limit.amount, used, slack, binding, 0.0 if missed else price, missed))
    return tuple(out)


def _prices(solution: Solution) -> dict[str, float]:
    """By limit. Where a maximum and a minimum of the same contacts meet, only the difference of their prices
    is determined: what both have is taken off both.
    """
    limits = solution.problem.limits
    prices = dict(zip((limit.key for limit in limits), solution.prices.tolist()))
    for least in (limit for limit in limits if limit.sense == ">=" and limit.counts):
        for most in (limit for limit in limits if limit.sense == "<=" and limit.counts):
            if least.amount == most.amount and np.array_equal(least.on_count, most.on_count):
                both = min(prices[least.key], prices[most.key])
                prices[least.key] -= both
                prices[most.key] -= both
    return prices


def probe(
    solution: Solution, found: tuple[LimitUse, ...], checkpoint: Checkpoint = lambda: None
) -> tuple[LimitUse, ...]:
    """The same with `less` and `more`: solved again with a tenth off and on each limit that binds.

    Where a minimum is missed, more of another limit goes into it first, which no price of the solution knows:
    there the price is the mean over the tenth, and what binds is solved too.
    """
    if solution.missed and any(use.less or use.more for use in found):  # once is enough
        return found
    base = relaxed_value(solution, checkpoint)
    out = []
    for use in found:
        if use.limit.key == "roi_floor":
            out.append(use)
            continue
        less, more = (_changed(solution, use, sign, base, checkpoint) for sign in (-1, 1))
        solved = replace(use, less=less, more=more)
        out.append(_resolved(solution, solved, base, checkpoint) if solution.missed else solved)
    return tuple(out)


def _resolved(solution: Solution, use: LimitUse, base: float, checkpoint: Checkpoint) -> LimitUse:
    """A limit of a plan that misses a minimum: whether it binds and its price, by solving again."""
    if use.missed:
        without = solution.as_asked.without(frozenset({use.limit.key}))
        free = relaxed(without, checkpoint=checkpoint)
        return replace(use, binding=free is not None and free[0] - base > LEAST)
    looser = use.more if use.limit.sense == "<=" else use.less
    if looser is None or looser.gain is None:
        return use
    price = max(looser.gain / abs(looser.amount - use.amount), 0.0) if looser.gain > LEAST else 0.0
    return replace(use, price=price, binding=price > 0)


def relaxed_value(solution: Solution, checkpoint: Checkpoint = lambda: None) -> float:
    """The plan's profit, rounding aside: what profits of `relaxed` are compared with."""
    here = relaxed(solution.problem, warm=solution.prices, checkpoint=checkpoint)
    return solution.value if here is None else here[0]


def _changed(
    solution: Solution, use: LimitUse, sign: int, base: float, checkpoint: Checkpoint
) -> Changed | None:
    limit = use.limit
    step = 0.1 * limit.amount
    if limit.counts:
        step = max(1.0, round(step))
    amount = max(limit.amount + sign * step, 0.0)
    if amount == limit.amount:
        return None
    if use.missed and amount > use.used:  # it is filled as far as before
        return Changed(amount, base, 0.0)
    looser = sign * limit.sign > 0
    if not use.binding and looser and not solution.missed:
        return Changed(amount, base, 0.0)
    changed = solution.as_asked.with_amount(limit.key, amount)
    found = relaxed(changed, warm=solution.prices, checkpoint=checkpoint)
    if found is None:
        return Changed(amount, None, None)
    return Changed(amount, found[0], found[0] - base)


def frontier(
    solution: Solution,
    limits: tuple[LimitUse, ...] = (),
    points: int = POINTS,
    checkpoint: Checkpoint = lambda: None,
) -> Frontier | None:
    """The best profit for budgets from 0 to twice the plan's, or to what all that pays costs; None without
    costs. limits: the plan's; its own budget has the price that stands there.
    """
    problem = solution.as_asked
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
    amounts, profit, price = amounts[reached], profit[reached], price[reached]
    if any(limit.best_effort for limit in problem.limits) and amounts.size > 1:
        slopes = np.diff(profit) / np.diff(amounts)  # a missed minimum takes of each budget, see `probe`
        price = np.append(slopes, slopes[-1])
    current = None
    if budget is not None:
        current = int(np.argmin(np.abs(amounts - budget.amount)))
        price[current] = next((use.price for use in limits if use.limit.key == "budget"), price[current])
    return Frontier(amounts, profit, price, current)
