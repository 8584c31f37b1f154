"""From an experiment to a model that has been tried on customers it did not learn from."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from core.data.schema import Experiment
from core.errors import DataError, SettingError
from core.progress import Progress, part, silent
from core.uplift.evidence import Evidence
from core.uplift.learners import DEFAULT, learner_info
from core.uplift.meta import ModelMeta
from core.uplift.model import Model, library_versions
from core.uplift.preprocess import Preprocess
from core.uplift.scoring import predict

Rows = NDArray[np.int64]
SEED = 42
TEST_SIZE = 0.25


def train(
    experiment: Experiment,
    learner: str = DEFAULT,
    *,
    test_size: float = TEST_SIZE,
    seed: int = SEED,
    simulated: bool = False,
    progress: Progress = silent,
) -> Model:
    """Fit `learner` on a share of the customers and score the others, who become the model's evidence.

    test_size: share held out, above 0 and below 1, stratified by arm. seed: of the split and the learner.
    Raises DataError where an arm has too few customers to be learnt and measured, SettingError for an unknown
    learner or a test_size or seed out of bounds.
    """
    info = learner_info(learner)
    progress("Splitting", 0.0)
    rows, held_out = split(experiment, test_size, seed)
    features = experiment.features.iloc[rows]
    preprocess = Preprocess.fit(features, experiment.schema, info.encoding)
    fitted = info.build(seed)
    fitted.fit(
        preprocess.transform(features).X,
        experiment.arm[rows],
        experiment.outcome[rows],
        propensities=experiment.propensities,
        progress=part(progress, 0.02, 0.90),
    )
    step = part(progress, 0.90, 1.0)
    prediction, _, _ = predict(
        preprocess,
        fitted,
        experiment.features.iloc[held_out],
        len(experiment.arms) - 1,
        lambda _, share: step("Scoring held-out customers", share),
    )
    evidence = Evidence(
        ids=experiment.ids.iloc[held_out].reset_index(drop=True),
        arm=experiment.arm[held_out],
        outcome=experiment.outcome[held_out],
        uplift=prediction.uplift,
        y1=prediction.y1,
        y0=prediction.y0,
        arms=experiment.arms,
        propensities=experiment.propensities,
    )
    meta = ModelMeta(
        id="",
        learner=learner,
        outcome=experiment.roles.outcome,
        treatment_col=experiment.roles.treatment,
        control=experiment.arms[0],
        arms=experiment.arms,
        propensities=experiment.propensities,
        feature_cols=tuple(feature.column for feature in experiment.schema),
        num_cols=preprocess.num_cols,
        cat_cols=preprocess.cat_cols,
        id_column=experiment.roles.id,
        roles=experiment.roles,
        left_out=experiment.left_out,
        pooled=experiment.pooled,
        binary=experiment.binary,
        simulated=simulated,
        seed=seed,
        test_size=test_size,
        n_train=len(rows),
        n_test=len(held_out),
        fingerprint=fingerprint(experiment),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=library_versions(),
        files={},
    )
    return Model(meta, preprocess, fitted, evidence)


def split(experiment: Experiment, test_size: float, seed: int) -> tuple[Rows, Rows]:
    """(row positions to learn from, row positions held out), stratified by arm.

    The order is that of scikit-learn's train_test_split over rows in file order, so published splits recur.
    """
    if not (math.isfinite(test_size) and 0 < test_size < 1):
        raise SettingError(
            f"The test size is {test_size}; it must be a share above 0 and below 1, such as 0.25."
        )
    if not 0 <= seed < 2**32:
        raise SettingError(f"The seed is {seed}; it must be a whole number from 0 to {2**32 - 1}.")
    arms = len(experiment.arms)
    for name, count in zip(experiment.arms, np.bincount(experiment.arm, minlength=arms)):
        if count * min(test_size, 1 - test_size) < 2:
            raise DataError(
                f"Arm '{name}' has {int(count)} customers, too few to learn from some and measure on others.",
                "Use a larger experiment.",
            )
    positions = np.arange(len(experiment.arm), dtype=np.int64)
    rows, held_out = train_test_split(
        positions, test_size=test_size, random_state=seed, stratify=experiment.arm
    )
    return rows, held_out


def fingerprint(experiment: Experiment) -> str:
    """SHA-256 of the experiment's content: ids, arms, outcomes, features and their names, in row order."""
    digest = hashlib.sha256("\x1f".join(experiment.features.columns).encode())
    columns = [experiment.ids, *(experiment.features[c] for c in experiment.features.columns)]
    for column in columns:
        digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    digest.update(experiment.arm.tobytes())
    digest.update(experiment.outcome.tobytes())
    return digest.hexdigest()
