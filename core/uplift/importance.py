"""Which features the ranking lives on: what is lost when a feature is shuffled, measured by outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from core.errors import DataError
from core.progress import Progress, silent
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence, FloatArray
from core.uplift.influence import Influenced, area_gained

Predict = Callable[[pd.DataFrame], FloatArray]
"""features (n, p) → uplift (n, K), by a model that has not learnt from these rows."""


def importance(
    evidence: Evidence,
    features: pd.DataFrame,
    predict: Predict,
    *,
    repeats: int = 3,
    seed: int = 0,
    progress: Progress = silent,
) -> pd.DataFrame:
    """One row a feature, most important first: feature, lost, lo, hi, share.

    lost: gain over random (`core.uplift.influence.area_gained`, outcome units per customer) that goes when
    the feature's values are shuffled between customers, mean of `repeats`; lo, hi: its interval, paired on
    the same customers. share: lost ÷ the whole gain, NaN where that is not above 0. features: (n, p)
    of the evidence's customers, in their order. Breiman (2001), on a measured gain instead of a fit.
    """
    if len(features) != evidence.customers:
        raise DataError(f"{len(features):,} rows of features for {evidence.customers:,} rows of evidence.")
    whole = _gain(evidence, predict(features))
    rng = np.random.default_rng(seed)
    rows = []
    columns = [str(c) for c in features.columns]
    for position, column in enumerate(columns):
        progress(f"Shuffling {column}", position / len(columns))
        lost = Influenced(0.0, np.zeros(evidence.customers))
        for _ in range(repeats):
            order = rng.permutation(evidence.customers)
            mixed = features.assign(**{column: features[column].iloc[order].array})
            lost = lost + (whole - _gain(evidence, predict(mixed))).times(1 / repeats)
        estimate = lost.estimate()
        share = estimate.value / whole.value if whole.value > 0 else np.nan
        rows.append((column, estimate.value, estimate.lo, estimate.hi, share))
    progress("Done", 1.0)
    table = pd.DataFrame(rows, columns=["feature", "lost", "lo", "hi", "share"])
    return table.sort_values("lost", ascending=False, kind="stable", ignore_index=True)


def _gain(evidence: Evidence, uplift: FloatArray) -> Influenced:
    scored = replace(evidence, uplift=np.asarray(uplift, np.float64).reshape(evidence.uplift.shape))
    return area_gained(contrast(scored), evidence.customers)
