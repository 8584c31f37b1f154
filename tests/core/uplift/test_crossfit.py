"""Cross-fitting: nobody is scored by a model that has seen them; auto compares on the same rows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_campaigns import audience_of, campaign
from threadpoolctl import threadpool_info, threadpool_limits

from core.errors import DataError
from core.uplift import crossfit, training
from core.uplift.crossfit import cross_fit
from core.uplift.folds import stratified_folds
from core.uplift.learners import LEARNERS, LearnerInfo, Prediction, learner_info
from core.uplift.learners.bases import one_thread
from core.uplift.model import load, save
from core.uplift.scoring import score
from core.uplift.training import AUTO, train

QUICK = ("x-hgb", "t-ridge", "segments")


class Remembers:
    """A learner whose uplift is 1 for customers it has learnt from; `recency` tells customers apart."""

    def __init__(self, seed: int) -> None:
        self.seen: set[float] = set()

    def fit(self, X: np.ndarray, arm: np.ndarray, y: np.ndarray, **_: Any) -> None:
        self.seen = set(X[:, 0])

    def predict(self, X: np.ndarray) -> Prediction:
        known = np.array([float(value in self.seen) for value in X[:, 0]])
        return Prediction(known[:, None], known[:, None], np.ones(len(X)))

    def parts(self) -> dict[str, Any]:
        return {"learner.joblib": self}

    @classmethod
    def restore(cls, parts: Mapping[str, Any]) -> Remembers:
        return parts["learner.joblib"]


def test_nobody_is_scored_by_a_model_that_has_seen_them() -> None:
    experiment = campaign(101)
    experiment = replace(experiment, features=experiment.features.assign(recency=np.arange(101.0)))
    info = LearnerInfo("remembers", "", "", build=Remembers, restore=Remembers.restore)
    evidence = cross_fit(experiment, info, repeats=3, seed=1)
    assert not evidence.uplift.any()
    np.testing.assert_allclose(evidence.y0, 1.0)  # scored exactly once in every repeat
    assert evidence.ids.equals(experiment.ids)


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(2, 7), st.integers(0, 5))
def test_folds_share_out_every_stratum_evenly(strata: list[int], folds: int, seed: int) -> None:
    fold = stratified_folds(np.array(strata), folds, np.random.default_rng(seed))
    for value in set(strata):
        counts = np.bincount(fold[np.array(strata) == value], minlength=folds)
        assert counts.max() - counts.min() <= 1
    sizes = np.bincount(fold, minlength=folds)
    assert sizes.max() - sizes.min() <= 1


def test_cross_fitted_scores_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 4):
        monkeypatch.setattr(crossfit, "cpu_count", lambda threads=threads: threads)
        found.append(cross_fit(campaign(1000), LEARNERS["x-hgb"], seed=2).uplift.tobytes())
    assert found[0] == found[1]


class Looks(Remembers):
    """A learner that, while fitted beside others, looks on how many threads linear algebra runs."""

    seen_threads: ClassVar[set[int]] = set()

    def fit(self, X: np.ndarray, arm: np.ndarray, y: np.ndarray, **_: Any) -> None:
        for _time in range(8):  # fits set and restore the number beside one another
            with one_thread():
                time.sleep(0.001 * (1 + int(X[0, 0]) % 5))
                self.seen_threads.update(threads())


def threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_fits_side_by_side_keep_linear_algebra_on_one_thread_and_leave_it_as_it_was() -> None:
    """Else the last bits of a leaderboard depend on which fit ended when."""
    info = LearnerInfo("looks", "", "", build=Looks, restore=Looks.restore)
    with threadpool_limits(limits=2, user_api="blas"):
        before = threads()
        cross_fit(campaign(300), info)
        assert before == {2}
        assert threads() == before
    assert Looks.seen_threads == {1}


def test_an_arm_smaller_than_the_number_of_folds_is_named() -> None:
    experiment = campaign(60)
    arm = np.zeros(60, dtype=np.int8)
    arm[:4] = 1
    with pytest.raises(DataError, match="Arm 'Mail 1' has 4 customers"):
        train(replace(experiment, arm=arm), "x-hgb")


def test_every_customer_is_evidence_and_the_final_fit_knows_them_all() -> None:
    model = train(campaign(2000), "x-hgb")
    assert model.evidence is not None
    assert model.evidence.customers == 2000
    assert (model.meta.test_size, model.meta.n_train, model.meta.n_test) == (None, 2000, 2000)
    assert model.meta.calibration in (("isotonic",), ("slope",), ("ate",))


def test_calibrated_scores_have_the_average_effect_as_their_mean() -> None:
    """Oracle: the difference in mean outcomes."""
    experiment = campaign(4000)
    model = train(experiment, "x-hgb")
    effect = experiment.outcome[experiment.treated].mean() - experiment.outcome[~experiment.treated].mean()
    assert score(model, audience_of(experiment)).uplift.mean() == pytest.approx(effect, rel=0.05)
    assert model.evidence is not None
    assert model.evidence.uplift.mean() == pytest.approx(effect, rel=0.05)


@pytest.mark.parametrize("learner", ["x-hgb", "t-ridge"])
def test_a_named_share_is_held_out_of_learning_and_of_calibration(learner: str) -> None:
    experiment = campaign(2000)
    model = train(experiment, learner, test_size=0.25)
    assert model.evidence is not None
    assert (model.evidence.customers, model.meta.n_train) == (500, 1500)
    assert model.meta.test_size == 0.25
    assert model.calibrations
    # Their outcomes may be anything: the model stays the same.
    outcome = experiment.outcome.copy()
    outcome[experiment.ids.isin(model.evidence.ids).to_numpy()] = 7.0
    other = train(replace(experiment, outcome=outcome), learner, test_size=0.25)
    everyone = audience_of(experiment)
    assert score(other, everyone).uplift.tobytes() == score(model, everyone).uplift.tobytes()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """auto over three learners only."""
    monkeypatch.setattr(training, "LEARNERS", {name: LEARNERS[name] for name in QUICK})


@pytest.mark.usefixtures("quick")
def test_auto_compares_all_on_the_same_customers_and_keeps_one(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    model = train(campaign(3000), AUTO, progress=lambda step, share: seen.append((step, share)))
    board = model.leaderboard
    assert board is not None
    assert {entry.learner for entry in board.entries} == set(QUICK)
    assert board.champion == model.meta.learner
    assert board.customers == 3000
    titles = [learner_info(name).title for name in QUICK]
    assert {f"Trying {title} on customers it has not seen" for title in titles} < {step for step, _ in seen}
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    save(model, tmp_path / "auto")
    again = load(tmp_path / "auto")
    assert again.leaderboard == board
    everyone = audience_of(campaign(3000))
    assert score(again, everyone).uplift.tobytes() == score(model, everyone).uplift.tobytes()


@pytest.mark.usefixtures("quick")
def test_auto_is_the_same_for_the_same_seed_and_takes_a_held_out_share() -> None:
    one, two = (train(campaign(1200), AUTO, seed=5, test_size=0.25) for _ in range(2))
    everyone = audience_of(campaign(1200))
    assert one.meta.learner == two.meta.learner
    assert score(one, everyone).uplift.tobytes() == score(two, everyone).uplift.tobytes()
    assert one.evidence is not None
    assert one.evidence.customers == 300


def test_auto_leaves_out_only_learners_with_a_caution() -> None:
    assert set(LEARNERS) - set(training.candidates()) == {"t-rf-deep"}


@pytest.mark.parametrize("learner", [name for name in LEARNERS if not name.startswith("t-rf")])
def test_every_learner_comes_back_from_its_folder_to_the_byte(learner: str, tmp_path: Path) -> None:
    experiment = campaign(500, contact_arms=2)
    model = train(experiment, learner)
    save(model, tmp_path / "kept")
    again = load(tmp_path / "kept")
    everyone = audience_of(experiment)
    assert score(again, everyone).uplift.tobytes() == score(model, everyone).uplift.tobytes()
    assert again.meta.learner == learner


def test_segments_of_customers_who_do_not_differ_are_drawn_to_the_average_by_calibration() -> None:
    """Known truth: contact adds 1 to everyone; segments found on noise are not believed."""
    experiment = campaign(4000, seed=9)
    rng = np.random.default_rng(9)
    experiment = replace(experiment, outcome=rng.exponential(1.0, 4000) + experiment.arm)
    model = train(experiment, "segments")
    raw = replace(model, calibrations=())
    believed, found = (np.ptp(score(one, audience_of(experiment)).uplift) for one in (model, raw))
    assert believed < 0.5 * found


def test_forty_customers_train_by_auto_without_a_fault() -> None:
    model = train(campaign(40), AUTO)
    assert model.evidence is not None
    assert np.isfinite(model.evidence.uplift).all()
