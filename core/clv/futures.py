"""Simulated futures: intervals that contain both the chance of what a customer does and the parameters'
error.

For each sigma point of the parameters (fitted.py) the same number of futures is drawn. Given that a customer
is still one, orders depend on (x, T) alone, so they are drawn once per distinct pair and combined with each
customer's p(alive).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.clv.customers import DAYS, Customers
from core.clv.fitted import Fitted
from core.clv.orders import Histories, alive_orders, p_alive
from core.clv.purchase import purchase_model
from core.clv.rows import FloatArray
from core.clv.spending import Spending
from core.estimate import LEVEL, Estimate
from core.progress import Progress, silent

_SEED = 1987
_BLOCK = 2_000_000  # draws at a time


@dataclass(frozen=True)
class Futures:
    """orders: (k, d) random orders of a customer who is still one, a line per pair; d draws, sigma points in
    turn. alive: (m, p) p(alive) per history at each sigma point. expected: (p,) all customers' expected
    orders."""

    orders: FloatArray
    alive: FloatArray
    expected: FloatArray


def futures(
    fit: Fitted, histories: Histories, horizon: float, draws: int = 200, progress: Progress = silent
) -> Futures:
    """Draw the futures of `horizon` days; the same numbers in every run."""
    rng = np.random.default_rng(_SEED)
    points = fit.points()
    each = max(draws // len(points), 1)
    k = len(histories.x)
    orders = np.empty((k, each * len(points)), dtype=np.float32)
    alive = np.empty((histories.rows.size, len(points)))
    expected = np.empty(len(points))
    model, time = purchase_model(fit.model), horizon / DAYS[fit.unit]
    for index, point in enumerate(points):
        progress("Simulating futures", index / len(points))
        alive[:, index] = p_alive(fit, point, histories)
        mean = alive_orders(fit, point, histories, horizon)
        expected[index] = float(histories.rows.weight @ (alive[:, index] * mean[histories.pair]))
        for start in range(0, k, max(_BLOCK // each, 1)):
            part = slice(start, start + max(_BLOCK // each, 1))
            x, T = np.repeat(histories.x[part], each), np.repeat(histories.T[part], each)
            drawn = model.future_orders(point, x, T, time, rng)
            orders[part, index :: len(points)] = drawn.reshape(-1, each)
    return Futures(orders.astype(np.float64), alive, expected)


def order_intervals(
    futures: Futures, histories: Histories, alive: FloatArray, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """(m,) lower and upper ends of the orders each history will make; alive: (m,) p(alive)."""
    ordered = np.sort(futures.orders, axis=1)
    draws = ordered.shape[1]
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        # the quantile of a mixture: 0 with 1 - p(alive), else an order of the simulated line
        rank = (share - (1 - alive)) / np.maximum(alive, 1e-12)
        place = np.clip(np.ceil(rank * draws) - 1, 0, draws - 1).astype(np.int64)
        ends.append(np.where(rank > 0, ordered[histories.pair, place], 0.0))
    return ends[0], ends[1]


def total_orders(
    futures: Futures, histories: Histories, alive: FloatArray, value: float, level: float = LEVEL
) -> Estimate:
    """The orders of all customers together: variance of chance plus variance of the parameters' error.

    alive: (m,) p(alive). value: the expected total.
    """
    mean, square = futures.orders.mean(axis=1), (futures.orders**2).mean(axis=1)
    each = alive * square[histories.pair] - (alive * mean[histories.pair]) ** 2
    chance = float(histories.rows.weight @ np.maximum(each, 0.0))
    error = float(np.mean((futures.expected - futures.expected.mean()) ** 2))
    estimate = Estimate.normal(value, float(np.sqrt(chance + error)), level)
    return Estimate(estimate.value, estimate.se, max(estimate.lo, 0.0), estimate.hi, level)


def alive_intervals(
    futures: Futures, alive: FloatArray, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """(m,) ends of p(alive): the parameters' uncertainty only, normal on the logit scale."""
    inside = np.clip(futures.alive, 1e-12, 1 - 1e-12)
    logit = np.log(inside) - np.log1p(-inside)
    middle = np.log(np.clip(alive, 1e-12, 1)) - np.log(np.clip(1 - alive, 1e-12, 1))
    se = Estimate.normal(0.0, 1.0, level).hi * logit.std(axis=1)
    certain = alive >= 1
    low, high = (1 / (1 + np.exp(-(middle + sign * se))) for sign in (-1, 1))
    return np.where(certain, 1.0, low), np.where(certain, 1.0, high)


def value_intervals(
    futures: Futures,
    histories: Histories,
    customers: Customers,
    spending: Spending,
    alive: FloatArray,
    discounting: FloatArray,
    level: float = LEVEL,
    progress: Progress = silent,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(n,) lower and upper ends of each customer's value, and its variance.

    alive: (n,) p(alive). discounting: (n,) discounted ÷ plain expected orders, applied to what is simulated.
    Draws per customer: those of `futures`, but at most 64 beyond 100,000 customers.
    """
    n, draws = len(customers), futures.orders.shape[1]
    if n > 100_000:
        draws = min(draws, 64)
    rng = np.random.default_rng(_SEED + 1)
    mean = customers.spend if customers.spend is not None else np.zeros(n)
    low, high, variance = np.empty(n), np.empty(n), np.empty(n)
    step = max(_BLOCK // draws, 1)
    ranks = [
        int(np.clip(np.ceil(share * draws) - 1, 0, draws - 1)) for share in ((1 - level) / 2, (1 + level) / 2)
    ]
    pair = histories.pair[histories.row]
    for start in range(0, n, step):
        progress("Simulating values", start / n)
        part = slice(start, min(start + step, n))
        size = part.stop - part.start
        orders = futures.orders[pair[part], :draws]
        orders = np.where(rng.random((size, draws)) < alive[part, None], orders, 0.0)
        total = np.zeros(size * draws)
        some = np.flatnonzero(orders.reshape(-1) > 0)
        who = part.start + some // draws
        total[some] = spending.draw(customers.x[who], mean[who], orders.reshape(-1)[some], rng)
        value = total.reshape(size, draws) * discounting[part, None]
        variance[part] = value.var(axis=1)
        value.partition(ranks, axis=1)
        low[part], high[part] = value[:, ranks[0]], value[:, ranks[1]]
    return low, high, variance
