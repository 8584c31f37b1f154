"""Customers with a known truth: purchase histories and futures drawn from the models themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.clv.beta_geometric import BetaGeometric
from core.clv.pareto_nbd import ParetoNBD
from core.clv.rows import FloatArray


@dataclass(frozen=True)
class Histories:
    """x, t_x, T: (n,) as the models read them. future: (n,) orders in (T, T + horizon]. alive: (n,) at T."""

    x: FloatArray
    t_x: FloatArray
    T: FloatArray
    future: FloatArray
    alive: np.ndarray[tuple[int], np.dtype[np.bool_]]


def simulate(
    model: BetaGeometric | ParetoNBD,
    params: FloatArray,
    T: FloatArray,
    horizon: float,
    rng: np.random.Generator,
) -> Histories:
    """One history and future for each customer observed for T (n,) units of time."""
    if isinstance(model, ParetoNBD):
        return _pareto(params, T, horizon, rng)
    return _beta_geometric(model, params, T, horizon, rng)


def amounts(params: FloatArray, x: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Mean amount of each customer's x repeat orders (0 where x = 0) and the customer's true mean spend."""
    p, q, v = params
    nu = np.maximum(rng.standard_gamma(q, len(x)) / v, 1e-300)
    total = rng.standard_gamma(p * np.maximum(x, 1)) / nu
    return np.where(x > 0, total / np.maximum(x, 1), 0.0), p / nu


def _pareto(params: FloatArray, T: FloatArray, horizon: float, rng: np.random.Generator) -> Histories:
    r, alpha, s, beta = params
    n = len(T)
    rate = rng.standard_gamma(r, n) / alpha
    life = rng.standard_exponential(n) / np.maximum(rng.standard_gamma(s, n) / beta, 1e-300)
    span = np.minimum(life, T)
    x = rng.poisson(rate * span).astype(np.float64)
    t_x = np.where(x > 0, span * rng.random(n) ** (1 / np.maximum(x, 1)), 0.0)
    future = rng.poisson(rate * np.clip(life - T, 0.0, horizon)).astype(np.float64)
    return Histories(x, t_x, T, future, life > T)


def _beta_geometric(
    model: BetaGeometric, params: FloatArray, T: FloatArray, horizon: float, rng: np.random.Generator
) -> Histories:
    r, alpha, a, b = params
    n = len(T)
    rate = rng.standard_gamma(r, n) / alpha
    leaves = np.clip(rng.beta(a, b, n), 1e-12, 1 - 1e-12)
    patience = rng.geometric(leaves).astype(np.float64) - model.late
    wanted = rng.poisson(rate * T).astype(np.float64)
    alive = wanted < patience
    x = np.minimum(wanted, patience)
    # the last order: the largest of x uniform times, or the patience-th smallest of the wanted ones
    latest = rng.random(n) ** (1 / np.maximum(x, 1))
    stopped = rng.beta(np.maximum(x, 1), np.maximum(wanted - x + 1, 1))
    t_x = np.where(x > 0, T * np.where(alive, latest, stopped), 0.0)
    future = np.minimum(rng.poisson(rate * horizon).astype(np.float64), np.where(alive, patience - x, 0.0))
    return Histories(x, t_x, T, future, alive)
