"""Experiments on the command line: their health, learners compared, tests designed."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from core.errors import DataError

ROLES = ("--outcome", "spend", "--treatment", "arm", "--control", "none")


def test_planned_shares_that_fit_leave_the_measured_profit(here, campaign, tmp_path):
    out = tmp_path / "model"
    done = here(
        *("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", out),
        *("--shares", "none=50 %,mail=0.5"),
    )
    assert done.exit_code == 0, done.output
    assert (out / "evidence.parquet").is_file()
    assert json.loads((out / "health.json").read_text())["blocked"] is False
    assert json.loads((out / "meta.json").read_text())["propensities"] == [0.5, 0.5]
    assert "Contact" in done.stdout


def test_arms_that_miss_their_plan_leave_nothing_measured(here, campaign, tmp_path):
    out = tmp_path / "model"
    done = here(
        *("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", out),
        *("--shares", "none=0.8,mail=0.2"),
    )
    assert done.exit_code == 0, done.output
    assert "Problem:" in done.stdout
    assert "no measured profit is shown" in done.stdout
    assert not (out / "evidence.parquet").exists()
    listed = tmp_path / "list.csv"
    scored = here("score", "--in", campaign, "--models", out, "--out", listed)
    assert "Nothing was measured" in scored.stdout


@pytest.mark.parametrize(
    "shares",
    ["none=0.5", "none=0.5,post=0.5", "none=0.5,mail=half", "none=0.5,mail=0.9", "none=0,5, mail=0,5"],
)
def test_shares_that_are_no_plan_are_named(here, campaign, tmp_path, shares):
    out = tmp_path / "model"
    done = here("train", "--in", campaign, *ROLES, "--out", out, "--shares", shares)
    assert done.exit_code == 2
    assert "Name each of none, mail" in done.stderr
    assert not out.exists()


@pytest.fixture
def designed(tmp_path):
    """Contact was likelier for good customers, as the column chance says; the fields are named as known."""
    rng = np.random.default_rng(3)
    history = rng.random(1500)
    contacted = rng.random(1500) < 0.15 + 0.7 * history
    spend = (3 + 4 * history + contacted) * rng.exponential(1.0, 1500)
    frame = pd.DataFrame({"arm": np.where(contacted, "mail", "none"), "spend": spend, "history": history})
    path = tmp_path / "designed.csv"
    frame.assign(age=rng.integers(18, 80, 1500), chance=0.15 + 0.7 * history).to_csv(path, index=False)
    return ("--in", path, *ROLES, "--features", "history,age")


def test_stated_probabilities_of_contact_lift_the_block_by_covariate_imbalance(here, designed, tmp_path):
    blocked, out = tmp_path / "blocked", tmp_path / "model"
    done = here("train", *designed, "--learner", "t-ridge", "--out", blocked)
    assert done.exit_code == 0, done.output
    assert "no measured profit is shown" in done.stdout
    assert "--propensity on the command line" in done.stdout
    done = here("train", *designed, "--propensity", "chance", "--learner", "t-ridge", "--out", out)
    assert done.exit_code == 0, done.output
    assert "Measured figures are weighted by the stated probabilities of contact" in done.stdout
    meta = json.loads((out / "meta.json").read_text())
    assert (meta["roles"]["propensity"], meta["feature_cols"]) == ("chance", ["history", "age"])
    assert "contact_propensity" in pd.read_parquet(out / "evidence.parquet")
    judged = here("evaluate", *designed[:2], "--models", out, "--out", tmp_path / "e")
    assert judged.exit_code == 0, judged.output
    assert "This is the campaign the model learnt from" in judged.stdout
    scored = here("score", *designed[:2], "--models", out, "--out", tmp_path / "list.csv")
    assert scored.exit_code == 0, scored.output


def test_a_model_from_before_propensities_is_read(here, campaign, tmp_path):
    out = tmp_path / "model"
    here("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", out)
    meta = json.loads((out / "meta.json").read_text())
    assert meta["roles"].pop("propensity") is None
    (out / "meta.json").write_text(json.dumps(meta))
    done = here("score", "--in", campaign, "--models", out, "--out", tmp_path / "list.csv")
    assert done.exit_code == 0, done.output


def test_warnings_are_said_before_the_training_starts(here, campaign, tmp_path, monkeypatch):
    def no_training(*_, **__):
        raise DataError("The training started.")

    monkeypatch.setattr("core.commands.train.train_model", no_training)
    table = pd.read_csv(campaign)
    noise = np.random.default_rng(0).integers(0, 9, (len(table), 90))
    wide = pd.concat([table, pd.DataFrame(noise).add_prefix("x")], axis=1)
    wide.to_csv(campaign, index=False)
    done = here("train", "--in", campaign, *ROLES, "--out", tmp_path / "model")
    assert "The training started." in done.stderr
    assert "Warning: There are 91 features" in done.stdout


def test_learners_are_compared_on_the_same_customers(here, campaign, tmp_path):
    out = tmp_path / "board"
    done = here("compare", "--in", campaign, *ROLES, "--learners", "t-ridge,segments", "--out", out)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(out / "leaderboard.csv")
    assert sorted(table["learner"]) == ["segments", "t-ridge"]
    assert table["qini"].is_monotonic_decreasing
    record = json.loads((out / "leaderboard.json").read_text())
    assert record["champion"] in ("t-ridge", "segments")
    assert record["customers"] == 1200
    assert all(sentence in done.stdout for sentence in record["sentences"])


def test_a_learner_that_is_not_there_is_named(here, campaign, tmp_path):
    done = here("compare", "--in", campaign, *ROLES, "--learners", "magic", "--out", tmp_path / "board")
    assert done.exit_code == 2
    assert "magic" in done.stderr


def test_a_design_is_said_and_written(here, tmp_path):
    out = tmp_path / "design.json"
    done = here("design", "--base", "0.1", "--effect", "0.01", "--out", out)
    assert done.exit_code == 0
    assert "Test on 23,235 customers" in done.stdout
    assert json.loads(out.read_text())["customers"] == 23_235


@pytest.mark.parametrize(
    "arguments",
    [
        ("--base", "0.1"),
        ("--base", "2", "--effect", "0.1"),
        ("--deviation", "15", "--effect", "0"),
        ("--deviation", "15", "--effect", "1", "--holdout", "1"),
    ],
)
def test_a_design_that_cannot_be_exits_2(here, arguments):
    done = here("design", *arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_held_out_customers_are_drawn_by_chance_and_not_contacted(here, campaign, tmp_path):
    model, whole, listed = (tmp_path / name for name in ("model", "all.csv", "list.csv"))
    here("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", model)
    asked = ("--in", campaign, "--models", model, "--topn", 1200, "--holdout", 0.25, "--seed", 7)
    done = here("score", *asked, "--all", "--out", whole)
    assert done.exit_code == 0, done.output
    assert "300 customers are held out" in done.stdout
    here("score", *asked, "--out", listed)
    table, contacts = pd.read_csv(whole), pd.read_csv(listed)
    assert table["holdout"].sum() == 300
    assert (table["should_contact"] == 1 - table["holdout"]).all()
    assert set(contacts["row_id"]) == set(table.loc[table["holdout"] == 0, "row_id"])
    assert (contacts["holdout"] == 0).all()


def test_capped_outcomes_are_stated_wherever_profit_is(here, campaign, tmp_path):
    """An outlier guard that is stated when used: in the words, in the model and in the pack."""
    model, out = tmp_path / "model", tmp_path / "pack"
    argv = ("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", model)
    done = here(*argv, "--cap", "40")
    spend = pd.read_csv(campaign)["spend"]
    assert f"Outcomes above 40 count as 40, as you asked: {(spend > 40).sum()} customers" in done.stdout
    meta = json.loads((model / "meta.json").read_text())
    assert meta["roles"]["cap"] == 40.0
    assert pd.read_parquet(model / "evidence.parquet")["outcome"].max() == 40.0
    again = here("evaluate", "--in", campaign, "--models", model, "--out", tmp_path / "e")
    assert "This is the campaign the model learnt from" in again.stdout  # it is capped again
    assert here("pack", "--in", campaign, "--models", model, "--out", out).exit_code == 0
    assert "Outcome capped: Amounts above €40" in next(out.glob("*.md")).read_text(encoding="utf-8")
    assert here(*argv, "--cap", "-1").exit_code == 2


def test_an_outcome_that_never_happens_is_an_error_not_a_figure(here, campaign, tmp_path):
    path = tmp_path / "zero.csv"
    pd.read_csv(campaign).assign(spend=0).to_csv(path, index=False)
    for command in ("train", "compare"):
        done = here(command, "--in", path, *ROLES, "--out", tmp_path / "out")
        assert done.exit_code == 2
        assert "The outcome is 0 for every customer: there is nothing to learn." in done.output
    assert not (tmp_path / "out").exists()


def test_three_hundred_values_of_a_column_are_told(here, campaign, tmp_path):
    path = tmp_path / "wide.csv"
    frame = pd.read_csv(campaign)
    frame.assign(shop=[f"S{k % 300}" for k in range(len(frame))]).to_csv(path, index=False)
    done = here("train", "--in", path, *ROLES, "--learner", "t-ridge", "--out", tmp_path / "m")
    assert "'shop' has up to 300 different values; the 50 most frequent are told apart" in done.stdout


def test_a_feature_known_before_that_depends_on_the_arm_leaves_nothing_measured(here, campaign, tmp_path):
    """Observational data: the older were contacted. The user says that age was known before, by naming it."""
    frame, rng = pd.read_csv(campaign), np.random.default_rng(2)
    frame["arm"] = np.where(rng.random(len(frame)) < frame["age"] / 100, "mail", "none")
    frame["shoe"] = rng.integers(36, 47, len(frame))
    path = tmp_path / "chosen.csv"
    frame.to_csv(path, index=False)
    argv = ("train", "--in", path, *ROLES, "--learner", "t-ridge", "--features", "age,shoe")
    done = here(*argv, "--out", tmp_path / "m")
    assert "Problem: The arms differ in 'age', which you named as known before" in done.stdout
    assert "no measured profit is shown" in done.stdout
    assert not (tmp_path / "m" / "evidence.parquet").exists()


def test_a_column_that_decided_who_was_contacted_is_asked_about_and_nothing_is_measured(
    here, campaign, tmp_path
):
    """Observational data whose owner says nothing of it: neither training nor evaluating shows a profit."""
    honest, chosen = tmp_path / "honest", tmp_path / "chosen"
    assert here("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", honest).exit_code == 0
    frame, rng = pd.read_csv(campaign), np.random.default_rng(2)
    frame["arm"] = np.where(rng.random(len(frame)) < 0.2 + 0.6 * (frame["age"] > 45), "mail", "none")
    frame["shoe"] = rng.integers(36, 47, len(frame))
    path = tmp_path / "chosen.csv"
    frame.to_csv(path, index=False)
    argv = ("train", "--in", path, *ROLES, "--learner", "t-ridge")
    done = here(*argv, "--out", chosen)
    assert done.exit_code == 0, done.output
    assert "Problem: The arms differ in 'age': either it had a say in who was contacted" in done.stdout
    assert "no measured profit is shown" in done.stdout
    assert not (chosen / "evidence.parquet").exists()
    said = here(*argv, "--out", tmp_path / "after", "--drop", "age")
    assert "Measured on" in said.stdout
    judged = here("evaluate", "--in", path, "--models", honest, "--out", tmp_path / "e")
    assert judged.exit_code == 2
    assert "Nothing can be measured on it." in judged.stderr
    assert not (tmp_path / "e").exists()
    read = here("evaluate", "--in", path, "--models", honest, "--out", tmp_path / "e", "--drop", "age")
    assert read.exit_code == 2
    assert "The model scores customers by 'age'" in read.stderr


def test_what_was_written_after_another_campaigns_contact_is_left_out_when_a_model_is_evaluated_on_it(
    here, campaign, tmp_path
):
    """The message's own remedy: the model has never seen the column."""
    model, other, out = tmp_path / "model", tmp_path / "other.csv", tmp_path / "e"
    assert here("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", model).exit_code == 0
    frame, rng = pd.read_csv(campaign).head(1000), np.random.default_rng(3)
    frame = frame.assign(opened=((frame["arm"] == "mail") & (rng.random(len(frame)) < 0.4)).astype(int))
    frame.to_csv(other, index=False)
    argv = ("evaluate", "--in", other, "--models", model, "--out", out)
    refused = here(*argv)
    assert refused.exit_code == 2 and "'opened'" in refused.stderr and "--drop" in refused.stderr
    done = here(*argv, "--drop", "opened")
    assert done.exit_code == 0, done.output
    assert (out / "evaluation.json").exists()


def test_warnings_of_libraries_are_not_shown():
    """scikit-learn's threads can empty the list of filters, so no filter would hold them back."""
    code = "import warnings; from core.cli import main; main(lambda: warnings.warn('deep inside'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
