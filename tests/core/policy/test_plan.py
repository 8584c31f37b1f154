"""Promises of the plan as people get it: who, why, in which order; and of what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_plans import SCENARIO, scored, solved

from core.advice.policy_plans import plan_verdict
from core.advice.whom import asked_for, weighed
from core.commands.plan import plan as plan_command
from core.commands.plan import summary
from core.policy.contacts import contact_table
from core.policy.formulation import Excluded, held_out
from core.policy.plan import COLUMNS
from core.policy.plan_report import plan_report
from core.progress import silent
from core.scenario import Scenario
from core.uplift.scoring import Scores


def test_a_contact_has_its_action_rank_and_reason() -> None:
    table = solved(budget=10, max_per_customer=2).table()
    assert tuple(table.columns) == COLUMNS
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert (table["exp_profit_per_contact"].diff().dropna() <= 0).all()
    assert set(table["action"]) <= {"Mens", "Womens"}
    assert table["reason"].str.len().gt(0).all()
    assert np.allclose(
        table["exp_profit_per_contact"], 0.5 * table["exp_incremental_revenue"] - table["contact_cost"]
    )


def test_everyone_has_a_row_and_the_contacts_are_the_same() -> None:
    found = solved(budget=10, holdout=0.1, min_days_since_contact=7)
    every, contacts = found.table(everyone=True), found.table()
    assert set(every["row_id"]) == set(scored()["row_id"])
    chosen = every[every["should_contact"] == 1].drop(columns="should_contact")
    pd.testing.assert_frame_equal(chosen, contacts)
    others = every[every["should_contact"] == 0]
    assert others["reason"].notna().all()
    assert {
        "Suppressed",
        "Contacted too recently",
        "Held out, to measure the campaign",
        "No contact pays",
    } <= set(others["reason"])
    assert others["reason"].str.contains("others earn more within a budget").any()


def test_the_order_of_the_file_does_not_matter() -> None:
    frame = scored()
    first = solved(frame, budget=10, holdout=0.2).table(everyone=True)
    other = solved(frame.sample(frac=1, random_state=1), budget=10, holdout=0.2).table(everyone=True)
    pd.testing.assert_frame_equal(first, other)


def test_equal_scores_go_to_the_smaller_ids() -> None:
    frame = pd.DataFrame({"row_id": [str(i) for i in range(50)][::-1], "uplift_hat": 1.0})
    table = solved(frame, topn=10).table()
    assert table["row_id"].tolist() == [str(i) for i in range(10)]
    assert set(table["action"]) == {"contact"}


def test_suppressed_recent_and_full_customers_are_left_alone() -> None:
    frame = scored().set_index("row_id")
    found = solved(min_days_since_contact=7, max_per_period=2, max_per_customer=2, holdout=0.25)
    table = found.table()
    rows = frame.loc[table["row_id"]]
    assert not rows["suppressed"].eq("1").any()
    assert rows["last_contacted_days"].ge(7).all()
    times = table.groupby("row_id").size()
    assert (times + frame.loc[times.index, "contacts_in_period"] <= 2).all()
    eligible = (found.formulation.excluded == Excluded.NO).sum() + found.excluded(Excluded.HELD_OUT)
    assert found.excluded(Excluded.HELD_OUT) == round(0.25 * eligible)


def test_the_hold_out_is_random_in_content_and_fixed_by_its_seed() -> None:
    ids = np.array([f"c{i}" for i in range(20_000)], dtype=object)
    out = held_out(ids, 0.1, 42)
    assert out.sum() == 2_000
    assert np.array_equal(held_out(ids[::-1], 0.1, 42)[::-1], out)
    assert (out & held_out(ids, 0.1, 43)).sum() == pytest.approx(200, abs=45)  # independent: 10 % of 10 %


def test_more_contacts_than_pay_are_asked_for_and_a_plan_says_whom_it_leaves_and_why() -> None:
    """By hand: 30 of 50 pay. A plain list of the same number takes the others too, as `score` promises."""
    frame = pd.DataFrame({"row_id": [str(i) for i in range(50)], "uplift_hat": [1.0] * 30 + [0.1] * 20})
    found = solved(frame, topn=40)
    assert (found.contacts, found.paying, found.fewer_than_asked) == (30, 30, True)
    (sentence,) = asked_for(found)
    assert sentence.startswith("Of the 40 contacts asked for 30 pay: a plan contacts only those that pay.")
    told = plan_verdict(found, (), unmeasured="blocked")
    assert sentence in summary(found) and sentence in told.comparison
    assert told.decision.startswith("Do not act on this yet. By the model alone: contact 30 of 50 customers")
    report = plan_report(found).as_dict()
    assert (report["contacts_asked"], report["contacts_that_pay"], report["contacts"]) == (40, 30, 30)
    scores = Scores(
        frame["row_id"], *(frame[["uplift_hat"]].to_numpy(),) * 2, np.zeros(50), ("no", "yes"), {}, {}
    )
    plain = contact_table(scores, None, replace(SCENARIO, topn=40))
    assert plain["should_contact"].sum() == 40
    assert asked_for(solved(frame, topn=30)) == () and asked_for(solved(frame, budget=2.0)) == ()
    held_back = solved(frame, topn=25, budget=1.0)  # the budget, not the profit, leaves some of the 25 out
    assert held_back.contacts == 10 and asked_for(held_back) == ()
    assert "asked for none pays" in asked_for(solved(frame.assign(uplift_hat=0.0), topn=5))[0]


def test_weights_risk_costs_and_margins_enter_the_profit() -> None:
    """By hand: w · m · v · (u - z · s.e.) - c."""
    frame = scored(50)
    found = solved(
        frame,
        Scenario(margin=0.5, cost=0.1, value=2.0),
        weight="worth",
        risk_aversion=0.5,
        costs={"Womens": 0.3},
        margins={"Mens": 0.4},
    )
    rows = frame.set_index("row_id").loc[found.formulation.offers.ids]
    mens = rows["worth"] * 0.4 * 2.0 * (rows["uplift_hat[Mens]"] - 0.5 * rows["uplift_se[Mens]"]) - 0.1
    womens = rows["worth"] * 0.5 * 2.0 * (rows["uplift_hat[Womens]"] - 0.5 * rows["uplift_se[Womens]"]) - 0.3
    assert np.allclose(found.formulation.problem.rows.profit, [mens, womens])
    expected = rows["worth"] * 0.4 * 2.0 * rows["uplift_hat[Mens]"] - 0.1
    assert np.allclose(found.formulation.expected[0], expected)
    (said,) = weighed(found)
    assert "'worth'" in said and weighed(solved(frame)) == ()


def test_a_cost_column_goes_over_the_scenarios_cost() -> None:
    frame = scored(60)
    frame["cost"] = np.linspace(0.0, 3.0, 60)
    found = solved(frame, costs={"Mens": 0.2})
    cost = frame.set_index("row_id").loc[found.formulation.offers.ids, "cost"]
    assert np.allclose(found.formulation.problem.rows.cost, [np.full(60, 0.2), cost])
    frame["cost[Mens]"] = 1.5
    again = solved(frame, costs={"Mens": 0.2})
    assert np.allclose(again.formulation.problem.rows.cost[0], 1.5)


def test_a_return_floor_is_kept() -> None:
    free, floored = solved(), solved(roi_floor=8.0)
    assert free.expected_profit / free.cost < 8.0
    assert floored.solution.value / floored.cost >= 8.0 * (1 - 1e-9)


def test_quotas_hold_and_best_effort_says_what_is_missing() -> None:
    found = solved(
        budget=8,
        quotas=[
            {"column": "city", "value": "Ghent", "action": "Mens", "min": 30},
            {"column": "city", "value": "Bruges", "max": 20},
            {"column": "city", "value": "Bruges", "min": 5000, "effort": "best"},
        ],
    )
    city = scored().set_index("row_id")["city"]
    table = found.table()
    where = city.loc[table["row_id"]].to_numpy()
    assert ((where == "Ghent") & (table["action"] == "Mens")).sum() >= 30
    assert (where == "Bruges").sum() == 20  # as many as the maximum lets the best-effort minimum have
    missing = {use.limit.key: use.missed for use in found.limits if use.missed}
    assert missing == {"quotas[2].min": 4980}


def test_the_report_recomputes_and_compares() -> None:
    found = solved(budget=10, capacity={"Mens": 60}, quotas=[{"column": "city", "value": "Ghent", "min": 55}])
    report = json.loads(json.dumps(plan_report(found).as_dict(), allow_nan=False))
    table = found.table()
    assert report["contacts"] == len(table)
    assert report["expected_profit"] == pytest.approx(table["exp_profit_per_contact"].sum())
    assert report["expected_cost"] == pytest.approx(table["contact_cost"].sum())
    assert report["optimum"]["bound"] >= report["optimum"]["value"] - 1e-9
    limits = {limit["key"]: limit for limit in report["limits"]}
    assert limits["budget"]["binding"]
    assert limits["budget"]["tenth_more"]["gain"] > 0 > limits["budget"]["tenth_less"]["gain"]
    assert "more budget earns €" in limits["budget"]["price_words"]
    again = solved(budget=11, capacity={"Mens": 60}, quotas=[{"column": "city", "value": "Ghent", "min": 55}])
    gain = limits["budget"]["tenth_more"]["gain"]
    largest = found.formulation.problem.rows.profit.max()
    assert gain == pytest.approx(again.solution.value - found.solution.value, abs=3 * largest)
    profits = np.array(report["frontier"]["profit"])
    budgets = np.array(report["frontier"]["budget"])
    assert (np.diff(profits) >= -1e-9).all()
    assert (
        np.diff(np.diff(profits) / np.diff(budgets)) <= 1e-6
    ).all()  # each euro earns less than the one before
    for baseline in report["baselines"]:
        assert baseline["profit"] <= report["optimum"]["bound"] + 1e-9 or baseline["missed_minimums"]


def test_the_command_writes_the_plan_and_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scored().to_csv(tmp_path / "scored.csv", index=False)
    (tmp_path / "c.json").write_text('{"budget": 10, "holdout": 0.1}')
    plan_command(
        tmp_path / "scored.csv",
        tmp_path / "plan.csv",
        SCENARIO,
        constraints=tmp_path / "c.json",
        report=tmp_path / "report.json",
        everyone=False,
        progress=silent,
    )
    table = pd.read_csv(tmp_path / "plan.csv", dtype={"row_id": "str"})
    expected = solved(budget=10, holdout=0.1).table()
    assert table["row_id"].tolist() == expected["row_id"].tolist()
    assert json.loads((tmp_path / "report.json").read_text())["contacts"] == len(table)
    said = capsys.readouterr()
    assert "What holds it back: a budget of €10" in said.out + said.err
