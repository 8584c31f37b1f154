"""The generator of benchmark campaigns: three segments, three actions, seven limits on the whole."""

from __future__ import annotations

import numpy as np

from core.policy.oracle import respond
from core.policy.problem import Limit, Problem, Rows

SHARES = (0.5, 0.3, 0.2)
COSTS = (0.10, 0.80, 0.15)
CAPS = (0.12, 0.58, 0.30)


def campaign(customers: int, seed: int = 1) -> Problem:
    """`customers` × 3 actions with a budget, three capacities and three floors; 42-45 % of profits are
    negative.

    Segments 50/30/20 %, lognormal spend scale, costs 0.10/0.80/0.15, at most 0/1/2 contacts (12/58/30 %),
    the budget 40 % of what all that pays would cost, capacities 55-90 % of what each action would get, and a
    floor of half of what each segment would get.
    """
    rng = np.random.default_rng(seed)
    segment = rng.choice(3, customers, p=SHARES).astype(np.uint8)
    cap = rng.choice(3, customers, p=CAPS).astype(np.int8)
    scale = rng.lognormal(0.0, 0.9, customers) * np.array([0.6, 1.0, 2.2])[segment]
    profit = np.empty((3, customers))
    for k, (centre, cost) in enumerate(zip((0.19, 0.60, 0.24), COSTS)):
        profit[k] = scale * rng.normal(centre, 1.0, customers) - cost * 0.4
    cost = np.broadcast_to(np.array(COSTS)[:, None], (3, customers))
    rows = Rows(profit, cost, cap, segment)
    free = respond(Problem(rows, (), ("email", "post", "sms"), 3), rows, np.zeros(0))
    each = free.counts.sum(axis=1)
    none = np.zeros((3, 3))
    limits = [Limit("budget", "the budget", "<=", 0.40 * free.cost, none, on_cost=1.0)]
    for k, (name, share) in enumerate(zip(("email", "post", "sms"), (0.55, 0.70, 0.90))):
        one = none.copy()
        one[k] = 1.0
        limits.append(Limit(f"capacity.{name}", f"at most by {name}", "<=", float(int(share * each[k])), one))
    for s, share in enumerate((0.5, 0.5, 0.5)):
        one = none.copy()
        one[:, s] = 1.0
        floor = float(int(share * free.counts[:, s].sum()))
        limits.append(Limit(f"quotas[{s}].min", f"at least in {s}", ">=", floor, one))
    return Problem(rows, tuple(limits), ("email", "post", "sms"), 3)
