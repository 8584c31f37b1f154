"""Audiences that are not the campaign: what was measured does not hold for customers of another kind."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from core.cli import app

ROLES = ("--outcome", "spend", "--treatment", "arm", "--control", "none", "--id_col", "id")
ECONOMICS = ("--margin", "1", "--cost", "0.5")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("artifacts"))
    runner = CliRunner(env={"PERSUADABLE_ARTIFACTS_DIR": folder})
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


def crossing(rows: int, seed: int, arms: tuple[str, ...] = ("none", "mail")) -> pd.DataFrame:
    """A letter earns 6 from customers with x > 0 and costs as much with the others."""
    rng = np.random.default_rng(seed)
    x, arm = rng.normal(size=rows), rng.choice(arms, rows)
    spend = 10 + rng.exponential(3, rows) + np.where(arm == "none", 0.0, 6.0 * np.sign(x))
    return pd.DataFrame(
        {"id": [f"c{i}" for i in range(rows)], "arm": arm, "spend": spend.round(2), "x": x.round(4)}
    )


@pytest.fixture(scope="module")
def campaign(here, tmp_path_factory):
    """(folder with campaign.csv and model, the campaign)"""
    folder = tmp_path_factory.mktemp("crossing")
    frame = crossing(3000, 1)
    frame.to_csv(folder / "campaign.csv", index=False)
    done = here(
        *("train", "--in", folder / "campaign.csv", *ROLES, *ECONOMICS),
        *("--learner", "segments", "--out", folder / "model"),
    )
    assert done.exit_code == 0, done.output
    return folder, frame


def scored(here, folder, frame: pd.DataFrame, *options: object) -> str:
    frame.to_csv(folder / "audience.csv", index=False)
    done = here(
        *("score", "--in", folder / "audience.csv", "--models", folder / "model", *ECONOMICS),
        *("--out", folder / "list.csv", *options),
    )
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_customers_like_the_campaigns_are_measured(here, campaign):
    """Its own, some of its own, and new ones of the same kind."""
    folder, frame = campaign
    for audience in (frame, frame.sample(400, random_state=1), crossing(1000, 2)):
        said = scored(here, folder, audience)
        assert "and expect" in said and "It beats contacting everyone" in said


def test_customers_whom_contact_harms_are_not_told_the_others_gain(here, campaign):
    """By the same share of the experiment their contact would earn; in truth each loses 6.5."""
    folder, frame = campaign
    said = scored(here, folder, frame[frame["x"] < 0], "--topn", "700")
    assert "not like the campaign's" in said and "nothing measured" in said
    assert "and expect" not in said and "beats" not in said
    done = here(
        *("pack", "--in", folder / "audience.csv", "--models", folder / "model", *ECONOMICS),
        *("--topn", "700", "--out", folder / "pack"),
    )
    assert done.exit_code == 0, done.output
    (book,) = (folder / "pack").glob("*.xlsx")
    summary = [str(c) for row in load_workbook(book)["Summary"].iter_rows(values_only=True) for c in row]
    assert any("not like the campaign's" in text for text in summary)
    rested = list(load_workbook(book)["Assumptions"].iter_rows(values_only=True))
    assert ("Measured on", "nothing: the customers are not like the campaign's") in [r[:2] for r in rested]


def test_values_that_the_campaign_never_saw_leave_nothing_measured(here, tmp_path):
    frame = crossing(2000, 5)
    frame["city"] = np.where(frame["x"] > 0, "Ghent", "Bruges")
    frame.drop(columns="x").to_csv(tmp_path / "campaign.csv", index=False)
    done = here(
        *("train", "--in", tmp_path / "campaign.csv", *ROLES, "--learner", "t-ridge"),
        *("--out", tmp_path / "model"),
    )
    assert done.exit_code == 0, done.output
    assert "and expect" in scored(here, tmp_path, frame)
    assert "nothing measured" in scored(here, tmp_path, frame.assign(city="Liège"))


def test_the_campaigns_own_column_arm_is_not_ours(here, campaign):
    """It says who was contacted then; plan and pack take their one action from the scores."""
    folder, frame = campaign
    scored(here, folder, frame, "--all")
    planned = here("plan", "--in", folder / "list.csv", "--out", folder / "plan.csv", *ECONOMICS)
    assert planned.exit_code == 0, planned.output
    assert set(pd.read_csv(folder / "plan.csv")["action"]) == {"contact"}
    done = here(
        *("pack", "--in", folder / "campaign.csv", "--models", folder / "model", *ECONOMICS),
        *("--out", folder / "own"),
    )
    assert done.exit_code == 0, done.output
    (book,) = (folder / "own").glob("*.xlsx")
    heads = [cell.value for cell in next(load_workbook(book)["Contacts"].iter_rows(max_row=1))]
    assert "arm" in heads and "Contact with" not in heads


def test_what_a_plan_says_is_said_to_be_predicted(here, campaign):
    folder, frame = campaign
    scored(here, folder, frame, "--all")
    said = here("plan", "--in", folder / "list.csv", "--out", folder / "plan.csv", *ECONOMICS).stdout
    assert "nothing of it is measured" in " ".join(said.split())


def test_the_evaluation_is_by_the_economics_of_the_training(campaign):
    folder, _ = campaign
    economics = json.loads((folder / "model" / "evaluation.json").read_text())["economics"]
    assert (economics["margin"], economics["cost"]) == (1.0, 0.5)


def test_a_model_of_some_arms_is_evaluated_on_a_campaign_of_more(here, tmp_path):
    for name, seed in (("one", 3), ("two", 4)):
        crossing(1500, seed, ("none", "mail", "letter")).to_csv(tmp_path / f"{name}.csv", index=False)
    done = here(
        *("train", "--in", tmp_path / "one.csv", *ROLES, "--arms", "mail", "--learner", "segments"),
        *("--out", tmp_path / "model"),
    )
    assert done.exit_code == 0, done.output
    done = here(
        *("evaluate", "--in", tmp_path / "two.csv", "--models", tmp_path / "model", "--out", tmp_path / "e")
    )
    assert done.exit_code == 0, done.output
    deciles = pd.read_csv(tmp_path / "e" / "deciles.csv")
    measured = pd.read_csv(tmp_path / "two.csv")["arm"].isin(["none", "mail"]).sum()
    assert deciles["customers"].sum() == measured


def test_a_campaign_that_chose_whom_to_contact_is_no_ground_to_act_on(here, tmp_path):
    """Contact went to those who buy more anyway; in truth it does nothing."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=3000)
    arm = np.where(rng.random(3000) < 1 / (1 + np.exp(-2 * x)), "mail", "none")
    spend = (10 + 3 * x + rng.exponential(2, 3000)).round(2)
    frame = pd.DataFrame(
        {"id": np.arange(3000), "arm": arm, "spend": spend, "x": x.round(4), "z": rng.random(3000)}
    )
    frame.to_csv(tmp_path / "campaign.csv", index=False)
    done = here(
        *("train", "--in", tmp_path / "campaign.csv", *ROLES, "--learner", "t-ridge"),
        *("--out", tmp_path / "model"),
    )
    assert done.exit_code == 0, done.output
    said = scored(here, tmp_path, frame)
    assert said.startswith("Do not act on this yet.") and "arms are not comparable" in said
