"""Contact that was likelier for some by design: blocked without the probabilities, unbiased with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_evidence import evidence

from core.data.schema import Experiment, Roles
from core.errors import DataError, SettingError
from core.policy.best_share import chosen_best
from core.policy.rule import best_first, everyone
from core.policy.terms import Terms
from core.policy.value import compare, given_choice
from core.uplift import crossfit
from core.uplift.balance import balance, joint_test
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence
from core.uplift.experiment import experiment
from core.uplift.gain import curve_of, gain_curve
from core.uplift.health import health
from core.uplift.influence import area_gained, share_gain
from core.uplift.learners import Prediction, learner_info
from core.uplift.planned import planned_shares
from core.uplift.training import fingerprint

PLAIN = Roles("mail", "no", "spend", features=("history", "age"))
STATED = replace(PLAIN, propensity="chance")
UNNAMED = replace(STATED, features=())


def designed(history: np.ndarray) -> np.ndarray:
    """Contact was likelier for good customers: 15 % to 85 %."""
    return 0.15 + 0.7 * history


def drawn(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """A campaign, its true effects 2·history - 0.4 and the chance of contact; spend rises with history."""
    rng = np.random.default_rng(seed)
    history = rng.random(rows)
    chance, effect = designed(history), 2.0 * history - 0.4
    contacted = rng.random(rows) < chance
    spend = (3.0 + 4.0 * history + effect * contacted) * rng.exponential(1.0, rows)
    frame = pd.DataFrame(
        {"mail": np.where(contacted, "yes", "no"), "spend": spend, "history": history, "chance": chance}
    )
    return frame.assign(age=rng.integers(18, 80, rows)), effect, chance


def scored(frame: pd.DataFrame, chance: np.ndarray) -> Evidence:
    """Scores that rank by the age as much as by what matters; outcomes predicted badly."""
    score = frame["history"].to_numpy() + frame["age"].to_numpy() / 100
    ids, arm = frame.index.to_series().astype("str"), (frame["mail"] == "yes").to_numpy().astype(np.int8)
    shares, y0 = (1 - chance.mean(), chance.mean()), np.full(len(frame), 4.0)
    spend, score = frame["spend"].to_numpy(), score[:, None]
    return Evidence(ids, arm, spend, score, score + 4.0, y0, ("no", "yes"), shares, chance)


def codes(campaign: Experiment) -> dict[str, str]:
    return {f.code: f.severity for f in reversed(health(campaign).findings)}


def test_measured_profit_is_blocked_without_the_probabilities_and_shown_with_them() -> None:
    frame, _, _ = drawn(4000, 1)
    assert health(experiment(frame.drop(columns="chance"), PLAIN)).blocked
    campaign = experiment(frame, UNNAMED)
    found = health(campaign)
    assert not found.blocked
    assert [f.column for f in campaign.schema] == ["history", "age"]  # the probability is none of them
    assert {item.code for item in campaign.left_out} == set()
    told = next(f for f in found.findings if f.code == "propensity")
    assert told.severity == "note"
    assert "weighted by the stated probabilities of contact, 15.0 % to 85.0 %" in told.sentence
    unweighted = balance(replace(campaign, propensity=None))["smd"].abs().max()
    assert found.balance["smd"].abs().max() < 0.1 < unweighted


@pytest.mark.parametrize("wrong", ["turned", "weaker", "too many"])
def test_probabilities_that_are_not_the_campaigns_still_block(wrong: str) -> None:
    frame, _, chance = drawn(4000, 2)
    stated = {"turned": 1 - chance, "weaker": 0.5 + (chance - 0.5) / 2, "too many": 0.1 + 0.9 * chance}[wrong]
    campaign = experiment(frame.assign(chance=stated), UNNAMED)
    assert health(campaign).blocked
    assert codes(campaign)["ratio" if wrong == "too many" else "balance"] == "problem"


def test_the_joint_test_and_the_search_for_columns_keep_their_level_given_the_probabilities() -> None:
    """200 campaigns: 5 % of p-values below 0.05; a column written after the contact is still found."""
    low, lost = [], 0
    for seed in range(200):
        frame, _, _ = drawn(500, seed)
        campaign = experiment(frame, UNNAMED)
        low.append(joint_test(campaign).p < 0.05)
        lost += len(campaign.left_out)
    assert 0.01 <= np.mean(low) <= 0.10
    assert lost <= 6  # at most 1 % of campaigns lose one: more than six of 200 has probability 0.5 %
    frame, _, _ = drawn(2000, 1)
    opened = (frame["mail"] == "yes") & (np.random.default_rng(0).random(2000) < 0.2)
    after = experiment(frame.assign(opened=opened.astype(int)), UNNAMED)
    assert {item.column: item.code for item in after.left_out} == {"opened": "chose"}


def test_effect_and_gain_are_unbiased_and_their_intervals_cover() -> None:
    """Known truth: the average effect is 0.6; what the best 30 % by score gain comes from their own effects.

    300 campaigns: the mean misses by at most three standard errors of itself, 90 % intervals hold in 86-95 %.
    """
    terms = Terms(np.ones(1), np.zeros(1))
    misses: dict[str, list[float]] = {
        name: [] for name in ("effect", "gain", "influence", "ipw", "aipw", "given")
    }
    covered: dict[str, list[bool]] = {name: [] for name in misses}
    unweighted = []
    many, true, _ = drawn(400_000, 10_000)
    score = many["history"].to_numpy() + many["age"].to_numpy() / 100
    best = 0.3 * float(true[np.argsort(-score)[:120_000]].mean())
    for seed in range(300):
        frame, _, chance = drawn(1000, seed)
        e = scored(frame, chance)
        rows, choice = contrast(e), best_first(e, terms, 0.3)
        value = compare(e, terms, {"best": choice})[0]
        listed = given_choice(e, terms, choice)
        assert value.ipw is not None and value.aipw is not None and listed is not None
        found = {
            "effect": (rows.effect, 0.6),
            "gain": (curve_of(rows, band=False).at(0.3), best),
            "influence": (share_gain(rows, 0.3, e.customers).estimate(), best),
            "ipw": (value.ipw, best),
            "aipw": (value.aipw, best),
            "given": (listed.estimate(), best),
        }
        for name, (estimate, truth) in found.items():
            misses[name].append(estimate.value - truth)
            covered[name].append(estimate.lo <= truth <= estimate.hi)
        unweighted.append(contrast(replace(e, propensity=None)).effect.value - 0.6)
    for name, miss in misses.items():
        assert abs(np.mean(miss)) < 3 * np.std(miss) / np.sqrt(300), name
        assert 0.86 <= np.mean(covered[name]) <= 0.95, (name, np.mean(covered[name]))
    assert np.mean(unweighted) > 1.0  # what the weights take away: the better customers were contacted


@pytest.mark.parametrize("name", ["dr-hgb", "r-hgb", "segments"])
def test_learners_that_weigh_are_not_misled_by_what_decided_on_the_contact(name: str) -> None:
    """Known truth: 0.6 on average; what decided is no feature, so that only the weights can help."""
    frame, _, _ = drawn(10_000, 4)
    campaign = experiment(frame, replace(STATED, features=("age",)))
    found = []
    for one in (campaign, replace(campaign, propensity=None)):
        preprocess, learner = crossfit.fit(one, learner_info(name), 0)
        found.append(learner.predict(preprocess.transform(one.features).X).uplift.mean())
    assert found[0] == pytest.approx(0.6, abs=0.4)  # three standard errors
    assert found[1] > 1.4


def test_one_probability_for_all_gives_the_numbers_of_an_experiment_without_any() -> None:
    """Closed form: equal weights cancel in every Hájek mean; at half and half 1 ÷ 0.5 is exact."""
    plain = evidence(600, 3, levels=7, share=0.5)
    plain = replace(plain, y0=plain.y0 + 0.5)
    stated = replace(plain, propensity=np.full(600, 0.5))
    one, other = contrast(plain), contrast(stated)
    assert other.effect == one.effect
    np.testing.assert_array_equal(other.effect_scores, one.effect_scores)
    assert other.variance_contacted == one.variance_contacted
    pd.testing.assert_frame_equal(gain_curve(stated).to_frame(), gain_curve(plain).to_frame(), rtol=1e-12)
    assert area_gained(other, 600).estimate() == area_gained(one, 600).estimate()
    terms = Terms(np.array([0.5]), np.array([0.1]))
    policies = {"all": everyone(plain), "best": best_first(plain, terms, 0.4)}
    assert compare(stated, terms, policies) == compare(plain, terms, policies)
    chosen, of_plain = chosen_best(stated, terms), chosen_best(plain, terms)
    assert chosen is not None
    assert of_plain is not None
    assert chosen.value == of_plain.value


def test_one_probability_for_all_is_hansen_and_bowers_joint_test() -> None:
    """Closed form at equal counts: both are n₀n₁/n · d' S⁻ d, up to n ÷ (n - 1)."""
    frame, _, _ = drawn(600, 5)
    campaign = experiment(frame, STATED)
    arm = np.random.default_rng(0).permutation(np.arange(600) % 2).astype(np.int8)
    stated = replace(campaign, arm=arm, propensity=np.full(600, 0.5))
    one, other = joint_test(replace(stated, propensity=None)), joint_test(stated)
    assert other.degrees == one.degrees
    assert other.statistic == pytest.approx(one.statistic * 600 / 599, rel=1e-9)


