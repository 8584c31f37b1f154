"""The Pareto/NBD integral over the unknown time of leaving, by Gauss-Legendre quadrature in log time.

I = integral over tau from t_x to T of (alpha + tau)^-(r + x) · (beta + tau)^-(s + 1).

In u = log(min(alpha, beta) + tau) the integrand is analytic in the strip |Im u| < pi and falls by a known
factor, so few nodes do: 6 where it is nearly flat, 40 at most, after what is below exp(-40) of the start
has been cut off. The weighted moments that the gradient needs come from the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.clv.rows import FloatArray, IntArray

# (largest steepness, nodes); steepness = fall of the log integrand + width in u. Relative error < 1e-11,
# measured on 40,000 random histories and parameters against 300 nodes.
_RULES: tuple[tuple[float, int], ...] = ((0.25, 4), (1.0, 6), (3.0, 8), (6.0, 12), (8.0, 16), (16.0, 24))
_MOST = 40
_FALL = 40.0
_BLOCK = 65_536  # node evaluations at a time, so that they stay in the processor's cache


@dataclass(frozen=True)
class LifetimeIntegral:
    """log: (n,) log I. The rest: (n,) means, weighted by the integrand, of log(alpha + tau),
    1 / (alpha + tau), log(beta + tau) and 1 / (beta + tau); empty where they were not asked for."""

    log: FloatArray
    log_alpha: FloatArray
    per_alpha: FloatArray
    log_beta: FloatArray
    per_beta: FloatArray


def lifetime_integral(
    params: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray, moments: bool = True
) -> LifetimeIntegral:
    """Integrate for each history. params: (r, alpha, s, beta). x, t_x, T: (n,). Where t_x = T, log I is
    -inf."""
    r, alpha, s, beta = (float(p) for p in params)
    least, gap = min(alpha, beta), abs(alpha - beta)
    near, far = (r + x, s + 1.0) if alpha <= beta else (np.full(len(x), s + 1.0), r + x)
    far = np.broadcast_to(far, x.shape)
    start = least + t_x
    width = np.log1p((T - t_x) / start)
    fall = near * width + far * np.log1p((T - t_x) / (start + gap))
    steep = fall > _FALL + width
    if steep.any():
        width = width.copy()
        width[steep] = _cut(near[steep], far[steep], start[steep], gap, width[steep])
    steepness = np.minimum(fall, _FALL + width) + width

    out = np.empty((5 if moments else 1, len(x)))
    group = np.searchsorted([limit for limit, _ in _RULES], steepness)
    order = np.argsort(group.astype(np.uint8), kind="stable")
    ends = np.concatenate(([0], np.cumsum(np.bincount(group, minlength=len(_RULES) + 1))))
    for index, nodes in enumerate([n for _, n in _RULES] + [_MOST]):
        rows = order[ends[index] : ends[index + 1]]
        step = _BLOCK // nodes
        for begin in range(0, len(rows), step):
            some: IntArray = rows[begin : begin + step]
            out[:, some] = _quadrature(near[some], far[some], start[some], gap, width[some], nodes, moments)
    if not moments:
        empty = np.empty(0)
        return LifetimeIntegral(out[0], empty, empty, empty, empty)
    if alpha <= beta:
        return LifetimeIntegral(*out)
    return LifetimeIntegral(out[0], out[3], out[4], out[1], out[2])


def _quadrature(
    near: FloatArray,
    far: FloatArray,
    start: FloatArray,
    gap: float,
    width: FloatArray,
    nodes: int,
    moments: bool,
) -> FloatArray:
    """(5, m) log integral and moments, or (1, m). `near` is the exponent of the smaller of alpha and beta."""
    points, weights = _legendre(nodes)
    rise = np.multiply.outer(points, width)  # u - u0, one line a node
    growth = np.exp(rise)
    base = start * growth
    other = base + gap
    log_other = np.log(other)
    log_start, log_far = np.log(start), np.log(start + gap)
    mass = np.exp(rise - near * rise - far * (log_other - log_far))
    total = weights @ mass
    with np.errstate(divide="ignore"):
        log = np.log(total * width) + log_start - near * log_start - far * log_far
    if not moments:
        return np.asarray(log[None])
    mass *= weights[:, None]
    mean = np.empty((5, len(near)))
    mean[0] = log
    mean[1] = np.einsum("ij,ij->j", mass, rise) / total + log_start
    mean[2] = np.einsum("ij,ij->j", mass, 1.0 / base) / total
    mean[3] = np.einsum("ij,ij->j", mass, log_other) / total
    mean[4] = np.einsum("ij,ij->j", mass, 1.0 / other) / total
    return mean


def _cut(near: FloatArray, far: FloatArray, start: FloatArray, gap: float, width: FloatArray) -> FloatArray:
    """Where the integrand has fallen below exp(-40): Newton from the right on a convex increasing fall."""
    target = _FALL + width
    slope = near + far * start / (start + gap)
    reach = np.minimum(width, target / slope)
    for _ in range(12):
        here = start * np.exp(reach)
        fall = near * reach + far * np.log((here + gap) / (start + gap))
        reach = reach - np.maximum(fall - target, 0.0) / (near + far * here / (here + gap))
    return reach


@cache
def _legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre points and weights on [0, 1]."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return (points + 1) / 2, weights / 2
