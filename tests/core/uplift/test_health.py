"""Experiment health: what must be said before any number is believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_campaigns import campaign

from core.data.schema import Experiment, Feature, LeftOut, Roles
from core.data.simulate import simulate
from core.errors import SettingError
from core.uplift.balance import balance, joint_test, sample_ratio_p, simple_plan
from core.uplift.dependence import may_have_decided
from core.uplift.experiment import experiment
from core.uplift.health import Health, health


def severities(found: Health) -> dict[str, str]:
    return {f.code: f.severity for f in reversed(found.findings)}  # the most severe of a code


def with_feature(e: Experiment, name: str, values: object, kind: str = "numeric") -> Experiment:
    features = e.features.assign(**{name: values})
    return replace(e, features=features, schema=(*e.schema, Feature(name, kind)))


def test_hillstrom_is_healthy(hillstrom_csv: Path) -> None:
    e = experiment(
        pd.read_csv(hillstrom_csv, dtype="str"),
        Roles("segment", "No E-Mail", "spend", arms=("Womens E-Mail", "Mens E-Mail")),
    )
    found = health(e)
    assert not found.blocked
    assert not [f for f in found.findings if f.severity == "problem"]
    said = severities(found)
    assert (said["ratio"], said["balance"], said["missing"], said["after"]) == (
        "fine",
        "fine",
        "fine",
        "note",
    )
    assert found.arms["customers"].tolist() == [21306, 21387, 21307]
    assert found.balance["smd"].abs().max() < 0.03
    assert all(f.sentence.endswith(".") for f in found.findings)


def test_lost_customers_are_a_problem_that_blocks() -> None:
    """Oracle: 4,900 of 10,000 where 5,000 were planned is z = 2 (fine); 4,700 is z = 6."""
    assert sample_ratio_p(np.array([5100, 4900]), (0.5, 0.5)) == pytest.approx(0.0455, abs=1e-3)
    e = campaign(10_000, 1)
    arm = (np.arange(10_000) >= 4700).astype(np.int8)
    found = health(replace(e, arm=np.random.default_rng(0).permutation(arm)), planned=(0.5, 0.5))
    assert found.blocked
    assert severities(found)["ratio"] == "problem"
    fits = health(replace(e, arm=np.random.default_rng(0).permutation(arm)), planned=(0.47, 0.53))
    assert not fits.blocked


@pytest.mark.parametrize(
    ("counts", "plan"),
    [
        ((5010, 4990), (0.5, 0.5)),
        ((2010, 7990), (0.2, 0.8)),
        ((21306, 42694), (1 / 3, 2 / 3)),
        ((48300, 51700), None),
    ],
)
def test_simple_plans_are_recognised(counts: tuple[int, ...], plan: tuple[float, ...] | None) -> None:
    found = simple_plan(np.array(counts))
    assert found == (pytest.approx(plan) if plan else None)


@pytest.mark.parametrize("planned", [(0.5, 0.6), (0.5, 0.3, 0.2), (1.0, 0.0)])
def test_propensities_that_do_not_fit_are_refused(planned: tuple[float, ...]) -> None:
    with pytest.raises(SettingError, match="sum to 1"):
        health(campaign(), planned=planned)


def test_joint_test_keeps_its_level_and_sees_a_small_shift_in_many_columns() -> None:
    """Under randomisation 5 % of p-values lie below 0.05 (200 draws)."""
    low = [joint_test(campaign(500, seed)).p < 0.05 for seed in range(200)]
    assert 0.01 <= np.mean(low) <= 0.10
    rng, e = np.random.default_rng(0), campaign(4000, 1)
    for k in range(8):
        e = with_feature(e, f"x{k}", rng.normal(0.08 * e.arm, 1.0))
    assert joint_test(e).p < 0.001


def test_standardised_difference_is_the_textbooks() -> None:
    e = campaign(1000, 2)
    x = np.random.default_rng(1).normal(0.5 * e.arm, 1.0)
    t, c = x[e.arm == 1], x[e.arm == 0]
    table = balance(with_feature(e, "x", x))
    assert table.loc[0, "feature"] == "x"
    assert table.loc[0, "smd"] == pytest.approx((t.mean() - c.mean()) / np.sqrt((t.var() + c.var()) / 2))


def test_observational_data_are_blocked() -> None:
    """Contact went to the better customers: no measured profit may be shown."""
    e = campaign(3000, 3)
    history = e.features["history"].to_numpy()
    arm = (np.random.default_rng(0).random(3000) < 1 / (1 + np.exp(-(history - 200) / 100))).astype(np.int8)
    found = health(replace(e, arm=arm))
    assert found.blocked
    assert "history" in next(f for f in found.findings if f.code == "balance").columns
    reasons = tuple(LeftOut(c, "It depends on who was contacted.", "arm") for c in ("a", "b", "c", "d"))
    assert health(replace(e, left_out=reasons)).blocked  # most columns fell to the test: that is no accident


def test_a_column_that_may_have_decided_who_was_contacted_blocks_until_it_is_left_out() -> None:
    """Nothing in a file tells such a column from one written after the contact: only its owner can."""
    rng = np.random.default_rng(0)
    grade = rng.integers(0, 10, 4000)
    contacted = rng.random(4000) < np.where(grade > 4, 0.6, 0.4)
    frame = pd.DataFrame({"arm": np.where(contacted, "mail", "none"), "age": rng.integers(18, 80, 4000)})
    frame = frame.assign(grade=grade, spend=rng.gamma(1.0, 1.0 + grade))
    roles = Roles("arm", "none", "spend")
    found = health(experiment(frame.astype("str"), roles))
    assert found.blocked
    said = next(f for f in found.findings if f.severity == "problem")
    assert (said.code, said.columns) == ("balance", ("grade",))
    assert "by leaving it out" in said.action
    assert "grade" not in found.balance["feature"].tolist()
    assert not health(experiment(frame.astype("str"), replace(roles, drop=("grade",)))).blocked


def test_a_kind_of_customer_that_hardly_ever_buys_does_not_hide_that_the_column_chose_the_contacted() -> None:
    """By construction: ten segments that buy at rates 50-fold apart, 1 % in all, contacted at 0.4 or 0.6.

    In many of these campaigns some segment has no buyer, as if it had been written with the outcome.
    """
    rate = np.exp(np.linspace(-2.0, 2.0, 10))
    without_a_buyer, blocked = 0, 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        segment = rng.integers(0, 10, 20_000)
        bought = rng.random(20_000) < (0.01 * rate / rate.mean())[segment]
        contacted = rng.random(20_000) < np.where(segment > 4, 0.6, 0.4)
        without_a_buyer += bool((np.bincount(segment, bought) == 0).any())
        blocked += may_have_decided(segment, contacted.astype(np.int8), bought.astype(np.float64))
    assert without_a_buyer >= 5
    assert blocked == 20


@pytest.mark.parametrize("outcome", ["visit", "spend"])
def test_what_was_written_with_the_outcome_raises_no_alarm_in_honest_campaigns(outcome: str) -> None:
    """20 campaigns in Hillstrom's schema, drawn at random by construction: none is blocked."""
    roles = Roles("segment", "No E-Mail", outcome)
    campaigns = [experiment(simulate(6000, seed=seed)[0].astype("str"), roles) for seed in range(20)]
    after = {item.column for e in campaigns for item in e.left_out if item.code == "arm"}
    assert after  # there was something to be alarmed at
    assert not any(health(e).blocked for e in campaigns)