def test_probabilities_stay_with_their_customers_in_subsets_and_on_disk(tmp_path) -> None:
    frame, _, chance = drawn(300, 7)
    campaign = experiment(frame, STATED)
    e = crossfit.evidence(campaign, Prediction(np.ones((300, 1)), np.ones((300, 1)), np.zeros(300)))
    rows = np.flatnonzero(frame["age"] > 40)
    np.testing.assert_array_equal(crossfit.subset(campaign, rows).propensity, chance[rows])
    np.testing.assert_array_equal(e.at(rows).propensity, chance[rows])
    e.to_frame().to_parquet(tmp_path / "evidence.parquet")
    back = Evidence.from_frame(pd.read_parquet(tmp_path / "evidence.parquet"))
    np.testing.assert_array_equal(back.propensity, chance)
    assert back.propensities == e.propensities == pytest.approx((1 - chance.mean(), chance.mean()))
    old = Evidence.from_frame(replace(e, propensity=None).to_frame())
    assert old.propensity is None
    assert fingerprint(replace(campaign, propensity=chance / 2)) != fingerprint(campaign)


def test_wrong_probabilities_are_named_by_row_and_column() -> None:
    frame = drawn(50, 8)[0].astype("str")
    frame.loc[0, "chance"], frame.loc[1, "chance"], frame.loc[2, "chance"] = "1", "-0.2", "often"
    frame.loc[3, "chance"], frame.loc[4, "chance"], frame.loc[5, "chance"] = None, "35", "n/a"
    with pytest.raises(DataError) as caught:
        experiment(frame, STATED)
    assert [(p.row, p.column) for p in caught.value.problems] == [(k, "chance") for k in range(2, 8)]
    assert all(p.fix for p in caught.value.problems)


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (replace(STATED, propensity="chanse"), "Did you mean 'chance'?"),
        (replace(STATED, propensity="mail"), "treatment, outcome, id and propensity at once"),
        (replace(STATED, features=("chance", "age")), "The propensity cannot be a feature too"),
        (replace(STATED, arms=("yes", "twice")), "fits one kind of contact; 2 are told apart"),
    ],
)
def test_propensity_columns_that_do_not_fit_are_named(roles: Roles, words: str) -> None:
    frame = drawn(60, 9)[0]
    frame.loc[:9, "mail"] = "twice"
    with pytest.raises(DataError, match=words.replace("?", r"\?")):
        experiment(frame, roles)
    assert experiment(frame, STATED).pooled == ("twice", "yes")  # several kinds that count as one are one


def test_evidence_refuses_what_is_no_probability() -> None:
    e = evidence(100, 1)
    for wrong in (np.full(100, 1.0), np.full(99, 0.5), np.full(100, np.nan)):
        with pytest.raises(DataError, match="probabilities of contact"):
            replace(e, propensity=wrong)
    with pytest.raises(DataError, match="one contact arm"):
        replace(evidence(100, 1, contact_arms=2), propensity=np.full(100, 0.5))


def test_shares_beside_probabilities_are_one_too_many() -> None:
    with pytest.raises(SettingError, match="State one or the other"):
        planned_shares("no=0.5,yes=0.5", experiment(drawn(60, 3)[0], STATED))
