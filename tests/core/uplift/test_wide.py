"""Files of many columns: each fit reads those that tell most of the customers it learns from, no others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from made_campaigns import campaign
from sklearn.ensemble import HistGradientBoostingRegressor

from core.data.schema import Experiment, Feature
from core.uplift.crossfit import cross_fit, fit
from core.uplift.learners import LEARNERS
from core.uplift.learners.binning import binned
from core.uplift.learners.screened import COLUMNS, MOST, Screened, most_telling
from core.uplift.learners.trees import Trees


def wide(rows: int, columns: int, seed: int) -> Experiment:
    """A made campaign with columns of noise behind its own."""
    e, rng = campaign(rows, seed), np.random.default_rng(seed)
    noise = pd.DataFrame(rng.normal(size=(rows, columns)), columns=[f"x{k}" for k in range(columns)])
    schema = (*(Feature(name, "numeric") for name in noise), *e.schema)
    schema = tuple(sorted(schema, key=lambda feature: feature.kind != "numeric"))
    return replace(e, features=pd.concat([noise, e.features], axis=1), schema=schema)


def test_the_columns_that_matter_are_found_among_a_thousand_and_kept_with_the_model() -> None:
    """By construction: history moves the outcome, the channel Web the effect."""
    e = wide(3000, 1000, 0)
    info = LEARNERS["t-ridge"]
    preprocess, learner = fit(e, info, 0)
    assert isinstance(learner, Screened)
    assert learner.columns is not None
    assert len(learner.columns) == MOST
    chosen = {preprocess.names[column] for column in learner.columns}
    assert {"history", "channel=Web"} <= chosen
    X = preprocess.transform(e.features).X
    again = info.restore(learner.parts())
    assert again.predict(X).uplift.tobytes() == learner.predict(X).uplift.tobytes()
    _, narrow = fit(campaign(), info, 0)
    assert COLUMNS not in narrow.parts()


def test_no_outcome_of_a_customer_chooses_the_columns_the_customer_is_scored_by() -> None:
    """Pure noise: the scores of unseen customers agree with their outcomes by chance alone (4 s.e.).

    Columns chosen from all rows agree with them far beyond that: the wrong way to cross-validate.
    """
    rng = np.random.default_rng(1)
    e = wide(600, 2000, 1)
    e = replace(e, outcome=rng.exponential(size=600), arm=rng.integers(0, 2, 600).astype(np.int8))
    sign = np.where(e.arm == 1, 1.0, -1.0) * (e.outcome - e.outcome.mean())
    score = cross_fit(e, LEARNERS["t-ridge"], repeats=1).uplift[:, 0]
    assert abs(np.corrcoef(score, sign)[0, 1]) < 4 / np.sqrt(600)
    numbers = e.features.drop(columns="channel").to_numpy(np.float64)
    leaked = most_telling(numbers, e.arm, e.outcome, MOST)
    few = e.features.iloc[:, leaked].copy()
    honest_no_more = replace(e, features=few, schema=tuple(Feature(c, "numeric") for c in few))
    score = cross_fit(honest_no_more, LEARNERS["t-ridge"], repeats=1).uplift[:, 0]
    assert np.corrcoef(score, sign)[0, 1] > 8 / np.sqrt(600)


def test_trees_learnt_from_bins_read_the_values_themselves() -> None:
    """Oracle: the library's prediction from the bins; a missing value stays missing."""
    rng = np.random.default_rng(0)
    X = np.column_stack((rng.normal(size=3000), rng.gamma(1.0, 1.0, 3000), rng.integers(0, 9, 3000)))
    X[rng.random(3000) < 0.2, 1] = np.nan
    y = X[:, 0] + np.nan_to_num(X[:, 1]) * X[:, 2]
    codes, edges = binned(X)
    assert sorted(edges) == [0, 1]
    weight = rng.uniform(0.5, 2.0, 3000)
    model = HistGradientBoostingRegressor(max_iter=40, early_stopping=False).fit(codes, y, weight)
    assert Trees.of(model, edges).predict(X).tobytes() == model.predict(codes).tobytes()
