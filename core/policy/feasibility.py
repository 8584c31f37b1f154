"""Whether any plan meets the limits; and if none does, a smallest set of limits that contradict each other.

With profits out of the way the dual asks how many contacts the minimums must stay short. A value below zero
at some prices proves that no plan exists (Farkas' lemma): every plan would make it at least zero. The limits
with a price there contain a conflict; dropping one after another leaves a minimal one (Chinneck & Dravnieks
1991).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from core.advice.contact_plans import NEARLY_CONTRADICTING, contradiction, unreachable
from core.errors import SettingError
from core.policy.dual import minimise
from core.policy.oracle import respond
from core.policy.problem import FloatArray, Limit, Problem

SMALL = 4_000
"""Customers up to which feasibility is a linear programme; above, the dual is minimised over all of them."""

Feasible = Callable[[Problem], bool]


class InfeasibleError(SettingError):
    """Limits that no plan meets together. conflict: a minimal set; lifting any one of them is enough."""

    def __init__(self, message: str, fix: str, conflict: tuple[Limit, ...]) -> None:
        super().__init__(message, fix)
        self.conflict = conflict


@dataclass(frozen=True)
class Shortfall:
    """contacts: by how much the elastic minimums must be missed in total, 0 if they need not. prices: the
    proof.
    """

    contacts: float
    prices: FloatArray

    @property
    def none(self) -> bool:
        """Whether nothing needs to be missed."""
        return self.contacts <= 1e-6


def shortfall(problem: Problem, elastic: frozenset[str]) -> Shortfall:
    """By how much the limits named in `elastic` must be missed, the others kept; fractional plans allowed."""
    if not elastic or all(limit.amount <= 0 for limit in problem.limits if limit.key in elastic):
        return Shortfall(0.0, np.zeros(len(problem.limits)))
    problem = _alike(problem)
    return (_by_programme if problem.rows.size <= SMALL else _by_dual)(problem, elastic)


def _alike(problem: Problem) -> Problem:
    """Customers whom no limit tells apart, counted: without profits, segment and cap are often all."""
    rows = problem.rows
    if rows.weight is not None or any(limit.on_profit for limit in problem.limits):
        return problem
    if any(limit.on_cost for limit in problem.limits) and rows.size and rows.cost.strides[1] != 0:
        return problem
    kinds = rows.group.astype(np.int64) * 128 + rows.cap
    _, first, counts = np.unique(kinds, return_index=True, return_counts=True)
    return replace(problem, rows=replace(rows.take(first), weight=counts.astype(float)))


def _by_programme(problem: Problem, elastic: frozenset[str]) -> Shortfall:
    rows, limits = problem.rows, len(problem.limits)
    actions, size = rows.actions, rows.size
    slack = np.array([1.0 if limit.key in elastic else 0.0 for limit in problem.limits])
    weight = np.ones(size) if rows.weight is None else rows.weight
    coefficients = problem.coefficients(rows).reshape(limits, actions * size)
    widest = np.abs(coefficients).max(axis=1, initial=0.0)
    widest[widest == 0.0] = 1.0
    widest[slack > 0] = 1.0
    caps = sparse.hstack([sparse.identity(size, format="csr")] * actions, format="csr")
    matrix = sparse.block_array(
        [[sparse.csr_matrix(coefficients / widest[:, None]), sparse.diags_array(-slack)], [caps, None]],
        format="csc",
    )
    amounts = problem.amounts() / widest
    found = linprog(
        np.concatenate((np.zeros(actions * size), np.ones(limits))),
        A_ub=matrix,
        b_ub=np.concatenate((amounts, rows.cap * weight)),
        bounds=np.column_stack(
            (np.zeros(actions * size + limits), np.append(np.tile(weight, actions), np.full(limits, np.inf)))
        ),
        method="highs-ds",
    )
    if found.x is None:
        raise ArithmeticError(f"The feasibility of {size} customers was not decided: {found.message}")
    prices = np.maximum(-np.asarray(found.ineqlin.marginals[:limits]) / widest, 0.0)
    return Shortfall(float(found.fun), prices)


def _by_dual(problem: Problem, elastic: frozenset[str]) -> Shortfall:
    rows = problem.rows
    wanted = sum(limit.amount for limit in problem.limits if limit.key in elastic)
    scale = np.ones(len(problem.limits))
    for g, limit in enumerate(problem.limits):
        if limit.on_profit:
            scale[g] = 1.0 / max(float(np.abs(rows.profit).mean()), 1e-12)
        elif limit.on_cost:
            scale[g] = 1.0 / max(float(rows.cost.mean()), 1e-12)
    high = np.array([1.0 if limit.key in elastic else 1e6 for limit in problem.limits]) * scale
    point = minimise(
        problem,
        lambda prices: respond(problem, rows, prices, objective=0.0),
        np.zeros(scale.size),
        np.zeros(scale.size),
        high,
        scale=scale,
        below=-wanted - 1.0,
        tolerance=1e-7 * max(wanted, 1.0),
        objective=0.0,
    )
    missing = -point.value if -point.value > 1e-6 * max(wanted, 1.0) else 0.0
    return Shortfall(missing, point.prices)


def minimums(problem: Problem) -> frozenset[str]:
    """The limits that can make a problem infeasible: without them contacting no one is a plan."""
    return frozenset(limit.key for limit in problem.limits if limit.sense == ">=" and limit.amount > 0)


def relaxed_feasible(problem: Problem) -> bool:
    """Whether a fractional plan meets the limits."""
    return shortfall(problem, minimums(problem)).none


def conflict(problem: Problem, feasible: Feasible = relaxed_feasible) -> tuple[Limit, ...]:
    """A minimal set of limits that no plan meets together; empty where `feasible` says there is a plan.

    feasible: how a subset is judged; `relaxed_feasible` by fractional plans.
    """
    found = shortfall(problem, minimums(problem))
    if not found.none:
        priced = frozenset(
            limit.key
            for limit, price in zip(problem.limits, found.prices)
            if price <= 1e-9 * found.prices.max()
        )
        core = problem.without(priced)
        problem = problem if relaxed_feasible(core) else core
    elif feasible(problem):
        return ()
    for limit in problem.limits:
        fewer = problem.without(frozenset({limit.key}))
        if not feasible(fewer):
            problem = fewer
    return problem.limits


def refuse(problem: Problem, limits: tuple[Limit, ...]) -> InfeasibleError:
    """The message that names the conflict and the fix."""
    if not limits:
        message, fix = NEARLY_CONTRADICTING
    elif len(limits) == 1:
        message, fix = unreachable(limits[0].words, _most(problem, limits[0]))
    else:
        message, fix = contradiction(tuple(limit.words for limit in limits))
    return InfeasibleError(message, fix, limits)


def _most(problem: Problem, limit: Limit) -> int:
    rows = problem.rows
    possible = (limit.on_count > 0).sum(axis=0)[rows.group]
    return int(np.minimum(possible, rows.cap).sum())
