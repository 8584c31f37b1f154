"""Cross-fitting: every customer scored by models that have not seen the customer, several times over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from joblib import cpu_count
from numpy.typing import NDArray

from core.data.schema import Experiment
from core.errors import DataError
from core.progress import Progress, silent
from core.uplift.evidence import Evidence
from core.uplift.folds import stratified_folds
from core.uplift.learners import Learner, LearnerInfo, Prediction
from core.uplift.learners.bases import one_thread
from core.uplift.preprocess import Preprocess
from core.uplift.scoring import predict

FOLDS = 5
REPEATS = 2


def fit(
    experiment: Experiment, info: LearnerInfo, seed: int, progress: Progress = silent
) -> tuple[Preprocess, Learner]:
    """The encoding and the learner, fitted on all customers of `experiment`."""
    preprocess = Preprocess.fit(experiment.features, experiment.schema, fill=not info.missing)
    learner = info.build(seed)
    X = preprocess.transform(experiment.features).X
    learner.fit(
        X,
        experiment.arm,
        experiment.outcome,
        propensities=experiment.propensities,
        propensity=experiment.propensity,
        progress=progress,
    )
    return preprocess, learner


def cross_fit(
    experiment: Experiment,
    info: LearnerInfo,
    *,
    folds: int = FOLDS,
    repeats: int = REPEATS,
    seed: int = 0,
    progress: Progress = silent,
) -> Evidence:
    """Score every customer of the experiment by the mean of `repeats` models that have not seen the customer.

    The uplift is on one scale (`core.uplift.pooling`), and `group` tells whom the same models scored. The
    folds are stratified by arm and the same for every learner of the same seed. Raises DataError where an arm
    has fewer customers than there are folds.
    """
    for name, count in zip(experiment.arms, np.bincount(experiment.arm, minlength=len(experiment.arms))):
        if count < folds:
            raise DataError(
                f"Arm '{name}' has {int(count)} customers, too few to learn from some and measure on others.",
                "Use a larger experiment.",
            )
    dealt = [
        stratified_folds(experiment.arm, folds, np.random.default_rng([seed, repeat]))
        for repeat in range(repeats)
    ]
    rounds = [fold == k for fold in dealt for k in range(folds)]

    def work(here: NDArray[np.bool_]) -> Prediction:
        preprocess, learner = fit(subset(experiment, ~here), info, seed)
        features = experiment.features[here]
        return predict(preprocess, learner, features, len(experiment.arms) - 1, threads=1)[0]

    n, k = len(experiment.arm), len(experiment.arms) - 1
    uplift, y1, y0 = np.zeros((n, k)), np.zeros((n, k)), np.zeros(n)
    step = f"Trying {info.title} on customers it has not seen"
    progress(step, 0.0)
    # Held around all fits: each sets and restores it, and would leave it to the others' hands.
    with one_thread(), ThreadPoolExecutor(cpu_count()) as pool:
        for done, (here, predicted) in enumerate(zip(rounds, pool.map(work, rounds)), start=1):
            for total, one in ((uplift, predicted.uplift), (y1, predicted.y1), (y0, predicted.y0)):
                total[here] += one / repeats
            progress(step, done / len(rounds))
    group = np.asarray(sum(fold * folds**repeat for repeat, fold in enumerate(dealt)), dtype=np.int64)
    return replace(evidence(experiment, Prediction(uplift, y1, y0)), group=group).pooled(uplift)


def subset(experiment: Experiment, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Experiment:
    """The experiment's customers at `rows`, in that order."""
    return replace(
        experiment,
        ids=experiment.ids.iloc[rows].reset_index(drop=True),
        arm=experiment.arm[rows],
        outcome=experiment.outcome[rows],
        features=experiment.features.iloc[rows],
        propensity=None if experiment.propensity is None else experiment.propensity[rows],
    )


def evidence(experiment: Experiment, prediction: Prediction) -> Evidence:
    """The experiment's customers with their scores."""
    return Evidence(
        ids=experiment.ids,
        arm=experiment.arm,
        outcome=experiment.outcome,
        uplift=prediction.uplift,
        y1=prediction.y1,
        y0=prediction.y0,
        arms=experiment.arms,
        propensities=experiment.propensities,
        propensity=experiment.propensity,
    )
