"""`persuadable pack`: conditions, customers with costs of their own, a hold-out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

ROLES = ("--outcome", "spend", "--treatment", "arm", "--control", "none")


def test_a_pack_carries_a_hold_out_drawn_by_chance(here, campaign, tmp_path):
    """Of the 1,200 customers, 120 are held out; they stand in the list, marked, and are not contacted."""
    model, out = tmp_path / "model", tmp_path / "pack"
    assert here("train", "--in", campaign, *ROLES, "--learner", "t-ridge", "--out", model).exit_code == 0
    argv = ("pack", "--in", campaign, "--models", model, "--out", out, "--topn", "1200", "--holdout", "0.1")
    done = here(*argv)
    assert done.exit_code == 0, done.output
    assert "Hold-out: 10.0 % of all customers" in done.stdout
    told = "120 of the 1,200 contacts on the list are of customers held out by chance, who are not contacted."
    summary = next(out.glob("*.md")).read_text(encoding="utf-8")
    assert told in done.stdout and told in summary
    table = pd.read_csv(next(out.glob("*.csv")))
    assert (len(table), table["holdout"].sum()) == (1200, 120)
    assert (table["should_contact"] == 1 - table["holdout"]).all()
    sheet = pd.read_excel(next(out.glob("*.xlsx")), sheet_name="Contacts")
    assert sheet["holdout"].sum() == 120
    rows = pd.read_excel(next(out.glob("*.xlsx")), sheet_name="Summary", header=None)
    facts = dict(zip(rows[0], rows[1]))
    assert rows[0].str.startswith(told).any()
    listed = ("Contacts on the list", "Held out", "Will be contacted")
    assert [facts[name] for name in listed] == [1200, 120, 1080]
    contacted = table[table["should_contact"] == 1]  # oracle: sums over the list itself
    assert facts["Cost of those who will be contacted"] == pytest.approx(0.05 * 1080)
    assert facts["Predicted profit of those"] == pytest.approx(contacted["exp_profit_per_contact"].sum())
    assert facts["Cost of the whole list"] == pytest.approx(0.05 * 1200)
    assert "- Hold-out: 10.0 %" in summary


def test_a_pack_with_conditions_holds_the_plan_of_the_same_customers(
    here, hillstrom_csv, hillstrom_model, tmp_path
):
    """The list of `pack --constraints` is that of `score --all` and `plan`; the workbook counts the same."""
    part, scored, planned = (tmp_path / name for name in ("part.csv", "all.csv", "plan.csv"))
    pd.read_csv(hillstrom_csv).head(4000).to_csv(part, index=False)
    conditions = tmp_path / "conditions.json"
    conditions.write_text('{"budget": 40, "holdout": 0.1}')
    model = ("--models", hillstrom_model)
    here("score", "--in", part, "--out", scored, *model, "--all")
    here(
        *("plan", "--in", scored, "--out", planned, "--margin", 0.3, "--cost", 0.05),
        *("--constraints", conditions),
    )
    done = here(
        *("pack", "--in", part, "--out", tmp_path / "pack", *model),
        *("--constraints", conditions, "--scenario", "Spring push"),
    )
    plan = pd.read_csv(planned)
    listed = pd.read_csv(next((tmp_path / "pack").glob("*.csv")))
    assert len(plan) == 800
    pd.testing.assert_frame_equal(listed[list(plan.columns)], plan)
    book = load_workbook(next((tmp_path / "pack").glob("*.xlsx")), read_only=True)
    assert {"Constraints", "Sensitivity"} <= set(book.sheetnames)
    assert sum(1 for _ in book["Contacts"].rows) - 1 == len(plan)
    assert done.stdout.startswith("Contact 800 of 4,000 customers")
    assert "Scenario: Spring push" in next((tmp_path / "pack").glob("*.md")).read_text(encoding="utf-8")


def test_a_pack_of_customers_with_costs_of_their_own_varies_those_costs(
    here, hillstrom_csv, hillstrom_model, tmp_path
):
    """Oracle: every cell from the scored file, whose customers cost 0.02 to 0.50; a few are suppressed."""
    part, scored = tmp_path / "part.csv", tmp_path / "all.csv"
    people = pd.read_csv(hillstrom_csv).head(1500)
    cost = np.random.default_rng(4).integers(2, 51, len(people)) / 100
    marked = np.where(np.arange(len(people)) % 50 == 0, "yes", "")
    people.assign(cost=cost, suppressed=marked).to_csv(part, index=False)
    model = ("--models", hillstrom_model)
    here("score", "--in", part, "--out", scored, *model, "--all")
    here("pack", "--in", part, "--out", tmp_path / "pack", *model, "--constraints", '{"budget": 20}')
    may = pd.read_csv(scored).query("suppressed != 'yes'")
    book = load_workbook(next((tmp_path / "pack").glob("*.xlsx")))
    title, head, *rows = book["Sensitivity"].iter_rows(values_only=True)
    assert "factor on every contact's own cost" in title[0]
    assert head[1:] == tuple(np.linspace(0, 3, 13))
    size = rows.index(next(row for row in rows if row[0] is None))
    for row, shares in zip(rows[size + 3 : 2 * size + 3], rows[:size], strict=True):
        for factor, profit, share in zip(head[1:], row[1:], shares[1:], strict=True):
            each = row[0] * may["uplift_hat"] - factor * may["cost"]
            assert profit == pytest.approx(each[each > 0].sum(), abs=0.01)
            assert share == pytest.approx((each > 0).sum() / len(people), abs=1.5 / len(people))
    here_it_is = [c for line in book["Sensitivity"].iter_rows(2, size + 2) for c in line if c.font.u]
    assert [book["Sensitivity"].cell(2, c.column).value for c in here_it_is] == [1.0]
    last = [[row[0] for row in book[name].iter_rows(values_only=True)][-2:] for name in book.sheetnames]
    said = dict(zip(book.sheetnames, last, strict=True))
    assert any("costs of their own" in str(words) for words in said["Sensitivity"])
    assert "With one cost of €0.05 for everyone" in str(said["Profit curve"][-1])
    listed = pd.read_csv(next((tmp_path / "pack").glob("*.csv")))
    text = next((tmp_path / "pack").glob("*.md")).read_text(encoding="utf-8")
    summary = dict(row[:2] for row in book["Summary"].iter_rows(values_only=True))
    assert summary["Cost per contact, on average"] == pytest.approx(listed["contact_cost"].mean())
    least, most = listed["contact_cost"].min(), listed["contact_cost"].max()
    assert f"Its own for each contact of the list: €{least:.2f} to €{most:.2f}" in text


@pytest.mark.parametrize(
    ("given", "named"),
    [('{"budgets": 5}', "budgets"), ("nowhere.json", "nowhere.json"), ('{"holdout": 2}', "holdout")],
)
def test_conditions_of_a_pack_that_cannot_be_used_exit_2(
    here, hillstrom_csv, hillstrom_model, tmp_path, given, named
):
    done = here(
        *("pack", "--in", hillstrom_csv, "--models", hillstrom_model, "--out", tmp_path / "pack"),
        *("--constraints", given),
    )
    assert done.exit_code == 2
    assert named in done.stderr
    assert not (tmp_path / "pack").exists()
