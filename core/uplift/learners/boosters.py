"""CatBoost and LightGBM as bases of the X-learner, where they are installed (extra `boosters`)."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.uplift.learners.bases import Regression
from core.uplift.learners.effects import XLearner
from core.uplift.learners.interface import FloatArray, LearnerInfo

_ROUNDS, _RATE = 60, 0.05


def _least(rows: int) -> int:
    return max(200, int(0.03 * rows))


@dataclass(frozen=True, slots=True)
class LightGBM:
    """Trees of at most four leaves; one thread and its deterministic mode give the same bits anywhere."""

    seed: int

    def fit(self, X: FloatArray, y: FloatArray, *, weight: FloatArray | None = None) -> Regression:
        """See Base.fit."""
        library: Any = importlib.import_module("lightgbm")
        settings = {
            "objective": "regression",
            "learning_rate": _RATE,
            "num_leaves": 4,
            "min_data_in_leaf": _least(len(y)),
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": self.seed,
            "verbose": -1,
        }
        return _LightGBMTrees(library.train(settings, library.Dataset(X, y, weight=weight), _ROUNDS))


@dataclass(frozen=True, slots=True)
class _LightGBMTrees:
    booster: Any

    def predict(self, X: FloatArray) -> FloatArray:
        return np.asarray(self.booster.predict(X, num_threads=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class CatBoost:
    """Symmetric trees of depth two, which have at most four leaves; on one thread."""

    seed: int

    def fit(self, X: FloatArray, y: FloatArray, *, weight: FloatArray | None = None) -> Regression:
        """See Base.fit."""
        if len(y) < 2 or y.min() == y.max():  # CatBoost refuses a target that does not vary
            return _Constant(float(y.mean()))
        library: Any = importlib.import_module("catboost")
        model = library.CatBoostRegressor(
            iterations=_ROUNDS,
            learning_rate=_RATE,
            depth=2,
            l2_leaf_reg=_least(len(y)),
            random_seed=self.seed,
            thread_count=1,
            allow_writing_files=False,
            verbose=False,
        )
        return _CatBoostTrees(model.fit(X, y, sample_weight=weight))


@dataclass(frozen=True, slots=True)
class _CatBoostTrees:
    model: Any

    def predict(self, X: FloatArray) -> FloatArray:
        return np.asarray(self.model.predict(X, thread_count=1), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Constant:
    value: float

    def predict(self, X: FloatArray) -> FloatArray:
        return np.full(len(X), self.value)


def _installed() -> tuple[LearnerInfo, ...]:
    infos = (
        LearnerInfo(
            "x-lightgbm",
            "X-learner, LightGBM",
            "As x-hgb, on LightGBM.",
            build=lambda seed: XLearner(LightGBM(seed), seed),
            restore=XLearner.restore,
            missing=True,
            effort=10,
        ),
        LearnerInfo(
            "x-catboost",
            "X-learner, CatBoost",
            "As x-hgb, on CatBoost's symmetric trees.",
            build=lambda seed: XLearner(CatBoost(seed), seed),
            restore=XLearner.restore,
            missing=True,
            effort=20,
        ),
    )
    return tuple(info for info in infos if find_spec(info.name.removeprefix("x-")) is not None)


OPTIONAL = {"x-lightgbm": "lightgbm", "x-catboost": "catboost"}
"""Learners of the extra `boosters`, and the package that each needs."""
BOOSTERS = _installed()
"""Those that are installed; the libraries are imported when one is used."""
