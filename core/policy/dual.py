"""Minimising the dual function by a level bundle method.

The dual is convex and piecewise linear in the prices, and every answer of the customers is a plane below it:
L(λ) >= profit_j + λ · (amounts - used_j) for all λ >= 0 (Kelley 1960). Each step goes to the point nearest
the best one at which all planes are below a level (Lemaréchal, Nemirovskii & Nesterov 1995): a least-
distance problem, solved by non-negative least squares (Lawson & Hanson 1974, ch. 23) in a tenth of a
millisecond. Where no such point exists, the level is a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from core.policy.oracle import Tally, lagrangian
from core.policy.problem import FloatArray, Problem

Response = Callable[[FloatArray], Tally]
LEVEL = 0.5
"""Where the level stands between the lower bound (0) and the best value (1)."""
PLANES = 120


@dataclass(frozen=True)
class DualPoint:
    """Prices with the dual's value there, a lower bound of its minimum, and the customers' answer.

    unbounded: the value fell below `below`.
    """

    prices: FloatArray
    value: float
    lower: float
    total: Tally
    steps: int
    unbounded: bool = False


def minimise(
    problem: Problem,
    respond: Response,
    start: FloatArray,
    low: FloatArray,
    high: FloatArray,
    *,
    scale: FloatArray,
    below: float,
    tolerance: float,
    steps: int = 300,
    objective: float = 1.0,
) -> DualPoint:
    """The prices in [low, high] with the lowest dual value, to `tolerance` (money).

    scale: (limits,) money a unit of each limit is about worth. below: a value no feasible problem's dual
    falls under; the search stops there and says `unbounded`. steps: most answers asked for.
    """
    amounts = problem.amounts()
    heights: list[float] = []
    slopes: list[FloatArray] = []

    def ask(prices: FloatArray) -> tuple[float, Tally]:
        total = respond(prices)
        heights.append(objective * total.profit)
        slopes.append(amounts - total.uses(problem.limits))
        return lagrangian(problem, total, prices, objective), total

    best = np.clip(start, low, high)
    value, total = ask(best)
    lower, step = below, 1
    while step < steps and best.size and value - lower > max(tolerance, 1e-13 * abs(value)):
        if value < below:
            return DualPoint(best, value, -np.inf, total, step, unbounded=True)
        level = lower + LEVEL * (value - lower)
        candidate = _nearest(
            np.array(heights), np.array(slopes), best, level, value - level, low, high, scale
        )
        if candidate is None:
            lower = level
            continue
        found, answer = ask(candidate)
        step += 1
        if found < value:
            best, value, total = candidate, found, answer
        if len(heights) > PLANES:
            at_best = np.array(heights) + np.array(slopes) @ best
            keep = np.sort(np.argsort(-at_best, kind="stable")[: PLANES // 2])
            heights, slopes = [heights[j] for j in keep], [slopes[j] for j in keep]
    return DualPoint(best, value, lower, total, step)


def _nearest(
    heights: FloatArray,
    slopes: FloatArray,
    centre: FloatArray,
    level: float,
    unit: float,
    low: FloatArray,
    high: FloatArray,
    scale: FloatArray,
) -> FloatArray | None:
    """The point of the box nearest `centre` where no plane is above `level`; None where there is none."""
    size = centre.size
    one = np.eye(size)
    bounded = np.isfinite(high)
    sides = np.concatenate((-slopes * scale / unit, one, -one[bounded]))
    least = np.concatenate(
        (
            (heights + slopes @ centre - level) / unit,
            (low - centre) / scale,
            ((centre - high) / scale)[bounded],
        )
    )
    matrix = np.vstack((sides.T, least))
    target = np.zeros(size + 1)
    target[-1] = 1.0
    try:
        weights, _ = nnls(matrix, target)
    except RuntimeError:  # too many iterations: the planes are numerically alike
        return None
    rest = target - matrix @ weights
    if rest[-1] <= 1e-10:
        return None
    return np.asarray(np.clip(centre - scale * rest[:-1] / rest[-1], low, high))
