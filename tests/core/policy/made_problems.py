"""Small random problems with every kind of limit, and plain definitions to check a plan against."""

from __future__ import annotations

import numpy as np

from core.policy.problem import FloatArray, Limit, Problem, Rows


def problem(rng: np.random.Generator, customers: int = 15) -> Problem:
    """Up to `customers` customers, 1-3 actions, 1-3 segments; equal scores and caps of 0 are common."""
    n, actions, groups = int(rng.integers(1, customers + 1)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    profit = rng.normal(0.3, 1.0, (actions, n)) * rng.lognormal(0.0, 0.7, n)
    digits = rng.integers(0, 4)
    if digits < 2:
        profit = np.round(profit, int(digits))
    own_costs = rng.random() < 0.5
    cost = rng.uniform(0.05, 1.0, (actions, n) if own_costs else (actions, 1))
    cost = np.round(cost, 1) if rng.random() < 0.2 else cost
    rows = Rows(
        profit,
        np.broadcast_to(cost, (actions, n)),
        rng.integers(0, 3, n).astype(np.int8),
        rng.integers(0, groups, n).astype(np.uint8),
    )
    return Problem(rows, tuple(_limits(rng, rows, groups)), tuple(f"a{k}" for k in range(actions)), groups)


def _limits(rng: np.random.Generator, rows: Rows, groups: int) -> list[Limit]:
    none = np.zeros((rows.actions, groups))
    possible = np.minimum(rows.cap, rows.actions)
    found: list[Limit] = []

    def count(key: str, sense: str, amount: float, where: FloatArray) -> None:
        found.append(Limit(key, key, sense, float(amount), where))  # type: ignore[arg-type]

    if rng.random() < 0.6:
        budget = float(np.round(rng.uniform(0.0, 0.7) * rows.cost.mean() * possible.sum(), 2))
        found.append(Limit("budget", "a budget", "<=", budget, none, on_cost=1.0))
    if rng.random() < 0.3:
        count("topn", "<=", rng.integers(0, possible.sum() + 1), none + 1.0)
    for k in range(rows.actions):
        if rng.random() < 0.4:
            by = none.copy()
            by[k] = 1.0
            count(f"capacity.a{k}", "<=", rng.integers(0, rows.size + 1), by)
    for g in range(groups):
        if rng.random() < 0.4:
            by = none.copy()
            by[:, g] = 1.0
            if rng.random() < 0.3:
                by[1:] = 0.0
            there = int(possible[rows.group == g].sum())
            count(f"quotas[{g}].min", ">=", rng.integers(0, max(1, int(there * 0.8)) + 1), by)
        if rng.random() < 0.25:
            by = none.copy()
            by[:, g] = 1.0
            count(f"quotas[{g}].max", "<=", rng.integers(0, rows.size), by)
    if rng.random() < 0.25:
        floor = float(np.round(rng.uniform(0.0, 1.5), 1))
        found.append(Limit("roi_floor", "a return", ">=", 0.0, none, on_cost=-floor, on_profit=1.0))
    return found


def used(problem: Problem, choice: np.ndarray, limit: Limit) -> float:
    """Left-hand side of a limit, customer by customer, from its definition."""
    total = 0.0
    for k, i in zip(*np.nonzero(choice)):
        total += limit.on_count[k, problem.rows.group[i]]
        total += limit.on_cost * problem.rows.cost[k, i] + limit.on_profit * problem.rows.profit[k, i]
    return total


def broken(problem: Problem, choice: np.ndarray) -> list[str]:
    """Keys of the limits that a plan breaks, "cap" where a customer gets too much."""
    out = ["cap"] if (choice.sum(axis=0) > problem.rows.cap).any() else []
    for limit in problem.limits:
        slack = limit.sign * (limit.amount - used(problem, choice, limit))
        if slack < -1e-9 * max(1.0, abs(limit.amount)):
            out.append(limit.key)
    return out
