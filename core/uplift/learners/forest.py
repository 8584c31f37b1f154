"""The T-learner on random forests: one forest learns the outcome of each arm, uplift is their difference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestRegressor

from core.progress import Progress, part, silent
from core.uplift.learners.interface import ArmArray, FloatArray, Prediction

_BATCHES = 10  # how often fitting a forest reports progress
_FILE = re.compile(r"rf_(control|treated(?:_(\d+))?)\.joblib")


class ForestT:
    """Künzel et al. (PNAS 2019), T-learner: E[y | x, arm] by one RandomForestRegressor per arm.

    trees, leaf: the forest's n_estimators and min_samples_leaf. share: of the arm's customers that each tree
    draws, None for as many as there are. seed: random_state of every forest.
    """

    def __init__(self, trees: int, leaf: int, seed: int, share: float | None = None) -> None:
        self.trees, self.leaf, self.seed, self.share = trees, leaf, seed, share
        self.forests: tuple[RandomForestRegressor, ...] = ()

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
        """See Learner.fit. The arms contacted are fitted first, the control last."""
        arms = len(propensities)
        forests: dict[int, RandomForestRegressor] = {}
        for done, k in enumerate((*range(1, arms), 0)):
            step = "Learning from contacted customers" if k else "Learning from the control group"
            mine = arm == k
            forests[k] = self._forest(X[mine], y[mine], step, part(progress, done / arms, (done + 1) / arms))
        self.forests = tuple(forests[k] for k in range(arms))

    def _forest(self, X: FloatArray, y: FloatArray, step: str, progress: Progress) -> RandomForestRegressor:
        forest = RandomForestRegressor(
            min_samples_leaf=self.leaf,
            max_samples=self._draws(len(y)),
            random_state=self.seed,
            n_jobs=-1,
            warm_start=True,
        )
        X = X.astype(np.float32)  # what the trees work in; converted once for all batches
        progress(step, 0.0)
        for batch in range(1, _BATCHES + 1):  # warm starts draw the same trees as one fit
            forest.n_estimators = self.trees * batch // _BATCHES
            forest.fit(X, y)
            progress(step, batch / _BATCHES)
        forest.set_params(n_jobs=1, warm_start=False)
        return forest

    def _draws(self, customers: int) -> int | None:
        """Enough to split once, where there are so many."""
        if self.share is None:
            return None
        return max(round(self.share * customers), min(2 * self.leaf, customers))

    def predict(self, X: FloatArray) -> Prediction:
        """See Learner.predict. Adds the trees in their order: RandomForestRegressor.predict on one thread.

        With more threads the library adds them in the order they finish, and the last digits change by run.
        """
        X = np.ascontiguousarray(X, dtype=np.float32)
        y0, *contacted = (_mean_of_trees(forest, X) for forest in self.forests)
        y1 = np.column_stack(contacted)
        return Prediction(y1 - y0[:, None], y1, y0)

    def parts(self) -> dict[str, Any]:
        """rf_control.joblib, rf_treated.joblib; with several contact arms rf_treated_2.joblib and on."""
        return {_file(k): forest for k, forest in enumerate(self.forests)}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> ForestT:
        """The fitted learner from its parts."""
        forests = tuple(parts[name] for name in sorted(parts, key=_arm))
        first = forests[0]
        learner = cls(first.n_estimators, first.min_samples_leaf, first.random_state)
        learner.forests = forests
        return learner


def _mean_of_trees(forest: RandomForestRegressor, X: FloatArray) -> FloatArray:
    total = np.zeros(len(X), dtype=np.float64)
    for tree in forest.estimators_:
        total += tree.tree_.predict(X)[:, 0]
    total /= len(forest.estimators_)
    return total


def _file(arm: int) -> str:
    return ("rf_control.joblib", "rf_treated.joblib")[arm] if arm < 2 else f"rf_treated_{arm}.joblib"


def _arm(file: str) -> int:
    match = _FILE.fullmatch(file)
    if match is None:
        raise ValueError(f"{file} is not a forest's file")
    return 0 if match[1] == "control" else int(match[2] or 1)
