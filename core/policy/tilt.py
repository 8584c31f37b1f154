"""Conditions that part the customers, carried over to the experiment's customers as shares.

A capacity, a quota, or a budget where actions cost differently changes who is contacted by what, and not only
how many are. On the experiment's customers the same conditions are prices of their own: those at which the
best choice by these customers' scores takes the plan's share of them and keeps each condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core.policy.formulation import Excluded, segment_groups
from core.policy.optimizer import relaxed
from core.policy.oracle import Prices
from core.policy.plan import Plan
from core.policy.problem import FloatArray, IntArray, Limit, Problem, Rows
from core.policy.terms import Terms, arms_of
from core.policy.zoom import scales, typical
from core.uplift.evidence import Evidence

APART = 1e-4
"""Share of a typical profit within which equal offers are told apart by id, as the plan's own are."""
NOTHING = 1e-6
"""Price of a condition that does not bind, as a share of what a unit of it is about worth."""


def tilt(
    plan: Plan, evidence: Evidence, segments: Mapping[str, pd.Series], terms: Terms, share: float
) -> tuple[IntArray, FloatArray] | None:
    """((n,) each customer's arm, from 1, (n,) what to order by: the profit by it after prices).

    None where no condition but the share of customers binds there: then the order is that of the profits.
    share: of the experiment's customers that is contacted, above 0.
    """
    problem, place = plan.solution.problem, arms_of(plan, evidence)
    n = evidence.customers
    group = segment_groups(plan.formulation, segments, n)
    cost = np.broadcast_to(terms.cost[place][:, None], (len(place), n))
    conditions = tuple(_carried(plan, terms.cost[place], np.bincount(group, minlength=problem.groups)))
    if not conditions:
        return None
    profit = evidence.uplift[:, place].T * terms.worth[place][:, None] - cost
    rows = Rows(profit, cost, np.ones(n, dtype=np.int8), group)
    worth = typical(rows)
    rows = replace(rows, profit=profit + APART * worth * _apart(evidence.ids, len(place)))
    everyone = np.ones((len(place), problem.groups))
    both = (
        Limit("at most", "", "<=", float(np.ceil(share * n)), everyone),
        Limit("at least", "", ">=", float(np.floor(share * n)), everyone),
    )
    asked = Problem(rows, (*conditions, *both), problem.actions, problem.groups)
    found = relaxed(asked)
    # Where rounding leaves no room, the plan's own prices tilt the order.
    limits, prices = (asked, found[1]) if found is not None else (problem, plan.solution.prices)
    if found is not None and (prices[: len(conditions)] <= NOTHING * scales(asked)[: len(conditions)]).all():
        return None
    left = Prices.at(limits, prices).reduced(rows)
    best = left.argmax(axis=0)
    return np.asarray(place, dtype=np.int64)[best] + 1, left[best, np.arange(n)]


def _carried(plan: Plan, cost: FloatArray, sizes: IntArray) -> Iterator[Limit]:
    """The plan's conditions for `sizes` (groups,) customers: as large a share of them, and never tighter than
    what the plan itself makes of each group, so that they can be met together.

    Those that only say how many are contacted are left out, and the floor on return, which is about profit.
    cost: (actions,) of a contact.
    """
    problem = plan.solution.problem
    made, eligible = _made(plan)
    there = np.divide(sizes, eligible, out=np.zeros(sizes.size), where=eligible > 0)
    counts = made * there
    for limit in problem.limits:
        on_count = limit.on_count + limit.on_cost * cost[:, None]
        if limit.on_profit or np.ptp(on_count) <= 1e-12 * max(float(np.abs(on_count).max()), 1e-300):
            continue
        about = (on_count != 0).any(axis=0)
        whole = float(eligible[about].sum())
        if whole == 0:
            continue
        amount = limit.amount * float(sizes[about].sum()) / whole
        own = float((on_count * counts).sum())
        amount = max(amount, own) if limit.sense == "<=" else min(amount, own)
        yield replace(limit, amount=amount, best_effort=False)


def _made(plan: Plan) -> tuple[FloatArray, FloatArray]:
    """((actions, groups) customers by their best contact, (groups,) customers who may be contacted)."""
    problem, formulation = plan.solution.problem, plan.formulation
    chosen = plan.solution.choice
    best = np.where(chosen, formulation.expected, -np.inf).argmax(axis=0)
    reached = np.flatnonzero(chosen.any(axis=0))
    group = problem.rows.group.astype(np.int64)
    made = np.zeros((len(problem.actions), problem.groups))
    np.add.at(made, (best[reached], group[reached]), 1.0)
    may = formulation.excluded == Excluded.NO
    return made, np.bincount(group[may], minlength=problem.groups).astype(np.float64)


def _apart(ids: pd.Series, actions: int) -> FloatArray:
    """(actions, n) numbers from 0 to 1 by id, the same in every order of the customers."""
    drawn = pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False)
    spread = np.arange(1, 2 * actions, 2, dtype=np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        return ((drawn[None, :] * spread) >> np.uint64(11)) / float(2**53)
