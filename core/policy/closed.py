"""Contacts that some limit rules out one by one: a capacity of zero, a budget below what the contact costs.

The solver need not find the price that keeps them out (it may be as high as the best customer's profit):
their profit is set below zero, which changes no plan, and the price is read off afterwards.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.policy.oracle import Prices
from core.policy.problem import FloatArray, Limit, Problem, Rows


def without_closed(problem: Problem, typical: float) -> Problem:
    """The same problem with every contact that uses more than a whole limit made to lose `typical` money."""
    limits = [limit for limit in problem.limits if _closes(problem, limit)]
    if not limits:
        return problem
    profit = problem.rows.profit.copy()
    for part, block in problem.rows.blocks():
        for limit in limits:
            over = _use(limit, block) > limit.amount * (1 + 1e-9) + 1e-12
            piece = profit[:, part]
            piece[over] = np.minimum(piece[over], -typical)
    return replace(problem, rows=replace(problem.rows, profit=profit))


def clearing_prices(problem: Problem, prices: FloatArray) -> FloatArray:
    """`prices` with limits of zero raised to where the last customer gives up what they rule out."""
    out = prices.copy()
    for g, limit in enumerate(problem.limits):
        if not _closes(problem, limit) or limit.amount > 0:
            continue
        at = Prices.at(problem, out)
        most = 0.0
        for _, block in problem.rows.blocks():
            use = _use(limit, block)
            ruled = (use > 0) & (block.cap > 0)
            if ruled.any():
                gained = _gained(at.reduced(block), block)
                most = max(most, float((gained[ruled] / use[ruled]).max()))
        out[g] += most
    return out


def _gained(reduced: FloatArray, rows: Rows) -> FloatArray:
    """(actions, n) what each contact adds to a customer's others: its profit less that of the one it
    replaces.
    """
    out = np.empty_like(reduced)
    place = np.maximum(rows.cap.astype(np.int64) - 1, 0)
    for k in range(rows.actions):
        others = -np.sort(-np.delete(reduced, k, axis=0), axis=0)
        others = np.vstack((others, np.zeros((1, rows.size))))
        replaced = others[np.minimum(place, rows.actions - 1), np.arange(rows.size)]
        out[k] = reduced[k] - np.maximum(replaced, 0.0)
    return out


def _closes(problem: Problem, limit: Limit) -> bool:
    if limit.sense == ">=" or limit.on_profit or limit.on_cost < 0:
        return False
    most_expensive = float(problem.rows.cost.max(initial=0.0)) if limit.on_cost else 0.0
    return limit.amount < limit.on_cost * most_expensive + float(limit.on_count.max(initial=0.0))


def _use(limit: Limit, rows: Rows) -> FloatArray:
    use: FloatArray = limit.on_count[:, rows.group]
    return use + limit.on_cost * rows.cost if limit.on_cost else use
