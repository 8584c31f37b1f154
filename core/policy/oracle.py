"""What every customer chooses at given prices, and which customers choose alike at all prices of a box.

For fixed prices the Lagrangian separates: a customer takes its best actions whose profit after prices is
above zero, at most `cap` of them (Geoffrion 1974). Everything here is a reduce over blocks of rows: `Tally`s
add up, so the blocks may as well be partitions of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.policy.problem import BLOCK, BoolArray, FloatArray, Limit, Problem, Rows


@dataclass(frozen=True)
class Tally:
    """Profit, cost and contacts of a choice, summed over rows: enough for every limit's use."""

    profit: float
    cost: float
    counts: FloatArray  # (actions, groups)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.profit + other.profit, self.cost + other.cost, self.counts + other.counts)

    @classmethod
    def zero(cls, actions: int, groups: int) -> Tally:
        """The tally of no rows."""
        return cls(0.0, 0.0, np.zeros((actions, groups)))

    def used(self, limit: Limit) -> float:
        """Left-hand side of a limit."""
        counted = float((limit.on_count * self.counts).sum())
        return counted + limit.on_cost * self.cost + limit.on_profit * self.profit

    def uses(self, limits: tuple[Limit, ...]) -> FloatArray:
        """(limits,) signed left-hand sides."""
        return np.array([limit.sign * self.used(limit) for limit in limits])


@dataclass(frozen=True)
class Prices:
    """Prices of limits as the oracle uses them: reduced_ik = on_profit · p_ik - on_cost · c_ik - table[k,
    group_i].

    spread_*: half-widths of the same three over a box of prices, zero for a single point; `pairs` (actions,
    actions, groups) is the half-width of the difference of two table entries, tighter than the sum of both.
    """

    on_profit: float
    on_cost: float
    table: FloatArray
    spread_profit: float = 0.0
    spread_cost: float = 0.0
    spread_table: FloatArray | None = None
    pairs: FloatArray | None = None

    @classmethod
    def at(cls, problem: Problem, prices: FloatArray, objective: float = 1.0) -> Prices:
        """One price per limit, >= 0. objective: 0 to ask for feasibility alone."""
        on_profit, on_cost = objective, 0.0
        table = np.zeros((len(problem.actions), problem.groups))
        for limit, price in zip(problem.limits, prices):
            signed = limit.sign * float(price)
            on_profit -= signed * limit.on_profit
            on_cost += signed * limit.on_cost
            table += signed * limit.on_count
        return cls(on_profit, on_cost, table)

    @classmethod
    def over(cls, problem: Problem, low: FloatArray, high: FloatArray) -> Prices:
        """All prices between `low` and `high`."""
        centre = cls.at(problem, (low + high) / 2)
        half = (high - low) / 2
        actions = len(problem.actions)
        spread = np.zeros((actions, problem.groups))
        pairs = np.zeros((actions, actions, problem.groups))
        for limit, width in zip(problem.limits, half):
            spread += width * np.abs(limit.on_count)
            pairs += width * np.abs(limit.on_count[:, None] - limit.on_count[None, :])
        return cls(
            centre.on_profit,
            centre.on_cost,
            centre.table,
            sum(float(w) * abs(limit.on_profit) for limit, w in zip(problem.limits, half)),
            sum(float(w) * abs(limit.on_cost) for limit, w in zip(problem.limits, half)),
            spread,
            pairs,
        )

    def reduced(self, rows: Rows) -> FloatArray:
        """(actions, n) profit after prices."""
        out = np.empty_like(rows.profit)
        one_group = self.table.shape[1] == 1
        for k in range(rows.actions):
            np.multiply(rows.profit[k], self.on_profit, out=out[k])
            if self.on_cost:
                cost = rows.cost[k]
                out[k] -= self.on_cost * (cost[0] if cost.strides[0] == 0 and cost.size else cost)
            out[k] -= self.table[k, 0] if one_group else self.table[k].take(rows.group)
        return out


def chosen(reduced: FloatArray, rows: Rows) -> BoolArray:
    """(actions, n) the `cap` best actions above zero; of equals the first action."""
    positive = reduced > 0
    actions = rows.actions
    if actions == 1:
        return np.asarray(positive & (rows.cap > 0))
    ahead = np.zeros(reduced.shape, dtype=np.int8)
    for j, k in combinations(range(actions), 2):
        first = reduced[j] >= reduced[k]
        ahead[k] += first
        ahead[j] += ~first
    return np.asarray(positive & (ahead < rows.cap))


