"""Revenue in two parts: whether a customer buys at all, and how much an order is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from core.progress import Progress, silent
from core.uplift.learners.bases import Base, Regression
from core.uplift.learners.effects import XLearner
from core.uplift.learners.interface import FILE, ArmArray, FloatArray, Prediction


class TwoPart:
    """Uplift in the chance of an outcome above 0, times the outcome's expected value where it is above 0.

    For revenue that is mostly 0. The chance is an X-learner's; the value is learnt from the buyers of all
    arms together, because they are few: a contact that changes the size of orders is not seen.
    """

    def __init__(self, base: Base, seed: int) -> None:
        self.base = base
        self.chance = XLearner(base, seed)
        self.value: Regression | None = None

    def fit(
        self,
        X: FloatArray,
        arm: ArmArray,
        y: FloatArray,
        *,
        propensities: tuple[float, ...],
        propensity: FloatArray | None = None,
        progress: Progress = silent,
    ) -> None:
        """See Learner.fit."""
        buys = y > 0
        bought = buys.astype(np.float64)
        self.chance.fit(X, arm, bought, propensities=propensities, propensity=propensity, progress=progress)
        self.value = self.base.fit(X[buys], y[buys]) if buys.any() else None

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict."""
        chance = self.chance.predict(X)
        value = np.zeros(len(X)) if self.value is None else self.value.predict(X)
        uplift, y0 = chance.uplift * value[:, None], chance.y0 * value
        return Prediction(uplift, y0[:, None] + uplift, y0)

    def parts(self) -> dict[str, Any]:
        """learner.joblib."""
        return {FILE: self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Self:
        """The fitted learner from its parts."""
        return parts[FILE]  # type: ignore[no-any-return]
