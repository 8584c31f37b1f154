"""p(alive) over recency and frequency, for a map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.clv.customers import DAYS
from core.clv.fitted import Fitted
from core.clv.purchase import purchase_model
from core.clv.rows import FloatArray


@dataclass(frozen=True)
class AliveMap:
    """orders: (k,) repeat orders ≥ 1. silence: (m,) days since the last one. alive: (m, k). age: days."""

    orders: FloatArray
    silence: FloatArray
    alive: FloatArray
    age: float


def alive_map(fit: Fitted, age: float, most: int, steps: int = 60) -> AliveMap:
    """The map for customers known for `age` days with 1 to `most` repeat orders."""
    orders = np.unique(np.round(np.linspace(1, max(most, 2), min(max(most, 2), 60))))
    silence = np.linspace(0.0, age, steps)
    x, quiet = np.meshgrid(orders, silence)
    scale = DAYS[fit.unit]
    T = np.full(x.size, age / scale)
    alive = purchase_model(fit.model).p_alive(fit.params, x.ravel(), T - quiet.ravel() / scale, T)
    return AliveMap(orders, silence, alive.reshape(x.shape), age)
