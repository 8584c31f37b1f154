"""Every learner finds what is there, bears hard campaigns, and gives the same bits on any machine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_campaigns import campaign
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from core.data.schema import Experiment
from core.errors import SettingError
from core.uplift.crossfit import fit
from core.uplift.learners import LEARNERS, learner_info
from core.uplift.learners.bases import Boosting, Linear
from core.uplift.learners.effects import DRLearner, RLearner, XLearner
from core.uplift.learners.interface import Prediction
from core.uplift.learners.segments import SegmentTable
from core.uplift.learners.trees import Trees
from core.uplift.learners.two_part import TwoPart

USUAL = [name for name in LEARNERS if name != "t-rf-deep"]
OF_VALUE = [name for name in USUAL if name != "two-part"]
"""Two-part assumes that contact leaves the size of orders alone; the made campaign changes only that."""


def learnt(experiment: Experiment, name: str, seed: int = 0) -> Prediction:
    preprocess, learner = fit(experiment, LEARNERS[name], seed)
    return learner.predict(preprocess.transform(experiment.features).X)


def web(experiment: Experiment) -> np.ndarray:
    return (experiment.features["channel"] == "Web").to_numpy()


@pytest.mark.parametrize("name", OF_VALUE)
def test_customers_who_are_changed_are_told_from_those_who_are_not(name: str) -> None:
    """Known truth: contact adds 2 to customers of the web and 0 to others."""
    experiment = campaign(9000)
    found = learnt(experiment, name).uplift[:, 0]
    there = web(experiment)
    assert found[there].mean() - found[~there].mean() > 1.0


def test_two_part_finds_a_change_in_the_chance_to_buy() -> None:
    """Known truth: contact adds 20 points to the web's chance to buy; an order is worth 10, bought or not."""
    experiment = campaign(9000)
    rng = np.random.default_rng(1)
    chance = 0.1 + 0.2 * experiment.arm * web(experiment)
    outcome = 10.0 * (rng.random(9000) < chance)
    found = learnt(replace(experiment, outcome=outcome), "two-part").uplift[:, 0]
    assert found[web(experiment)].mean() == pytest.approx(2.0, abs=0.6)
    assert found[~web(experiment)].mean() == pytest.approx(0.0, abs=0.6)


@pytest.mark.parametrize("name", OF_VALUE)
def test_several_arms_have_an_effect_each_and_y1_is_y0_plus_uplift(name: str) -> None:
    predicted = learnt(campaign(3000, contact_arms=2), name)
    assert predicted.uplift.shape == predicted.y1.shape == (3000, 2)
    np.testing.assert_allclose(predicted.y1, predicted.y0[:, None] + predicted.uplift, atol=1e-12)
    assert predicted.uplift[:, 1].mean() > predicted.uplift[:, 0].mean()


@pytest.mark.parametrize("name", USUAL)
def test_hard_campaigns_are_learnt_without_a_fault(name: str) -> None:
    """All outcomes zero; features that never vary; numbers and values missing; ten customers."""
    usual = campaign(400)
    gaps = usual.features.copy()
    gaps.loc[gaps.index[::3], "history"] = np.nan
    gaps.loc[gaps.index[::4], "channel"] = None
    flat = usual.features.assign(recency=1.0, history=np.nan, channel="Web")
    flat["channel"] = flat["channel"].astype("str")
    few = campaign(10, seed=3)
    for experiment in (
        replace(usual, outcome=np.zeros(400)),
        replace(usual, features=flat),
        replace(usual, features=gaps),
        few,
    ):
        predicted = learnt(experiment, name)
        assert np.isfinite(predicted.uplift).all()
        assert np.isfinite(predicted.y0).all()


@pytest.mark.parametrize("name", ["x-hgb", "dr-hgb", "s-hgb", "t-ridge", "two-part", "segments"])
def test_the_number_of_threads_changes_no_bit(name: str) -> None:
    found = []
    for threads in (1, 2, 4):
        with threadpool_limits(threads):
            found.append(learnt(campaign(2500), name).uplift.tobytes())
    assert len(set(found)) == 1


@pytest.mark.parametrize("name", [name for name in USUAL if name not in ("t-rf", "segments")])
def test_a_customer_is_scored_the_same_alone_and_among_others(name: str) -> None:
    experiment = campaign(1500)
    preprocess, learner = fit(experiment, LEARNERS[name], 0)
    X = preprocess.transform(experiment.features).X
    whole = learner.predict(X)
    for rows in (slice(0, 1), slice(3, 10), slice(5, 900)):
        assert learner.predict(X[rows]).uplift.tobytes() == whole.uplift[rows].tobytes()


