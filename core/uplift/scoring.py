"""The one way a model scores an audience: command line, HTTP and pages all come through here."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from joblib import cpu_count
from numpy.typing import NDArray

from core.data.schema import Audience
from core.progress import Progress, silent
from core.uplift.calibration import Calibration
from core.uplift.learners.interface import FloatArray, Learner, Prediction
from core.uplift.preprocess import Encoded, Preprocess

if TYPE_CHECKING:
    from core.uplift.model import Model

CHUNK = 16_384
"""Rows encoded and predicted at a time; the result does not depend on it."""


@dataclass(frozen=True)
class Scores:
    """A model's view of n customers under the control and each of K contact arms.

    ids: (n,) text. uplift: (n, K) outcome units per customer. y1: (n, K), y0: (n,) predicted outcomes.
    arms: K + 1 names, control first. unseen: values per column that training never saw (only above 0).
    missing: missing values per feature (only above 0).
    """

    ids: pd.Series
    uplift: FloatArray
    y1: FloatArray
    y0: FloatArray
    arms: tuple[str, ...]
    unseen: dict[str, int]
    missing: dict[str, int]

    def at(self, rows: NDArray[np.int64]) -> Scores:
        """The scores of some customers, by their positions."""
        return replace(
            self,
            ids=self.ids.take(rows),
            uplift=self.uplift[rows],
            y1=self.y1[rows],
            y0=self.y0[rows],
        )


def score(model: Model, audience: Audience, progress: Progress = silent) -> Scores:
    """Score every customer of `audience`: the same customer gets the same bits in any file.

    Rows are predicted one thread a chunk, chunks side by side: memory stays bounded, and no number
    depends on which thread was first.
    """
    prediction, missing, unseen = predict(
        model.preprocess, model.learner, audience.features, len(model.meta.arms) - 1, progress
    )
    prediction = recalibrated(prediction, model.calibrations)
    return Scores(
        audience.ids, prediction.uplift, prediction.y1, prediction.y0, model.meta.arms, unseen, missing
    )


def recalibrated(prediction: Prediction, calibrations: tuple[Calibration, ...]) -> Prediction:
    """The prediction with each contact arm's uplift calibrated and y1 = y0 + uplift; as it is without."""
    if not calibrations:
        return prediction
    uplift = np.column_stack([one.apply(prediction.uplift[:, k]) for k, one in enumerate(calibrations)])
    return Prediction(uplift, prediction.y0[:, None] + uplift, prediction.y0)


def predict(
    preprocess: Preprocess,
    learner: Learner,
    features: pd.DataFrame,
    contact_arms: int,
    progress: Progress = silent,
    *,
    threads: int | None = None,
    chunk: int = CHUNK,
) -> tuple[Prediction, dict[str, int], dict[str, int]]:
    """(Prediction of all rows, missing values per column, unseen values per column)."""
    n = len(features)
    uplift, y1, y0 = np.empty((n, contact_arms)), np.empty((n, contact_arms)), np.empty(n)
    missing: Counter[str] = Counter()
    unseen: Counter[str] = Counter()

    def work(start: int) -> Encoded:
        rows = slice(start, min(start + chunk, n))
        encoded = preprocess.transform(features.iloc[rows])
        predicted = learner.predict(encoded.X)
        uplift[rows], y1[rows], y0[rows] = predicted.uplift, predicted.y1, predicted.y0
        return replace(encoded, X=np.empty((0, 0)))  # only the counts live on

    progress("Scoring", 0.0)
    with ThreadPoolExecutor(threads or cpu_count()) as pool:
        for done, encoded in enumerate(pool.map(work, range(0, n, chunk)), start=1):
            missing.update(encoded.missing)
            unseen.update(encoded.unseen)
            progress("Scoring", min(done * chunk / n, 1.0))
    return Prediction(uplift, y1, y0), dict(missing), dict(unseen)
