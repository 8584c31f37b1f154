"""The regressions that learners are made of: shallow boosting and penalised lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from threadpoolctl import ThreadpoolController

from core.uplift.learners.binning import Edges, binned
from core.uplift.learners.interface import FloatArray
from core.uplift.learners.trees import Trees


@cache
def _libraries() -> ThreadpoolController:
    """The thread pools of the libraries loaded by now; looking for them takes as long as a small fit."""
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: one order of sums, the same bits anywhere."""
    with _libraries().limit(limits=1, user_api="blas"):
        yield


class Regression(Protocol):
    """A fitted regression: predicts each row from that row alone."""

    def predict(self, X: FloatArray) -> FloatArray:
        """(n,) expected value for each row of X (n, p)."""


class Base(Protocol):
    """A way to fit a regression; deterministic for its seed, whatever the number of threads."""

    def fit(self, X: FloatArray, y: FloatArray, *, weight: FloatArray | None = None) -> Regression:
        """Regress y (n,) on X (n, p)."""


@dataclass(frozen=True, slots=True)
class Boosting:
    """HistGradientBoosting kept shallow: uplift is a weak signal, and deep trees learn the noise.

    A leaf has at least `least` rows and at least `share` of all; missing values go where they fit best.
    """

    seed: int
    rounds: int = 60
    rate: float = 0.05
    leaves: int = 4
    least: int = 200
    share: float = 0.03

    def fit(self, X: FloatArray, y: FloatArray, *, weight: FloatArray | None = None) -> Regression:
        """See Base.fit."""
        model = HistGradientBoostingRegressor(
            max_iter=self.rounds,
            learning_rate=self.rate,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=max(self.least, int(self.share * len(y))),
            early_stopping=False,
            random_state=self.seed,
        )
        empty = np.isnan(X).all(axis=0)
        if empty.any():  # the library cannot bin a column without a number; a constant is never split on
            X = np.where(empty, 0.0, X)
        edges: Edges = {}
        if weight is not None and len(X) <= _LIBRARY_SAMPLES:
            X, edges = binned(X)
        with _libraries().limit(limits=1, user_api="openmp"):  # trees this small lose by sharing the work
            return Trees.of(model.fit(X, y, sample_weight=weight), edges)


@dataclass(frozen=True, slots=True)
class Linear:
    """Ridge regression on standardised features, its penalty by leave-one-out; logistic where y is 0/1."""

    logistic: bool = True

    def fit(self, X: FloatArray, y: FloatArray, *, weight: FloatArray | None = None) -> Regression:
        """See Base.fit."""
        if len(y) < 3 or y.min() == y.max():
            return Line(np.zeros(X.shape[1]), float(y.mean()), False)
        shift, scale = X.mean(axis=0), X.std(axis=0)
        scale[scale == 0] = 1.0
        Z = (X - shift) / scale
        binary = self.logistic and weight is None and np.isin(y, (0.0, 1.0)).all() and 0 < y.mean() < 1
        model: Any = LogisticRegression(C=_LOGISTIC_C) if binary else RidgeCV(alphas=_ALPHAS)
        with one_thread():
            model.fit(Z, y, sample_weight=weight)
        slope = model.coef_.reshape(-1) / scale
        intercept = float(np.ravel(model.intercept_)[0]) - float(shift @ slope)
        return Line(slope, intercept, bool(binary))


_LIBRARY_SAMPLES = 200_000  # above this the library bins a sample of the rows, its weights used up
_ALPHAS = np.logspace(0, 6, 13)
_LOGISTIC_C = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """intercept + X·slope, through the logistic function where `logistic`."""

    slope: FloatArray
    intercept: float
    logistic: bool

    def predict(self, X: FloatArray) -> FloatArray:
        """Column by column: the last bits of a matrix product depend on how many rows it has."""
        total = np.full(len(X), self.intercept)
        for j, slope in enumerate(self.slope):
            total += X[:, j] * slope
        return 1.0 / (1.0 + np.exp(-total)) if self.logistic else total
