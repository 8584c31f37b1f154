"""Gamma-Gamma: how much a customer spends per order, learnt from repeat orders.

Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value" (brucehardie.com/notes/025). An order's
amount is Gamma(p, nu), and nu ~ Gamma(q, v) over customers; v has the unit of money, p and q none. The mean
spend of all customers, p v / (q - 1), exists only where q > 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, psi

from core.clv.rows import FloatArray


@dataclass(frozen=True)
class SpendRows:
    """Repeat customers. x: (m,) repeat orders ≥ 1. mean: (m,) mean amount of them > 0. weight: (m,).

    orders, order_weight: the distinct x and the customers with each. log_amount: the two sums of logarithms
    the likelihood needs, so that they are taken once.
    """

    x: FloatArray
    mean: FloatArray
    weight: FloatArray
    orders: FloatArray
    order_weight: FloatArray
    log_amount: tuple[float, float]

    @property
    def size(self) -> int:
        return len(self.x)

    @property
    def customers(self) -> float:
        return float(self.weight.sum())

    def resampled(self, customers: int, rng: np.random.Generator) -> SpendRows:
        """`customers` drawn with replacement."""
        weight = rng.multinomial(customers, self.weight / self.weight.sum()).astype(np.float64)
        keep = weight > 0
        return spend_rows(self.x[keep], self.mean[keep], weight[keep])


def spend_rows(x: FloatArray, mean: FloatArray, weight: FloatArray | None = None) -> SpendRows:
    """Rows of the customers with at least one repeat order of a positive mean amount."""
    weight = np.ones(len(x)) if weight is None else weight
    keep = (x > 0) & (mean > 0)
    x, mean, weight = x[keep].astype(np.float64), mean[keep].astype(np.float64), weight[keep]
    totals = np.bincount(x.astype(np.int64), weights=weight).astype(np.float64)
    orders = np.flatnonzero(totals)
    logs = np.log(mean)
    sums = (float((weight * x) @ (logs + np.log(x))), float(weight @ logs))
    return SpendRows(x, mean, weight, orders.astype(np.float64), totals[orders], sums)


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The model; it has no variants."""

    key: str = "gamma-gamma"
    title: str = "Gamma-Gamma"

    names = ("p", "q", "v")

    def starts(self, rows: SpendRows) -> FloatArray:
        """(s, 3) log parameters to start from; v from the typical amount."""
        typical = float(rows.weight @ rows.mean) / rows.customers
        return np.log([[4.0, 3.0, 0.5 * typical], [1.0, 1.5, 0.5 * typical]])

    def log_likelihood(self, theta: FloatArray, rows: SpendRows) -> tuple[float, FloatArray]:
        """Summed log-likelihood and its gradient at log parameters theta: (3,); note 025, eq. 1a."""
        p, q, v = np.exp(theta)
        n, w, total = rows.orders, rows.order_weight, rows.customers
        both, logs = rows.log_amount
        scale = rows.x * rows.mean + v
        log_scale = np.log(scale)
        sum_log, sum_xlog = rows.weight @ log_scale, (rows.weight * rows.x) @ log_scale
        value = (
            float(w @ (gammaln(p * n + q) - gammaln(p * n)))
            + total * (q * theta[2] - gammaln(q))
            + p * both
            - logs
            - p * sum_xlog
            - q * sum_log
        )
        upper = psi(p * n + q)
        gradient = np.array(
            [
                (w * n) @ (upper - psi(p * n)) + both - sum_xlog,
                w @ upper + total * (theta[2] - psi(q)) - sum_log,
                total * q / v - rows.weight @ ((p * rows.x + q) / scale),
            ]
        )
        return value, gradient * np.exp(theta)


GAMMA_GAMMA = GammaGamma()


def expected_spend(params: FloatArray, x: FloatArray, mean: FloatArray) -> FloatArray:
    """Expected amount of a customer's next orders: note 025, eq. 5. NaN where it does not exist (q ≤ 1
    and x = 0)."""
    p, q, v = params
    weight = p * x + q - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, p * (v + x * mean) / weight, np.nan)


def spend_rate(params: FloatArray, x: FloatArray, mean: FloatArray, rng: np.random.Generator) -> FloatArray:
    """One random nu for each customer given the orders seen; the sum of k further orders is Gamma(p k) /
    nu."""
    p, q, v = params
    return np.asarray(np.maximum(rng.standard_gamma(p * x + q), 1e-300) / (v + x * mean))
