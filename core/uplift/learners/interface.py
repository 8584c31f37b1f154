"""What every uplift learner is: it learns from an experiment's rows and predicts what a contact changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, silent

FloatArray = NDArray[np.float64]
ArmArray = NDArray[np.int8]
Encoding = Literal["one-hot"]

FILE = "learner.joblib"
"""The file of a learner that is kept in one piece."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted outcomes of n customers under the control and under each of K contact arms.

    uplift: (n, K) outcome units per customer, contacted minus not. y1: (n, K) outcome if contacted with that
    arm. y0: (n,) outcome if left alone.
    """

    uplift: FloatArray
    y1: FloatArray
    y0: FloatArray


class Learner(Protocol):
    """One way to learn uplift. Deterministic for its seed, whatever the number of threads."""

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
        """Learn from n customers: X (n, p) encoded features, arm (n,) index (0 the control), y (n,) outcome.

        propensities: the design's share of each arm, control first. propensity: (n,) each customer's designed
        probability of contact, with one contact arm; None: the share. S, T and X learn outcomes given the
        features and need it for nothing but, at most, its mean: they rank rightly where what decided on the
        contact is among the features. Whatever is measured or calibrated is weighted by it in any case.
        """

    def predict(self, X: FloatArray) -> Prediction:
        """Predict each row of X (n, p) from that row alone, on one thread."""

    def parts(self) -> dict[str, Any]:
        """The fitted pieces by the name of the file that keeps each."""


@dataclass(frozen=True, slots=True)
class LearnerInfo:
    """A learner that can be named: what people read about it, and how it is made.

    build(seed): a new, unfitted learner. restore(parts): the fitted learner from what `parts` gave.
    missing: whether it takes missing numbers as they are; else they become the median.
    held_out: whether it is measured on customers held out, as the classic recipe is; else it is cross-fitted
    and calibrated. effort: CPU time of a fit, in fits of `t-ridge` (measured on Hillstrom).
    """

    name: str
    title: str
    description: str
    build: Callable[[int], Learner]
    restore: Callable[[Mapping[str, Any]], Learner]
    caution: str = ""
    encoding: Encoding = "one-hot"
    missing: bool = False
    held_out: bool = False
    effort: float = 1.0
