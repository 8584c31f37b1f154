"""Pareto/NBD: orders at a Poisson rate, and a customer lifetime of exponential length.

Schmittlein, Morrison & Colombo (1987); formulas as in Fader & Hardie (2005), "A Note on Deriving the
Pareto/NBD Model" (brucehardie.com/notes/009). Parameters r, alpha (order rates ~ Gamma) and s, beta
(leaving rates ~ Gamma); alpha and beta have the unit of time, r and s none. The integral over the time of
leaving is quadrature (`lifetime_integral.py`) instead of a difference of two hypergeometric functions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, exprel, gammaln, psi

from core.clv.lifetime_integral import lifetime_integral
from core.clv.rows import FloatArray, Rows

_MANY = 1e9  # orders, more than which nobody makes


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """The model; it has no variants."""

    key: str = "pareto-nbd"
    title: str = "Pareto/NBD"

    names = ("r", "alpha", "s", "beta")

    def starts(self, rows: Rows) -> FloatArray:
        """(s, 4) log parameters to start from; alpha from the pace of orders, beta from the time observed."""
        span = max(float(rows.weight @ rows.T) / rows.customers, 1e-9)
        pace = max(float(rows.weight @ rows.x) / (rows.customers * span), 1e-9)
        return np.log([[0.5, 0.4 / pace, 0.5, 0.5 * span], [1.0, 0.8 / pace, 2.0, 6.0 * span]])

    def log_likelihood(self, theta: FloatArray, rows: Rows) -> tuple[float, FloatArray]:
        """Summed log-likelihood and its gradient at log parameters theta: (4,)."""
        params = np.exp(theta)
        r, alpha, s, beta = params
        n, w, total = rows.orders, rows.order_weight, rows.customers
        value = float(w @ (gammaln(r + n) - gammaln(r))) + total * (r * theta[1] + s * theta[3])
        gradient = np.array(
            [
                w @ psi(r + n) + total * (theta[1] - psi(r)),
                total * r / alpha,
                total * theta[3],
                total * s / beta,
            ]
        )
        x, T, weight = rows.x, rows.T, rows.weight
        left = lifetime_integral(params, x, rows.t_x, T)
        log_alpha, log_beta = np.log(alpha + T), np.log(beta + T)
        stayed = -(r + x) * log_alpha - s * log_beta
        gap = theta[2] + left.log - stayed
        small = np.exp(-np.abs(gap))
        gone = np.where(gap > 0, 1.0, small) / (1.0 + small)
        value += float(weight @ (stayed + np.maximum(gap, 0.0) + np.log1p(small)))
        gone_weight, stay_weight = weight * gone, weight * (1 - gone)
        gradient -= (
            stay_weight @ log_alpha + gone_weight @ left.log_alpha,
            stay_weight @ ((r + x) / (alpha + T)) + (gone_weight * (r + x)) @ left.per_alpha,
            stay_weight @ log_beta + gone_weight @ left.log_beta - gone_weight.sum() / s,
            s * (stay_weight @ (1 / (beta + T))) + (s + 1) * (gone_weight @ left.per_beta),
        )
        return value, gradient * params

    def p_alive(self, params: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
        """Probability of still being a customer at T: note 009, eq. 36."""
        r, alpha, s, beta = params
        x, t_x, T = np.broadcast_arrays(x, t_x, T)
        left = lifetime_integral(params, x, t_x, T, moments=False)
        stayed = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
        return np.asarray(expit(stayed - np.log(s) - left.log))

    def alive_orders(self, params: FloatArray, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
        """Expected orders in (T, T + t] of a customer who is still one at T: note 009, eq. 41; s = 1
        included."""
        r, alpha, s, beta = params
        stretch = np.log1p(t / (beta + T))
        return np.asarray(
            (r + x) * (beta + T) / (alpha + T) * stretch * exprel(-(s - 1) * stretch), dtype=np.float64
        )

    def orders_since_first(self, params: FloatArray, t: FloatArray) -> FloatArray:
        """Expected repeat orders of a new customer in (0, t]."""
        zero = np.zeros_like(t)
        return self.alive_orders(params, zero, zero, t)

    def future_orders(
        self, params: FloatArray, x: FloatArray, T: FloatArray, t: float, rng: np.random.Generator
    ) -> FloatArray:
        """One random number of orders in (T, T + t] for each customer who is still one at T."""
        r, alpha, s, beta = params
        rate = rng.standard_gamma(r + x) / (alpha + T)
        leaving = np.maximum(rng.standard_gamma(s, len(x)) / (beta + T), 1e-300)
        time = np.minimum(rng.standard_exponential(len(x)) / leaving, t)
        return np.asarray(rng.poisson(np.minimum(rate * time, _MANY)), dtype=np.float64)


PARETO_NBD = ParetoNBD()
