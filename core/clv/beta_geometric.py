"""BG/NBD and MBG/NBD: orders at a Poisson rate, and after an order a chance of leaving for good.

Likelihood and p(alive): Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing
Science 24 (2), eq. 6; Batislam, Denizel & Filiztekin (2007) and Wagner & Hoppe (2008) for MBG/NBD, which
gives the chance of leaving once more, before the first repeat order. Parameters r, alpha (rates ~ Gamma),
a, b (leaving ~ Beta); alpha has the unit of time, the others none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, gammaln, hyp2f1, polygamma, psi

from core.clv.rows import FloatArray, Rows

_FALL = 45.0
_MANY = 1e9  # orders, more than which nobody makes
_BLOCK = 16_384  # rows at a time, so that the temporaries stay in the processor's cache


@dataclass(frozen=True, slots=True)
class BetaGeometric:
    """The two models; `late` is 1 where a customer may leave right after the first order (MBG), else 0."""

    key: str
    title: str
    late: int

    names = ("r", "alpha", "a", "b")

    def starts(self, rows: Rows) -> FloatArray:
        """(s, 4) log parameters to start from; alpha from the pace of orders."""
        pace = max(float(rows.weight @ rows.x) / max(float(rows.weight @ rows.T), 1e-12), 1e-9)
        return np.log([[r, r / pace, a, b] for r, a, b in ((0.5, 0.5, 1.0), (1.0, 0.1, 1.0))])

    def log_likelihood(self, theta: FloatArray, rows: Rows) -> tuple[float, FloatArray]:
        """Summed log-likelihood and its gradient at log parameters theta: (4,)."""
        r, alpha, a, b = np.exp(theta)
        n, w, k = rows.orders, rows.order_weight, rows.orders + self.late
        value = float(w @ (gammaln(r + n) - gammaln(r) + r * theta[1] + (betaln(a, b + k) - betaln(a, b))))
        total = w.sum()
        common, later = psi(a + b), psi(a + b + k)
        gradient = np.array(
            [
                w @ psi(r + n) + total * (theta[1] - psi(r)),
                total * r / alpha,
                total * (common - psi(a)) + w @ (psi(a) - later),
                total * (common - psi(b)) + w @ (psi(b + k) - later),
            ]
        )
        for start in range(0, rows.size, _BLOCK):
            part = slice(start, start + _BLOCK)
            x, weight = rows.x[part], rows.weight[part]
            end, last = alpha + rows.T[part], alpha + rows.t_x[part]
            rate, events = r + x, np.maximum(x + self.late - 1, 0)
            log_end = np.log(end)
            gap = log_end - np.log(last)
            left = np.where(x + self.late > 0, theta[2] - np.log(b + events) + rate * gap, -np.inf)
            # log(1 + exp(left)) and its slope from one exponential
            small = np.exp(-np.abs(left))
            soft = np.maximum(left, 0.0) + np.log1p(small)
            slope = weight * np.where(left > 0, 1.0, small) / (1.0 + small)
            value += float(weight @ (soft - rate * log_end))
            gradient += (
                slope @ gap - weight @ log_end,
                (slope * rate) @ (1 / end - 1 / last) - (weight * rate) @ (1 / end),
                slope.sum() / a,
                -(slope @ (1 / (b + events))),
            )
        return value, gradient * np.exp(theta)

    def p_alive(self, params: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
        """Probability of still being a customer at T. BG/NBD: 1 by construction where x = 0."""
        r, alpha, a, b = params
        odds = np.log(a) - np.log(b + np.maximum(x + self.late - 1, 0))
        # log1p keeps the digits when T and t_x are close
        odds = odds + (r + x) * np.log1p((T - t_x) / (alpha + t_x))
        return np.where(x + self.late > 0, expit(-odds), 1.0)

    def alive_orders(self, params: FloatArray, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
        """Expected orders in (T, T + t] of a customer who is still one at T."""
        r, alpha, a, b = params
        return _orders_until_left(a, b + x + self.late, r + x, t / (alpha + T))

    def orders_since_first(self, params: FloatArray, t: FloatArray) -> FloatArray:
        """Expected repeat orders of a new customer in (0, t]."""
        _, _, a, b = params
        zero = np.zeros_like(t)
        stays = b / (a + b) if self.late else 1.0
        return stays * self.alive_orders(params, zero, zero, t)

    def future_orders(
        self, params: FloatArray, x: FloatArray, T: FloatArray, t: float, rng: np.random.Generator
    ) -> FloatArray:
        """One random number of orders in (T, T + t] for each customer who is still one at T."""
        r, alpha, a, b = params
        rate = rng.standard_gamma(r + x) / (alpha + T)
        leaves = np.clip(rng.beta(a, b + x + self.late), 1e-300, 1.0)
        # the order after which the customer leaves: geometric, by inversion
        with np.errstate(divide="ignore"):
            patience = np.ceil(-rng.standard_exponential(len(x)) / np.log1p(-leaves))
        return np.asarray(
            np.minimum(rng.poisson(np.minimum(rate * t, _MANY)), np.maximum(patience, 1.0)), dtype=np.float64
        )


BG_NBD = BetaGeometric("bg-nbd", "BG/NBD", 0)
MBG_NBD = BetaGeometric("mbg-nbd", "MBG/NBD", 1)


def _orders_until_left(a: float, b: FloatArray, rate: FloatArray, z: FloatArray) -> FloatArray:
    """E[(1 - (1 + p z)^-rate) / p] over p ~ Beta(a, b): eq. 10 of Fader, Hardie & Lee (2005) given alive.

    Written there as (c / (a-1)) · (1 - 2F1(rate, a-1; c; -z)), c = a + b - 1. Three forms, each where it
    keeps its digits: a power series for small z; Euler-transformed 2F1, whose first parameter c - rate
    stays small for customers with thousands of orders; quadrature of the expectation itself around a = 1,
    where numerator and denominator vanish together, and where SciPy's 2F1 gives up.
    """
    b, rate, z = np.broadcast_arrays(
        np.asarray(b, np.float64), np.asarray(rate, np.float64), np.asarray(z, np.float64)
    )
    pull = z * rate * a / (a + b)
    small = (z * np.maximum(rate * a / (a + b), 1.0) < 0.2) | (
        (pull < 0.5) & (z * (rate + 60) * (a + 60) < 25 * (a + b + 60))
    )
    out = np.full(z.shape, np.nan)
    out[small] = _series(a, b[small], rate[small], z[small])
    if abs(a - 1) >= 0.01:
        large = ~small
        out[large] = _closed(a, b[large], rate[large], z[large])
    rest = ~np.isfinite(out)
    if rest.any():
        out[rest] = _quadrature(a, b[rest], rate[rest], z[rest])
    return out


def _series(a: float, b: FloatArray, rate: FloatArray, z: FloatArray) -> FloatArray:
    term = rate * z
    total = term.copy()
    for k in range(60):
        term = term * (-z * (rate + k + 1) * (a + k) / ((a + b + k) * (k + 2)))
        total += term
    return total


def _closed(a: float, b: FloatArray, rate: FloatArray, z: FloatArray) -> FloatArray:
    c = a + b - 1
    with np.errstate(all="ignore"):
        transformed = hyp2f1(c - rate, a - 1, c, z / (1 + z)) * np.exp(-(a - 1) * np.log1p(z))
        return np.asarray(c / (a - 1) * (1 - transformed))


def _quadrature(a: float, b: FloatArray, rate: FloatArray, z: FloatArray) -> FloatArray:
    """Trapezoid rule in u = logit p, exponentially accurate.

    rate·z·(1 - p)^(rate·z) is taken off first, whose mean is known: what is left vanishes as p -> 0, so that
    a small a needs no long tail. Beyond u = 40 p is 1 to the last digit; the rule's own tail is known too.
    """
    out = np.empty(len(z))
    for start in range(0, len(z), 256):
        part = slice(start, start + 256)
        out[part] = _trapezoid(a, b[part], rate[part], z[part])
    return out


def _trapezoid(a: float, b: FloatArray, rate: FloatArray, z: FloatArray) -> FloatArray:
    most = rate * z
    low = np.log(a + 1) - np.log(b) - _reach(a + 1, b, -1)
    if a < 2:  # left of 1 / most the integrand falls as p^(a + 1), right of it only as p^(a - 1)
        low = np.minimum(low, -np.log(np.maximum(most, 1.0)) - _FALL / (1 + a))
    high = np.minimum(np.log(a) - np.log(b) + _reach(a, b, 1), 40.0)
    width = np.sqrt(polygamma(1, a) + polygamma(1, b))  # standard deviation of logit p
    steps = int(np.ceil(float(((high - low) / np.minimum(0.25, 0.7 * width)).max()))) + 1
    step = (high - low) / steps
    u = low + np.arange(steps + 1)[:, None] * step
    log_p, log_q = -np.logaddexp(0.0, -u), -np.logaddexp(0.0, u)
    norm = betaln(a, b)
    p, density = np.exp(log_p), np.exp(a * log_p + b * log_q - norm)
    wanted = -np.expm1(-rate * np.log1p(p * z)) / p * density
    taken = most * np.exp(most * log_q) * density
    total = (wanted - taken).sum(axis=0)
    # from u = 40 on the two fall as e^(-b u) and e^(-(b + most) u): their sums to infinity are geometric
    with np.errstate(over="ignore"):
        rest = wanted[-1] / np.expm1(b * step) - taken[-1] / np.expm1((b + most) * step)
    known = most * np.exp(betaln(a, b + most) - norm)
    return np.asarray(known + step * (total + np.where(high >= 40.0, rest, 0.0)))


def _reach(a: float, b: FloatArray, side: int) -> FloatArray:
    """How far from its mode log(a / b) the density p^a (1 - p)^b of logit p has fallen by exp(-45)."""
    mode = np.log(a) - np.log(b)
    top = -a * np.logaddexp(0.0, -mode) - b * np.logaddexp(0.0, mode)
    near, far = np.zeros(len(b)), np.full(len(b), 800.0)
    for _ in range(40):
        middle = (near + far) / 2
        u = mode + side * middle
        inside = top + a * np.logaddexp(0.0, -u) + b * np.logaddexp(0.0, u) < _FALL
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return far