@threadpool_limits.wrap(limits=1)
def test_the_trees_give_the_bits_of_the_library_with_missing_values_too() -> None:
    """Oracle: HistGradientBoostingRegressor.predict."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 4))
    X[rng.random(5000) < 0.2, 1] = np.nan
    y = X[:, 0] + np.where(np.isnan(X[:, 1]), 1.0, 0.0) * X[:, 2] + rng.normal(size=5000)
    model = HistGradientBoostingRegressor(max_iter=40, max_leaf_nodes=6, early_stopping=False).fit(X, y)
    fresh = rng.normal(size=(3000, 4))
    fresh[rng.random((3000, 4)) < 0.2] = np.nan
    assert Trees.of(model).predict(fresh).tobytes() == model.predict(fresh).tobytes()


@threadpool_limits.wrap(limits=1)
def test_the_x_learner_is_its_four_regressions() -> None:
    """Künzel et al. (2019), equations 3 to 9, written out with scikit-learn."""
    experiment = campaign(4000)
    X = experiment.features[["recency", "history"]].to_numpy()
    arm, y, share = experiment.arm, experiment.outcome, 0.3
    learner = XLearner(Boosting(0), 0)
    learner.fit(X, arm, y, propensities=(0.7, 0.3))

    def shallow(rows: np.ndarray, target: np.ndarray) -> HistGradientBoostingRegressor:
        return HistGradientBoostingRegressor(
            max_iter=60,
            learning_rate=0.05,
            max_leaf_nodes=4,
            min_samples_leaf=200,
            early_stopping=False,
        ).fit(X[rows], target)

    t, c = arm == 1, arm == 0
    mu0, mu1 = shallow(c, y[c]), shallow(t, y[t])
    tau1 = shallow(t, y[t] - mu0.predict(X[t]))
    tau0 = shallow(c, mu1.predict(X[c]) - y[c])
    expected = share * tau0.predict(X) + (1 - share) * tau1.predict(X)
    np.testing.assert_allclose(learner.predict(X).uplift[:, 0], expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(learner.predict(X).y0, mu0.predict(X), rtol=0, atol=1e-12)


def test_r_and_dr_are_the_same_where_half_are_contacted() -> None:
    """By algebra: at share 1/2 the residual over the exposure is the doubly robust score, all weights 1/4."""
    experiment = campaign(3000)
    X = experiment.features[["recency", "history"]].to_numpy()
    found = []
    for learner in (RLearner(Linear(), 4), DRLearner(Linear(), 4)):
        learner.fit(X, experiment.arm, experiment.outcome, propensities=(0.5, 0.5))
        found.append(learner.predict(X).uplift)
    np.testing.assert_allclose(found[0], found[1], atol=0.02)


def test_the_logistic_line_is_the_librarys() -> None:
    """Oracle: StandardScaler and LogisticRegression in a pipeline."""
    rng = np.random.default_rng(0)
    X = rng.normal([0.0, 50.0, 1.0], [1.0, 9.0, 0.0], size=(800, 3))
    y = (rng.random(800) < 0.3 + 0.2 * (X[:, 0] > 0)).astype(float)
    theirs = make_pipeline(StandardScaler(), LogisticRegression(C=0.01)).fit(X, y).predict_proba(X)[:, 1]
    np.testing.assert_allclose(Linear().fit(X, y).predict(X), theirs, atol=1e-12)


def test_segments_are_differences_in_means_where_the_truth_is_loud() -> None:
    """Brute force: two groups of 5,000 whose effects are far apart are hardly shrunk."""
    rng = np.random.default_rng(2)
    group, arm = rng.integers(0, 2, 10_000), rng.integers(0, 2, 10_000).astype(np.int8)
    y = rng.normal(size=10_000) + np.where(group == 1, 3.0, -1.0) * arm
    table = SegmentTable(0)
    table.fit(group[:, None].astype(float), arm, y, propensities=(0.5, 0.5))
    found = table.predict(np.array([[0.0], [1.0]])).uplift[:, 0]
    for g in (0, 1):
        mine = group == g
        brute = y[mine & (arm == 1)].mean() - y[mine & (arm == 0)].mean()
        assert found[g] == pytest.approx(brute, abs=0.02)


def test_two_part_on_a_yes_or_no_outcome_is_the_chance_itself() -> None:
    experiment = campaign(3000)
    X = experiment.features[["recency", "history"]].to_numpy()
    y = (experiment.outcome > 2).astype(float)
    two, chance = TwoPart(Linear(), 0), XLearner(Linear(), 0)
    for learner in (two, chance):
        learner.fit(X, experiment.arm, y, propensities=(0.5, 0.5))
    np.testing.assert_array_equal(two.predict(X).uplift, chance.predict(X).uplift)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SettingError, match="x-hgb"):
        learner_info("y-hgb")


def test_a_learner_whose_package_is_not_here_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(LEARNERS, "x-catboost", raising=False)
    with pytest.raises(SettingError, match=r"needs the package catboost.*pip install catboost"):
        learner_info("x-catboost")
