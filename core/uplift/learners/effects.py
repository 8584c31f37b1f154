"""Learners of the effect: X, R and DR regress what the contact changed, not the two outcomes apart.

Each contact arm is learnt against the control on the rows of those two arms; y0 comes from the control rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, silent
from core.uplift.folds import stratified_folds
from core.uplift.learners.bases import Base, Regression
from core.uplift.learners.interface import FILE, ArmArray, FloatArray, Prediction

FOLDS = 2
"""Nuisance regressions of the R- and DR-learner predict rows of a fold from the other folds."""


class EffectLearner(ABC):
    """What X, R and DR share: an outcome regression of the control and an effect per contact arm."""

    def __init__(self, base: Base, seed: int) -> None:
        self.base, self.seed = base, seed
        self.untouched: Regression | None = None
        self.effects: tuple[tuple[tuple[float, Regression], ...], ...] = ()

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
        arms = len(propensities)
        progress("Learning from the control group", 0.0)
        control = arm == 0
        self.untouched = self.base.fit(X[control], y[control])
        effects = []
        for k in range(1, arms):
            progress("Learning from contacted customers", k / arms)
            pair = control | (arm == k)
            share: float | FloatArray = propensities[k] / (propensities[0] + propensities[k])
            if propensity is not None:
                share = propensity[pair]
            contacted = arm[pair] == k
            effects.append(self.effect(X[pair], contacted, y[pair], share))
        self.effects = tuple(effects)
        progress("Learning from contacted customers", 1.0)

    @abstractmethod
    def effect(
        self,
        X: FloatArray,
        contacted: NDArray[np.bool_],
        y: FloatArray,
        share: float | FloatArray,
    ) -> tuple[tuple[float, Regression], ...]:
        """(weight, regression) pairs whose weighted sum is the effect.

        share: P(contacted) by design, of all customers or (n,) of each.
        """

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict. y1 is y0 plus the effect."""
        assert self.untouched is not None
        y0 = self.untouched.predict(X)
        uplift = np.column_stack(
            [sum((w * effect.predict(X) for w, effect in arm), np.zeros(len(X))) for arm in self.effects]
        )
        return Prediction(uplift, y0[:, None] + uplift, y0)

    def parts(self) -> dict[str, Any]:
        """learner.joblib."""
        return {FILE: self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Self:
        """The fitted learner from its parts."""
        return parts[FILE]  # type: ignore[no-any-return]


class XLearner(EffectLearner):
    """Künzel et al. (PNAS 2019), X-learner: effects imputed by the other arm's regression."""

    def effect(
        self,
        X: FloatArray,
        contacted: NDArray[np.bool_],
        y: FloatArray,
        share: float | FloatArray,
    ) -> tuple[tuple[float, Regression], ...]:
        assert self.untouched is not None
        treated = self.base.fit(X[contacted], y[contacted])
        of_contacted = self.base.fit(X[contacted], y[contacted] - self.untouched.predict(X[contacted]))
        of_control = self.base.fit(X[~contacted], treated.predict(X[~contacted]) - y[~contacted])
        mean = float(np.mean(share))  # any weights will do; the propensity of new customers is not known
        return (mean, of_control), (1.0 - mean, of_contacted)


class RLearner(EffectLearner):
    """Nie & Wager (Biometrika 2021), R-learner: residual of y on residual of contact."""

    def effect(
        self,
        X: FloatArray,
        contacted: NDArray[np.bool_],
        y: FloatArray,
        share: float | FloatArray,
    ) -> tuple[tuple[float, Regression], ...]:
        # m(x) = share · mu1(x) + (1 - share) · mu0(x): each arm's own regression is the less noisy way to m.
        mu0, mu1 = cross_fitted(self.base, X, contacted, y, self.seed)
        residual = y - (share * mu1 + (1.0 - share) * mu0)
        exposure = contacted.astype(np.float64) - share
        effect = self.base.fit(X, residual / exposure, weight=exposure**2)
        return ((1.0, effect),)


class DRLearner(EffectLearner):
    """Kennedy (EJS 2023), DR-learner: regression of the doubly robust score, share known by design."""

    def effect(
        self,
        X: FloatArray,
        contacted: NDArray[np.bool_],
        y: FloatArray,
        share: float | FloatArray,
    ) -> tuple[tuple[float, Regression], ...]:
        score = doubly_robust(self.base, X, contacted, y, share, self.seed)
        return ((1.0, self.base.fit(X, score)),)


def doubly_robust(
    base: Base,
    X: FloatArray,
    contacted: NDArray[np.bool_],
    y: FloatArray,
    share: float | FloatArray,
    seed: int,
) -> FloatArray:
    """(n,) unbiased but noisy effect of each row.

    mu1 - mu0 + t·(y - mu1)/share - (1 - t)·(y - mu0)/(1 - share), t: contacted.
    """
    mu0, mu1 = cross_fitted(base, X, contacted, y, seed)
    correction = np.where(contacted, (y - mu1) / share, -(y - mu0) / (1.0 - share))
    return np.asarray(mu1 - mu0 + correction, dtype=np.float64)


def cross_fitted(
    base: Base,
    X: FloatArray,
    contacted: NDArray[np.bool_],
    y: FloatArray,
    seed: int,
) -> tuple[FloatArray, FloatArray]:
    """((n,), (n,)) outcome left alone and contacted, each row predicted from folds without it."""
    fold = stratified_folds(contacted, FOLDS, np.random.default_rng(seed))
    mu0, mu1 = np.empty(len(y)), np.empty(len(y))
    for k in range(FOLDS):
        here = fold == k
        for mu, rows in ((mu0, ~contacted & ~here), (mu1, contacted & ~here)):
            mu[here] = base.fit(X[rows], y[rows]).predict(X[here])
    return mu0, mu1
