"""Training: the classic recipe to the cent, the same model for the same seed, clear words for the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_campaigns import audience_of, campaign
from sklearn.ensemble import RandomForestRegressor

from core.data.schema import Experiment, Feature, Roles
from core.errors import DataError, SettingError
from core.uplift.gain import ipw_cumulative_gain
from core.uplift.learners import LEARNERS
from core.uplift.scoring import score
from core.uplift.training import split, train

HILLSTROM_NUMERIC = ("recency", "history", "mens", "womens", "newbie")
HILLSTROM_CATEGORICAL = ("history_segment", "zip_code", "channel")


def any_mail(path: Path) -> Experiment:
    """Hillstrom's spend under any mail against none, without the package's own reader."""
    table = pd.read_csv(path)
    arm = (table["segment"] != "No E-Mail").to_numpy().astype(np.int8)
    features = pd.concat(
        [table[list(HILLSTROM_NUMERIC)].astype(np.float64), table[list(HILLSTROM_CATEGORICAL)]], axis=1
    )
    schema = (
        *(Feature(c, "numeric") for c in HILLSTROM_NUMERIC),
        *(Feature(c, "categorical") for c in HILLSTROM_CATEGORICAL),
    )
    share = float(arm.mean())
    return Experiment(
        ids=pd.Series(range(len(table))).astype("str"),
        arm=arm,
        arms=("No E-Mail", "any mail"),
        outcome=table["spend"].to_numpy(np.float64),
        features=features,
        schema=schema,
        propensities=(1 - share, share),
        roles=Roles(treatment="segment", control="No E-Mail", outcome="spend"),
    )


@pytest.mark.slow
def test_the_classic_recipe_gives_its_published_numbers(hillstrom_csv: Path) -> None:
    """Cumulative gain 1,671.50 at the top decile and 10,191.24 at 100 % by plain IPW with the treated
    share of the training rows; contacting everyone earns 2,257.37 at margin 0.30 and cost 0.05.

    Oracle: the recipe run with scikit-learn alone (300 trees, random_state=42, scikit-learn 1.9). Tie order:
    a stable sort, held-out rows as train_test_split returns them; the reverse order gives the same numbers.
    """
    experiment = any_mail(hillstrom_csv)
    evidence = train(experiment, "t-rf-deep", test_size=0.25, seed=42).evidence
    assert evidence is not None
    learnt_from, _ = split(experiment, 0.25, 42)
    share = float(experiment.treated[learnt_from].mean())
    treated = (evidence.arm > 0).astype(np.float64)
    for rows in (slice(None), slice(None, None, -1)):
        gain = ipw_cumulative_gain(evidence.uplift[rows, 0], treated[rows], evidence.outcome[rows], share)
        assert gain[1600 - 1] == pytest.approx(1671.50, abs=0.005)
        assert gain[-1] == pytest.approx(10191.24, abs=0.005)
        assert 0.30 * gain[-1] - 0.05 * 16_000 == pytest.approx(2257.37, abs=0.005)


def test_the_same_seed_gives_the_same_scores_to_the_byte() -> None:
    one, two = (train(campaign(), "t-rf", seed=7) for _ in range(2))
    other = train(campaign(), "t-rf", seed=8)
    everyone = audience_of(campaign())
    assert score(one, everyone).uplift.tobytes() == score(two, everyone).uplift.tobytes()
    assert score(one, everyone).uplift.tobytes() != score(other, everyone).uplift.tobytes()


def test_held_out_customers_are_scored_as_any_audience_is() -> None:
    model = train(campaign(), "t-rf")
    evidence = model.evidence
    assert evidence is not None
    scores = score(model, audience_of(campaign()))
    found = pd.Series(scores.uplift[:, 0], index=scores.ids).loc[evidence.ids].to_numpy()
    assert found.tobytes() == evidence.uplift[:, 0].tobytes()


def test_the_split_is_stratified_by_arm_and_nobody_is_on_both_sides() -> None:
    experiment = campaign(contact_arms=2)
    rows, held_out = split(experiment, 0.25, 3)
    assert sorted([*rows, *held_out]) == list(range(3000))
    whole = np.bincount(experiment.arm) / 3000
    np.testing.assert_allclose(np.bincount(experiment.arm[held_out]) / len(held_out), whole, atol=0.002)


def test_a_forest_grown_in_batches_is_the_forest_grown_at_once() -> None:
    """Oracle: RandomForestRegressor.fit with all trees, predict on one thread."""
    experiment = campaign(600)
    X = experiment.features[["recency", "history"]].to_numpy()
    learner = LEARNERS["t-rf-deep"].build(5)
    learner.fit(X, experiment.arm, experiment.outcome, propensities=experiment.propensities)
    treated = experiment.treated
    forest = RandomForestRegressor(300, random_state=5).fit(X[treated], experiment.outcome[treated])
    np.testing.assert_array_equal(learner.predict(X).y1[:, 0], forest.predict(X))


@pytest.mark.parametrize("contact_arms", [1, 2])
def test_a_strong_effect_is_found_in_every_arm(contact_arms: int) -> None:
    """Known truth of the made campaign: 2 per arm number for the web, 0 elsewhere."""
    experiment = campaign(20_000, contact_arms=contact_arms)
    scores = score(train(experiment, "t-rf"), audience_of(experiment))
    web = (experiment.features["channel"] == "Web").to_numpy()
    for k in range(contact_arms):
        assert scores.uplift[web, k].mean() == pytest.approx(2.0 * (k + 1), abs=0.5)
        assert scores.uplift[~web, k].mean() == pytest.approx(0.0, abs=0.5)


def test_progress_names_the_steps_and_never_goes_back() -> None:
    seen: list[tuple[str, float]] = []
    train(campaign(), "t-rf", progress=lambda step, share: seen.append((step, share)))
    assert list(dict.fromkeys(step for step, _ in seen)) == [
        "Splitting",
        "Learning from contacted customers",
        "Learning from the control group",
        "Scoring held-out customers",
    ]
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_too_few_customers_in_an_arm_is_said_with_the_arm() -> None:
    experiment = campaign(40)
    arm = np.zeros(40, dtype=np.int8)
    arm[:3] = 1
    with pytest.raises(DataError, match="Arm 'Mail 1' has 3 customers"):
        train(replace(experiment, arm=arm), "t-rf")


def test_forty_customers_train_without_a_fault() -> None:
    model = train(campaign(40), "t-rf")
    assert model.evidence is not None
    assert np.isfinite(model.evidence.uplift).all()


@pytest.mark.parametrize("size", [0.0, 1.0, -0.1, float("nan")])
def test_a_test_size_out_of_bounds_is_refused(size: float) -> None:
    with pytest.raises(SettingError, match="test size"):
        train(campaign(100), "t-rf", test_size=size)


def test_an_unknown_learner_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(SettingError, match="t-rf-deep"):
        train(campaign(100), "forest-of-dreams")
