"""A learner for files of hundreds of columns: it reads those that tell most, and leaves the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, silent
from core.uplift.learners.bases import one_thread
from core.uplift.learners.interface import ArmArray, FloatArray, Learner, LearnerInfo, Prediction

MOST = 200
"""Encoded columns that a learner reads at most: of thousands, most are noise, and their time is not."""

COLUMNS = "columns.joblib"
_BLOCK = 256


class Screened:
    """A learner given at most MOST columns, chosen from the rows it is fitted to and no others.

    The choice is part of the fit: where customers are scored by models that have not seen them, no outcome of
    theirs has chosen a column either (Hastie, Tibshirani & Friedman 2009, 7.10.2, on the wrong way).
    """

    def __init__(self, learner: Learner, columns: NDArray[np.int64] | None = None) -> None:
        self.learner, self.columns = learner, columns

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
        self.columns = None
        if X.shape[1] > MOST:
            self.columns = most_telling(X, arm, y, MOST)
        self.learner.fit(
            self._chosen(X), arm, y, propensities=propensities, propensity=propensity, progress=progress
        )

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict."""
        return self.learner.predict(self._chosen(X))

    def parts(self) -> dict[str, Any]:
        """Those of the learner; columns.joblib too where columns were chosen."""
        return self.learner.parts() | ({} if self.columns is None else {COLUMNS: self.columns})

    def _chosen(self, X: FloatArray) -> FloatArray:
        return X if self.columns is None else np.asfortranarray(X[:, self.columns])


def screened(info: LearnerInfo) -> LearnerInfo:
    """The same learner, reading at most MOST columns."""
    build: Callable[[int], Learner] = info.build

    def restore(parts: Mapping[str, Any]) -> Screened:
        own = {name: piece for name, piece in parts.items() if name != COLUMNS}
        return Screened(info.restore(own), parts.get(COLUMNS))

    return replace(info, build=lambda seed: Screened(build(seed)), restore=restore)


def most_telling(X: FloatArray, arm: ArmArray, y: FloatArray, most: int) -> NDArray[np.int64]:
    """(most,) columns of X (n, p), ascending: best by correlation with the outcome or with the effect.

    Outcome: y less its arm's mean. Effect, of each contact arm: the same with its sign turned for the control
    and divided by the arm's share. The lists are taken in turns, so that each has its best. Missing values
    count as the mean; equal columns in their order.
    """
    counts = np.bincount(arm).astype(np.float64)
    residual = y - (np.bincount(arm, y) / np.maximum(counts, 1.0))[arm]
    scaled = residual * len(y) / counts[arm]
    targets = [residual]
    targets += [np.where(arm == k, scaled, np.where(arm == 0, -scaled, 0.0)) for k in range(1, counts.size)]
    wanted = np.column_stack([target - target.mean() for target in targets])
    strength = np.empty((X.shape[1], wanted.shape[1]))
    with one_thread():
        for start in range(0, X.shape[1], _BLOCK):
            block = np.array(X[:, start : start + _BLOCK], dtype=np.float64, order="F")
            unknown = np.isnan(block)
            known = np.maximum((~unknown).sum(axis=0), 1)
            block[unknown] = 0.0
            block -= block.sum(axis=0) / known
            block[unknown] = 0.0
            size = np.sqrt((block**2).sum(axis=0))
            size[size == 0] = np.inf
            strength[start : start + _BLOCK] = np.abs(block.T @ wanted) / size[:, None]
    rank = np.argsort(np.argsort(-strength, axis=0, kind="stable"), axis=0, kind="stable")
    return np.sort(np.argsort(rank.min(axis=1), kind="stable")[:most])
