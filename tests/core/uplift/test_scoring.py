"""Scoring: the same customer, the same bits, whatever the file, the chunk or the thread."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_campaigns import audience_of, campaign

from core.data.schema import Audience
from core.uplift.model import Model
from core.uplift.scoring import predict, score
from core.uplift.training import train


@pytest.fixture(scope="module")
def model() -> Model:
    return train(campaign(), "t-rf")


@pytest.mark.parametrize(("threads", "chunk"), [(1, 1), (1, 100), (4, 7), (8, 64), (2, 10_000)])
def test_scores_do_not_depend_on_threads_or_chunks(model: Model, threads: int, chunk: int) -> None:
    features = campaign(300, seed=1).features
    usual, _, _ = predict(model.preprocess, model.learner, features, 1)
    cut, _, _ = predict(model.preprocess, model.learner, features, 1, threads=threads, chunk=chunk)
    assert cut.uplift.tobytes() == usual.uplift.tobytes()
    assert cut.y0.tobytes() == usual.y0.tobytes()


def test_uplift_is_the_difference_of_the_two_outcomes(model: Model) -> None:
    scores = score(model, audience_of(campaign(300, seed=1)))
    np.testing.assert_array_equal(scores.uplift[:, 0], scores.y1[:, 0] - scores.y0)
    assert scores.arms == ("None", "Mail 1")


def test_unseen_and_missing_values_are_counted_over_all_chunks(model: Model) -> None:
    people = audience_of(campaign(50, seed=1))
    features = people.features.copy()
    features.loc[features.index[:30], "channel"] = "Carrier pigeon"
    features.loc[features.index[:20], "history"] = np.nan
    _, missing, unseen = predict(model.preprocess, model.learner, features, 1, chunk=7)
    assert unseen == {"channel": 30}
    assert missing == {"history": 20}
    scores = score(model, replace(people, features=features))
    assert np.isfinite(scores.uplift).all()
    assert (scores.unseen, scores.missing) == (unseen, missing)


def test_nobody_to_score_is_an_empty_answer(model: Model) -> None:
    people = audience_of(campaign(5))
    nobody = Audience(people.ids[:0], people.features[:0], people.extra[:0], {})
    assert score(model, nobody).uplift.shape == (0, 1)


def test_progress_reaches_the_end(model: Model) -> None:
    seen: list[float] = []
    score(model, audience_of(campaign(50)), lambda step, share: seen.append(share))
    assert seen[-1] == 1.0
