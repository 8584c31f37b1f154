"""Experiments on the command line: their health, learners compared, tests designed."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app

ROLES = ("--outcome", "spend", "--treatment", "arm", "--control", "none")


@pytest.fixture
def here(monkeypatch, tmp_path):
    monkeypatch.setenv("PERSUADABLE_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def campaign(tmp_path):
    rng = np.random.default_rng(0)
    rows = 1200
    arm = np.where(rng.random(rows) < 0.5, "mail", "none")
    age = rng.integers(18, 80, rows)
    spend = rng.exponential(10, rows) + 5.0 * (arm == "mail")
    path = tmp_path / "campaign.csv"
    pd.DataFrame({"arm": arm, "spend": spend.round(2), "age": age}).to_csv(path, index=False)
    return path


def test_planned_shares_that_fit_leave_the_measured_profit(here, campaign, tmp_path):
    out = tmp_path / "model"
    done = here(
        *("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", out),
        *("--shares", "none=0.5,mail=0.5"),
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
    assert "nothing measured" in scored.stdout


@pytest.mark.parametrize(
    "shares", ["none=0.5", "none=0.5,post=0.5", "none=0.5,mail=half", "none=0.5,mail=0.9"]
)
def test_shares_that_are_no_plan_are_named(here, campaign, tmp_path, shares):
    out = tmp_path / "model"
    done = here("train", "--in", campaign, *ROLES, "--out", out, "--shares", shares)
    assert done.exit_code == 2
    assert "Name each of none, mail" in done.stderr
    assert not out.exists()


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
