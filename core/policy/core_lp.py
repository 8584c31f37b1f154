"""The linear relaxation of few customers, by SciPy's HiGHS.

A basic optimum has at most as many customers with a fractional choice as there are limits (Dantzig 1963),
which is why rounding costs so little. Limits are elastic at a high price: the programme always has an
answer, and one that pays that price says the limits cannot be met by these customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from core.policy.problem import FloatArray, Problem, Rows

ELASTIC = 1e4
"""Price of breaking a limit by one unit, in the limit's scale."""


@dataclass(frozen=True)
class Relaxed:
    """share: (actions, m) in [0, 1], each row's choice. prices: (limits,). value: profit of the rows,
    weighted.

    short: (limits,) by how much each limit is missed, in its own unit.
    """

    share: FloatArray
    prices: FloatArray
    value: float
    short: FloatArray


def relax(problem: Problem, rows: Rows, amounts: FloatArray, scale: FloatArray) -> Relaxed:
    """The best fractional choice of `rows` within the signed `amounts` that are left to them."""
    actions, size, limits = rows.actions, rows.size, len(problem.limits)
    weight = np.ones(size) if rows.weight is None else rows.weight
    profit = (rows.profit * weight).ravel()
    unit = float(np.abs(profit).max(initial=0.0)) or 1.0
    coefficients = (problem.coefficients(rows) * weight).reshape(limits, actions * size)
    widest = np.abs(coefficients).max(axis=1, initial=0.0)
    widest[widest == 0.0] = 1.0
    free = rows.cap >= actions
    bound = np.flatnonzero(~free)
    columns = (bound[:, None] + size * np.arange(actions)).ravel()
    caps = sparse.csr_matrix(
        (np.ones(columns.size), columns, np.arange(0, columns.size + 1, actions)),
        shape=(bound.size, actions * size),
    )
    slack = sparse.diags_array(-np.ones(limits)) if limits else sparse.csr_matrix((0, 0))
    matrix = sparse.block_array(
        [[sparse.csr_matrix(coefficients / widest[:, None]), slack], [caps, None]], format="csc"
    )
    penalty = ELASTIC * scale * widest / unit
    found = linprog(
        np.concatenate((-profit / unit, penalty)),
        A_ub=matrix,
        b_ub=np.concatenate((amounts / widest, rows.cap[bound].astype(float))),
        bounds=np.column_stack(
            (np.zeros(actions * size + limits), np.append(np.ones(actions * size), np.full(limits, np.inf)))
        ),
        method="highs-ds",
    )
    if found.x is None:
        raise ArithmeticError(f"The linear programme of {size} customers was not solved: {found.message}")
    share = found.x[: actions * size].reshape(actions, size)
    prices = np.maximum(-np.asarray(found.ineqlin.marginals[:limits]) * unit / widest, 0.0)
    short = np.maximum(found.x[actions * size :], 0.0) * widest
    return Relaxed(share, prices, float(profit @ found.x[: actions * size]), short)