def tally(rows: Rows, choice: BoolArray, groups: int) -> Tally:
    """What a choice (actions, n) of `rows` adds up to."""
    counts = np.empty((rows.actions, groups))
    profit = cost = 0.0
    for k in range(rows.actions):
        taken = choice[k]
        if rows.weight is None:
            profit += float((rows.profit[k] * taken).sum())
            if groups == 1:
                counts[k, 0] = np.count_nonzero(taken)
            else:
                counts[k] = np.bincount(rows.group[taken], minlength=groups)
            if rows.cost.strides[1] == 0:
                cost += float(rows.cost[k, 0] * counts[k].sum()) if rows.size else 0.0
            else:
                cost += float((rows.cost[k] * taken).sum())
        else:
            times = rows.weight * taken
            profit += float(rows.profit[k] @ times)
            cost += float(rows.cost[k] @ times)
            counts[k] = np.bincount(rows.group, weights=times, minlength=groups)
    return Tally(profit, cost, counts)


def respond(problem: Problem, rows: Rows, prices: FloatArray, objective: float = 1.0) -> Tally:
    """The tally of every row's best choice at `prices`."""
    at = Prices.at(problem, prices, objective)
    total = Tally.zero(rows.actions, problem.groups)
    for _, block in rows.blocks():
        total += tally(block, chosen(at.reduced(block), block), problem.groups)
    return total


def choice(problem: Problem, rows: Rows, prices: FloatArray) -> BoolArray:
    """(actions, n) every row's best choice at `prices`."""
    at = Prices.at(problem, prices)
    out = np.empty(rows.profit.shape, dtype=np.bool_)
    for part, block in rows.blocks():
        out[:, part] = chosen(at.reduced(block), block)
    return out


def lagrangian(problem: Problem, total: Tally, prices: FloatArray, objective: float = 1.0) -> float:
    """The dual function at the prices `total` responds to: an upper bound on every plan's profit."""
    slack = problem.amounts() - total.uses(problem.limits)
    return objective * total.profit + float(prices @ slack)


def undecided(
    problem: Problem, rows: Rows, low: FloatArray, high: FloatArray
) -> tuple[BoolArray, BoolArray, Tally]:
    """Which rows may choose otherwise within the box of prices, every row's choice at its centre, and the
    decided.

    Returns (n,) open, (actions, n) choice, and the tally of the rows that are not open.
    """
    box = Prices.over(problem, low, high)
    open_ = np.empty(rows.size, dtype=np.bool_)
    choices = np.empty(rows.profit.shape, dtype=np.bool_)
    decided = Tally.zero(rows.actions, problem.groups)
    for part, block in rows.blocks():
        reduced = box.reduced(block)
        choices[:, part] = taken = chosen(reduced, block)
        open_[part] = moving = _open(box, block, reduced, taken)
        decided += tally(block, taken & ~moving, problem.groups)
    return open_, choices, decided


def _open(box: Prices, rows: Rows, reduced: FloatArray, choice: BoolArray) -> BoolArray:
    assert box.spread_table is not None and box.pairs is not None
    many = box.spread_table.shape[1] > 1
    above = np.empty(choice.shape, dtype=np.bool_)  # may be above zero somewhere in the box
    result = np.zeros(rows.size, dtype=np.bool_)
    full = choice.sum(axis=0, dtype=np.int8) >= rows.cap
    for k in range(rows.actions):
        spread = box.spread_table[k].take(rows.group) if many else box.spread_table[k, 0]
        spread = spread + box.spread_cost * _cost(rows, k)
        if box.spread_profit:
            spread = spread + box.spread_profit * np.abs(rows.profit[k])
        above[k] = reduced[k] > -spread
        result |= np.where(choice[k], reduced[k] <= spread, above[k] & ~full)
    for j, k in combinations(range(rows.actions), 2):
        differ = (choice[j] & above[k] & ~choice[k]) | (choice[k] & above[j] & ~choice[j])
        spread = box.pairs[j, k].take(rows.group) if many else box.pairs[j, k, 0]
        spread = spread + box.spread_cost * np.abs(_cost(rows, j) - _cost(rows, k))
        if box.spread_profit:
            spread = spread + box.spread_profit * np.abs(rows.profit[j] - rows.profit[k])
        result |= differ & (np.abs(reduced[j] - reduced[k]) <= spread)
    result &= rows.cap > 0
    return result


def _cost(rows: Rows, k: int) -> FloatArray:
    cost: FloatArray = rows.cost[k]
    return cost[:1] if cost.strides[0] == 0 else cost


__all__ = ["BLOCK", "Prices", "Tally", "choice", "chosen", "lagrangian", "respond", "tally", "undecided"]
