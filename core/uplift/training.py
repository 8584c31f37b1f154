"""From an experiment to a model that has been tried on customers it did not learn from."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from core.data.schema import Experiment
from core.errors import DataError, SettingError
from core.progress import Progress, part, silent
from core.scenario import Scenario
from core.uplift import crossfit
from core.uplift.calibration import Calibration, calibrated
from core.uplift.champion import champions_evidence
from core.uplift.comparison import Leaderboard, leaderboard
from core.uplift.evidence import Evidence
from core.uplift.learners import DEFAULT, LEARNERS, Learner, LearnerInfo, learner_info
from core.uplift.meta import ModelMeta
from core.uplift.model import Model, library_versions
from core.uplift.preprocess import Preprocess
from core.uplift.scoring import predict, recalibrated

Rows = NDArray[np.int64]
AUTO = "auto"
"""Champion and challengers: every learner without a caution, compared on the same cross-fitted customers."""

SEED = 42
TEST_SIZE = 0.25


@dataclass(frozen=True)
class _Trained:
    preprocess: Preprocess
    learner: Learner
    evidence: Evidence | None = None
    calibrations: tuple[Calibration, ...] = ()
    board: Leaderboard | None = None


def train(
    experiment: Experiment,
    learner: str = DEFAULT,
    *,
    test_size: float | None = None,
    seed: int = SEED,
    simulated: bool = False,
    scenario: Scenario | None = None,
    progress: Progress = silent,
) -> Model:
    """Learn uplift from an experiment, with scores of customers that the learner did not see as evidence.

    learner: a name of LEARNERS, or "auto". test_size: share of customers held out to measure on, stratified
    by arm. None: the learner's own way, which is cross-fitting and calibration, then a fit on all customers;
    for the classic forests a quarter held out. seed: of splits and learner. scenario: the
    economics under which "auto" reports profit. Raises DataError where an arm has too few customers to be
    learnt and measured, SettingError for an unknown learner or a test_size or seed out of bounds.
    """
    _check_seed(seed)
    # One order of sums in linear algebra: the same seed gives the same bits whatever the machine's threads.
    with threadpool_limits(limits=1, user_api="blas"):
        if test_size is None and learner != AUTO and learner_info(learner).held_out:
            test_size = TEST_SIZE
        if test_size is None:
            name, trained = _learnt(experiment, learner, seed, scenario or Scenario(), progress)
        else:
            progress("Splitting", 0.0)
            learnt_from, held_out = (
                crossfit.subset(experiment, rows) for rows in split(experiment, test_size, seed)
            )
            name, trained = _learnt(
                learnt_from, learner, seed, scenario or Scenario(), part(progress, 0.02, 0.9)
            )
            trained = _measured(trained, held_out, part(progress, 0.9, 1.0))
    assert trained.evidence is not None
    n = len(experiment.arm)
    n_test = trained.evidence.customers
    meta = ModelMeta(
        id="",
        learner=name,
        outcome=experiment.roles.outcome,
        treatment_col=experiment.roles.treatment,
        control=experiment.arms[0],
        arms=experiment.arms,
        propensities=experiment.propensities,
        feature_cols=tuple(feature.column for feature in experiment.schema),
        num_cols=trained.preprocess.num_cols,
        cat_cols=trained.preprocess.cat_cols,
        id_column=experiment.roles.id,
        roles=experiment.roles,
        left_out=experiment.left_out,
        pooled=experiment.pooled,
        binary=experiment.binary,
        simulated=simulated,
        seed=seed,
        test_size=test_size,
        n_train=n if test_size is None else n - n_test,
        n_test=n_test,
        calibration=tuple(one.method for one in trained.calibrations),
        fingerprint=fingerprint(experiment),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=library_versions(),
        files={},
    )
    return Model(
        meta, trained.preprocess, trained.learner, trained.evidence, trained.calibrations, trained.board
    )


def candidates() -> Mapping[str, LearnerInfo]:
    """The learners that "auto" compares: all but those that carry a caution."""
    return {name: info for name, info in LEARNERS.items() if not info.caution}


def _learnt(
    experiment: Experiment, learner: str, seed: int, scenario: Scenario, progress: Progress
) -> tuple[str, _Trained]:
    if learner == AUTO:
        return _champion(experiment, seed, scenario, progress)
    info = learner_info(learner)
    if info.held_out:  # the classic forests stay as they are published: not calibrated
        return learner, _Trained(*crossfit.fit(experiment, info, seed, progress))
    scored = crossfit.cross_fit(experiment, info, seed=seed, progress=part(progress, 0.0, 0.8))
    progress("Calibrating", 0.8)
    evidence, calibrations = calibrated(scored, seed)
    fitted = crossfit.fit(experiment, info, seed, part(progress, 0.85, 1.0))
    return learner, _Trained(*fitted, evidence, calibrations)


def _champion(
    experiment: Experiment, seed: int, scenario: Scenario, progress: Progress
) -> tuple[str, _Trained]:
    infos = candidates()
    effort = {name: info.effort for name, info in infos.items()}
    judged: dict[str, Evidence] = {}
    calibrations: dict[str, tuple[Calibration, ...]] = {}
    done, whole = 0.0, sum(effort.values())
    for name, info in infos.items():
        share = part(progress, 0.9 * done / whole, 0.9 * (done + info.effort) / whole)
        scored = crossfit.cross_fit(experiment, info, seed=seed, progress=share)
        judged[name], calibrations[name] = calibrated(scored, seed)
        done += info.effort
    progress("Comparing learners", 0.9)
    economics = {"margin": scenario.margin, "cost": scenario.cost, "value": scenario.value}
    board = leaderboard(judged, DEFAULT, effort, **economics)
    evidence = champions_evidence(judged, DEFAULT, effort, seed)
    name = board.champion
    fitted = crossfit.fit(experiment, infos[name], seed, part(progress, 0.94, 1.0))
    return name, _Trained(*fitted, evidence, calibrations[name], board)


def _measured(trained: _Trained, held_out: Experiment, progress: Progress) -> _Trained:
    """The same, with the held-out customers as its evidence."""
    prediction, _, _ = predict(
        trained.preprocess,
        trained.learner,
        held_out.features,
        len(held_out.arms) - 1,
        lambda _, share: progress("Scoring held-out customers", share),
    )
    scored = recalibrated(prediction, trained.calibrations)
    return replace(trained, evidence=crossfit.evidence(held_out, scored))


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise SettingError(f"The seed is {seed}; it must be a whole number from 0 to {2**32 - 1}.")


def split(experiment: Experiment, test_size: float, seed: int) -> tuple[Rows, Rows]:
    """(row positions to learn from, row positions held out), stratified by arm.

    The order is that of scikit-learn's train_test_split over rows in file order, so published splits recur.
    """
    if not (math.isfinite(test_size) and 0 < test_size < 1):
        raise SettingError(
            f"The test size is {test_size}; it must be a share above 0 and below 1, such as 0.25."
        )
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
    """SHA-256 of the experiment's content: ids, arms, outcomes, features and their names, and stated
    probabilities of contact, in row order."""
    digest = hashlib.sha256("\x1f".join(experiment.features.columns).encode())
    columns = [experiment.ids, *(experiment.features[c] for c in experiment.features.columns)]
    for column in columns:
        digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    digest.update(experiment.arm.tobytes())
    digest.update(experiment.outcome.tobytes())
    if experiment.propensity is not None:
        digest.update(experiment.propensity.tobytes())
    return digest.hexdigest()
