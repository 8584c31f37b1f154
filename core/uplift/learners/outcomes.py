"""Learners of the outcomes: S regresses them together, T one arm at a time; uplift is their difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from core.progress import Progress, silent
from core.uplift.learners.bases import Base, Regression
from core.uplift.learners.interface import FILE, ArmArray, FloatArray, Prediction


class TLearner:
    """Künzel et al. (PNAS 2019), T-learner: one regression for each arm."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.outcomes: tuple[Regression, ...] = ()

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
        outcomes = []
        for k in range(len(propensities)):
            step = "Learning from contacted customers" if k else "Learning from the control group"
            progress(step, k / len(propensities))
            outcomes.append(self.base.fit(X[arm == k], y[arm == k]))
        self.outcomes = tuple(outcomes)

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict."""
        y0, *contacted = (outcome.predict(X) for outcome in self.outcomes)
        y1 = np.column_stack(contacted)
        return Prediction(y1 - y0[:, None], y1, y0)

    def parts(self) -> dict[str, Any]:
        """learner.joblib."""
        return {FILE: self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Self:
        """The fitted learner from its parts."""
        return parts[FILE]  # type: ignore[no-any-return]


class SLearner:
    """Künzel et al. (PNAS 2019), S-learner: one regression with the arm among the features."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.arms = 0
        self.outcome: Regression | None = None

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
        progress("Learning from all customers", 0.0)
        self.arms = len(propensities)
        self.outcome = self.base.fit(self._with_arm(X, arm), y)

    def _with_arm(self, X: FloatArray, arm: ArmArray) -> FloatArray:
        return np.column_stack([X, *(arm == k for k in range(1, self.arms))])

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict."""
        assert self.outcome is not None
        y0, *contacted = (
            self.outcome.predict(self._with_arm(X, np.full(len(X), k, dtype=np.int8)))
            for k in range(self.arms)
        )
        y1 = np.column_stack(contacted)
        return Prediction(y1 - y0[:, None], y1, y0)

    def parts(self) -> dict[str, Any]:
        """learner.joblib."""
        return {FILE: self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Self:
        """The fitted learner from its parts."""
        return parts[FILE]  # type: ignore[no-any-return]
