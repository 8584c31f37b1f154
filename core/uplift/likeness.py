"""Whether an audience is like the customers of the campaign: only then does what was measured hold for it.

A measured gain is that of the best share of the campaign's customers. It is carried over to the same share of
an audience, which takes for granted that the audience's customers are spread over the scores as the
campaign's were. Where only those are scored whom contact harms, it would say the opposite of the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from core.uplift.evidence import FloatArray

if TYPE_CHECKING:
    from core.uplift.model import Model
    from core.uplift.scoring import Scores

Unmeasured = Literal["", "unlike", "blocked"]
"""Why nothing measured stands beside a prediction: the audience is not like the campaign's customers; or the
campaign cannot tell (or there is none). Empty where it does."""

POINTS = 401
FARTHEST = 0.10
"""Largest Kolmogorov-Smirnov distance of two distributions that pass for alike, beyond that of chance."""
CHANCE = 1.36
"""÷ √n: what chance alone exceeds in one of twenty samples of n (Smirnov 1948)."""
UNSEEN = 0.10
"""Largest share of an audience with a value that the campaign had not."""


@dataclass(frozen=True)
class Population:
    """How the model scores the campaign's customers. quantiles: (POINTS,) of their best uplift, rising."""

    quantiles: FloatArray

    @classmethod
    def of(cls, uplift: FloatArray) -> Population:
        """From (n, K) uplift of all customers of the campaign."""
        places = np.linspace(0.0, 1.0, POINTS)
        return cls(np.quantile(uplift.max(axis=1), places, method="inverted_cdf"))

    def as_dict(self) -> dict[str, Any]:
        return {"quantiles": self.quantiles.tolist()}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Population:
        return cls(np.asarray(value["quantiles"], np.float64))

    def distance(self, uplift: FloatArray) -> float:
        """Kolmogorov-Smirnov distance of (n, K) scores from the campaign's, 0-1; 0 without customers."""
        scores = np.sort(uplift.max(axis=1))
        if not scores.size:
            return 0.0
        at = np.unique(self.quantiles)
        apart = [
            np.searchsorted(scores, at, side) / scores.size
            - np.searchsorted(self.quantiles, at, side) / POINTS
            for side in ("left", "right")
        ]
        return float(np.abs(apart).max())

    def like(self, uplift: FloatArray, unseen: Mapping[str, int]) -> bool:
        """Whether (n, K) scores pass for those of such customers. unseen: customers by column whose value the
        campaign had not.
        """
        n = max(uplift.shape[0], 1)
        new = max(unseen.values(), default=0) / n
        return bool(new <= UNSEEN and self.distance(uplift) <= FARTHEST + CHANCE / np.sqrt(n))


def unmeasured_of(model: Model, scores: Scores) -> Unmeasured:
    """Why what the model's campaign measured does not hold for the customers scored; empty where it does."""
    if model.evidence is None:
        return "blocked"
    population = model.population
    return "" if population is None or population.like(scores.uplift, scores.unseen) else "unlike"
