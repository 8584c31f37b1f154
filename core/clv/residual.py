"""The value that is left without a horizon: discounted expected residual orders (DERT) of Pareto/NBD."""

from __future__ import annotations

import numpy as np

from core.clv.rows import FloatArray


def residual_orders(params: FloatArray, x: FloatArray, T: FloatArray, discount: float) -> FloatArray:
    """Discounted orders of all the future of a customer who is still one at T; 0 < discount, continuous, per
    unit of time.

    Fader, Hardie & Lee (2005), "RFM and CLV", eq. 2, as (r + x)/(alpha + T) · (beta + T) · integral over
    y > 0 of exp(-z y) (1 + y)^-s with z = discount · (beta + T), by the trapezoid rule in log y, so that no
    confluent hypergeometric function can overflow.
    """
    r, alpha, s, beta = (float(p) for p in params)
    end, place = np.unique(T, return_inverse=True)
    v = np.arange(-38.0, 7.0, 0.125)[:, None]
    z = discount * (beta + end)
    # y in units of 1 / (z + s), where the integrand starts to fall
    y = np.exp(v) / (z + s)
    # a heavy tail (s small against z) needs y up to 40 / z: continue in the same steps
    more = int(np.ceil(max(0.0, float(np.log(60 * (z + s) / z).max()) - 7.0) / 0.125))
    if more > 0:
        y = np.concatenate([y, np.exp(7.0 + 0.125 * np.arange(more)[:, None]) / (z + s)])
    total = 0.125 * (y * np.exp(-z * y - s * np.log1p(y))).sum(axis=0)
    return np.asarray((r + x) / (alpha + T) * ((beta + end) * total)[place.reshape(-1)])