def test_columns_too_good_to_be_true_missing_and_repeated() -> None:
    e = campaign(2000, 4)
    e = with_feature(e, "basket", e.outcome + np.random.default_rng(0).normal(0, 0.01, 2000))
    e = with_feature(e, "history_again", e.features["history"])
    e = with_feature(e, "holes", np.where(np.arange(2000) % 3, np.nan, 1.0 * (np.arange(2000) % 2)))
    found = {f.code: f for f in health(e).findings}
    assert found["leak"].columns == ("basket",)
    assert found["duplicate"].columns == ("history", "history_again")
    assert found["missing"].columns == ("holes",)
    assert found["missing"].severity == "warning"


def test_left_out_columns_are_named_in_good_grammar() -> None:
    e = replace(campaign(), left_out=(LeftOut("visit", "x.", "arm"), LeftOut("name", "x.", "identifier")))
    said = {f.code: f.sentence for f in health(e).findings}
    assert (
        said["after"] == "'visit' depends on who was contacted, so it was written after it and is not used."
    )
    assert said["left-out"].startswith("'name' is not used")


@pytest.mark.parametrize("rows", [8, 40])
def test_a_tiny_experiment_is_said_to_be_tiny(rows: int) -> None:
    e = campaign(rows, 1)
    found = health(replace(e, arm=(np.arange(rows) % 2).astype(np.int8)))
    assert severities(found)["size"] == "warning"


def test_outcomes_without_information() -> None:
    e = campaign(500, 5)
    zero = health(replace(e, outcome=np.zeros(500)))
    assert severities(zero)["outcome"] == "problem"
    same = health(replace(e, outcome=np.full(500, 3.0)))
    assert severities(same)["outcome"] == "problem"
    rare = np.zeros(500)
    rare[:6] = 1.0
    assert severities(health(replace(e, outcome=rare)))["rare"] == "warning"


def test_a_heavy_tail_is_a_warning() -> None:
    e = campaign(3000, 6)
    outcome = np.ones(3000)
    outcome[:5] = 10_000.0
    assert severities(health(replace(e, outcome=outcome)))["tail"] == "warning"


def test_wide_and_constant_and_all_missing_columns_raise_no_alarm_of_ours() -> None:
    e = campaign(300, 7)
    more = pd.DataFrame(
        np.random.default_rng(0).normal(size=(300, 1000)), columns=[f"x{k}" for k in range(1000)]
    )
    features = pd.concat([e.features, more, pd.DataFrame({"void": np.full(300, np.nan)})], axis=1)
    schema = (*e.schema, *(Feature(c, "numeric") for c in more.columns), Feature("void", "numeric"))
    found = health(replace(e, features=features, schema=schema))
    assert severities(found)["wide"] == "warning"
    assert not found.blocked
