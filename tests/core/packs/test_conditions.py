"""A pack whose contacts are a plan: its sheet of conditions, its list and its words are the plan's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from core.advice.columns import legend
from core.advice.conditions import condition_words, kept_out_words
from core.packs.pack import Pack
from core.packs.summary import markdown
from core.packs.workbook import write_pack
from core.plan_decision import PlanValue, plan_decision
from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan import Plan, plan
from core.policy.plan_report import tried_report
from core.scenario import Scenario

CONDITIONS = Constraints.from_dict(
    {
        "budget": 20,
        "capacity": {"Post": 60},
        "quotas": [{"column": "city", "value": "Ghent", "min": 30}],
        "holdout": 0.1,
        "min_days_since_contact": 7,
    }
)


@pytest.fixture(scope="module")
def found() -> Plan:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "row_id": pd.Series([f"{i:04d}" for i in range(600)], dtype="str"),
            "uplift_hat[Mail]": rng.normal(0.3, 1.0, 600),
            "uplift_hat[Post]": rng.normal(0.5, 1.0, 600),
            "city": rng.choice(["Ghent", "Bruges"], 600),
            "last_contacted_days": rng.integers(0, 30, 600),
        }
    )
    return plan(offers(frame, CONDITIONS), Scenario(margin=0.5, cost=0.1, name="Two cities"), CONDITIONS)


@pytest.fixture(scope="module")
def pack(pack_of, found) -> Pack:
    report = tried_report(found)
    return replace(
        pack_of(customers=600),
        scenario=found.formulation.scenario,
        decision=plan_decision(found, PlanValue()),
        contacts=found.table(),
        report=report,
    )


@pytest.fixture(scope="module")
def book(pack, tmp_path_factory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("pack") / "pack.xlsx"
    write_pack(pack, path)
    return openpyxl.load_workbook(path)


def test_every_limit_has_its_amount_use_price_and_both_tenths(book, found, pack):
    _, *rows = book["Constraints"].iter_rows(values_only=True)
    said = {row[0]: row for row in rows if row[0]}
    for use in pack.report.limits:
        row = said[use.limit.words[0].upper() + use.limit.words[1:]]
        assert row[1:4] == pytest.approx((use.amount, use.used, use.slack))
        assert row[4] == ("yes" if use.binding else "no")
        assert str(row[5]).endswith(".")
        assert (row[6], row[8]) == (use.less.amount, use.more.amount)
        assert (row[7], row[9]) == pytest.approx((use.less.gain, use.more.gain), abs=0.006)
    for rule in pack.report.rules:
        row = said[rule.words[0].upper() + rule.words[1:]]
        assert row[4:6] == ("yes" if rule.binding else "no", kept_out_words(rule))
    assert {rule.key for rule in pack.report.rules if rule.binding} == {"holdout", "min_days_since_contact"}
    assert any(use.binding for use in found.limits)
    assert said["A budget of €20.00"][2] == pytest.approx(found.table()["contact_cost"].sum())


def test_the_other_conditions_and_who_was_left_alone_are_said(book, found):
    rows = {row[0]: row[1] for row in book["Constraints"].iter_rows(values_only=True)}
    assert "10.0 % of customers held out by chance (seed 42)" in rows
    assert "No one contacted in the last 7 days" in rows
    recent = int((found.formulation.offers.last < 7).sum())
    assert rows["Contacted too recently"] == recent
    assert rows["Held out, to measure the campaign"] == round(0.1 * (600 - recent))


def test_the_list_is_the_plans_with_action_rank_and_reason(book, found):
    head, *rows = book["Contacts"].iter_rows(values_only=True)
    assert len(rows) == found.contacts
    table = pd.DataFrame(rows, columns=head)
    assert table["Customer"].tolist() == found.table()["row_id"].tolist()
    assert set(table["Contact by"]) == {"Mail", "Post"}
    assert table["Rank"].tolist() == list(range(1, found.contacts + 1))
    assert table["Why"].str.len().gt(0).all()
    assert {name.split(":")[0] for _, name in legend(found.table().columns)} == set(found.table().columns)


def test_the_summaries_say_the_plan_and_its_conditions(book, pack, found):
    first = str(book["Summary"]["A1"].value)
    assert first.startswith(f"Contact {found.reached} of 600 customers")
    assert dict(row[:2] for row in book["Summary"].iter_rows(values_only=True))["Scenario"] == "Two cities"
    text = markdown(pack)
    assert "Scenario: Two cities" in text
    assert "| A budget of €20.00 | yes | €1 more budget earns " in text
    assert "| No one contacted in the last 7 days | yes | It keeps a contact that would pay from " in text


def test_curve_and_sensitivity_say_that_they_are_without_the_conditions(book):
    for name in ("Profit curve", "Sensitivity"):
        column = [row[0] for row in book[name].iter_rows(values_only=True)]
        assert str(column[-1]).startswith("Without the conditions of this plan")


def test_a_plain_pack_has_no_sheet_of_conditions(pack_of, tmp_path):
    write_pack(pack_of(customers=100), tmp_path / "p.xlsx")
    assert "Constraints" not in openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames


def test_every_condition_has_words():
    """One of each kind: none is left out of what people read."""
    everything = Constraints.from_dict(
        {
            "budget": 1, "topn": 2, "capacity": {"A": 3}, "roi_floor": 0.1, "max_per_customer": 2,
            "max_per_period": 4, "min_days_since_contact": 5, "holdout": 0.2, "risk_aversion": 1,
            "costs": {"A": 6}, "margins": {"A": 0.5}, "weight": "w",
            "quotas": [{"action": "A", "min": 7, "max": 8, "effort": "best"}],
        }
    )  # fmt: skip
    said = condition_words(everything)
    assert len(said) == len(set(said)) == 14
    assert condition_words(Constraints()) == ()
