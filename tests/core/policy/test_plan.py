"""Promises of the plan as people get it: who, why, in which order; and of what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.advice.conditions import kept_out_words
from core.advice.contact_plans import held_words, price_words
from core.advice.policy_plans import plan_verdict
from core.advice.whom import asked_for, unheeded, weighed, whom
from core.commands.plan import plan as plan_command
from core.commands.plan import summary
from core.errors import DataError, SettingError
from core.policy.constraints import Constraints
from core.policy.contacts import contact_table
from core.policy.feasibility import InfeasibleError
from core.policy.formulation import Excluded, held_out
from core.policy.offers import offers
from core.policy.plan import COLUMNS, Plan, plan
from core.policy.plan_report import plan_report
from core.progress import silent
from core.scenario import Scenario
from core.uplift.scoring import Scores

SCENARIO = Scenario(margin=0.5, cost=0.1)


def scored(size: int = 400, seed: int = 0) -> pd.DataFrame:
    """A scored file with two arms, segments and history, as `persuadable score --all` writes it."""
    rng = np.random.default_rng(seed)
    uplift = rng.normal(0.3, 1.0, (size, 2))
    return pd.DataFrame(
        {
            "row_id": [f"{i:05d}" for i in rng.permutation(size)],
            "uplift_hat": uplift.max(axis=1),
            "arm": np.where(uplift[:, 0] >= uplift[:, 1], "Mens", "Womens"),
            "uplift_hat[Mens]": uplift[:, 0],
            "uplift_hat[Womens]": uplift[:, 1],
            "uplift_se[Mens]": 0.2,
            "uplift_se[Womens]": rng.uniform(0, 1, size),
            "city": rng.choice(["Ghent", "Bruges"], size),
            "suppressed": rng.choice(["", "1", "no"], size, p=[0.8, 0.1, 0.1]),
            "last_contacted_days": rng.integers(0, 30, size),
            "contacts_in_period": rng.integers(0, 3, size),
            "worth": rng.uniform(0.5, 2.0, size),
        }
    )


def solved(frame: pd.DataFrame | None = None, scenario: Scenario = SCENARIO, **conditions: Any) -> Plan:
    constraints = Constraints.from_dict(conditions)
    return plan(offers(scored() if frame is None else frame, constraints), scenario, constraints)


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
    assert sentence in summary(found) and sentence in plan_verdict(found, (), unmeasured="blocked").comparison
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


@pytest.mark.parametrize(
    ("least", "other", "binds"),
    [
        (150, {"max": 50}, {"quotas[1].max"}),  # the maximum keeps out contacts that pay
        (300, {"max": 180}, {"quotas[0].min"}),  # all of them are taken, also those that lose money
        (300, None, {"budget", "quotas[0].min"}),
    ],
)
def test_beside_a_minimum_that_is_missed_every_row_is_as_plans_made_anew_say(
    least: int, other: dict[str, int] | None, binds: set[str]
) -> None:
    """Oracle: the plan at each of the amounts, and without the condition, solved from the beginning."""
    ghent: dict[str, Any] = {"column": "city", "value": "Ghent"}

    def made(least: float, most: float) -> Plan:
        minimum = ghent | {"min": round(least), "effort": "best"}
        if other is None:
            return solved(budget=most, quotas=[minimum])
        return solved(quotas=[minimum, ghent | {"max": round(most)}])

    most = 12.0 if other is None else float(other["max"])
    found = made(least, most)
    report = plan_report(found)
    assert {use.limit.key for use in report.limits if use.binding} == binds
    assert report.limits == plan_report(found).limits
    largest = found.formulation.problem.rows.profit.max()
    for use in report.limits:
        assert use.less is not None and use.more is not None
        for changed in (use.less, use.more):
            amounts = (changed.amount, most) if use.missed else (least, changed.amount)
            assert changed.gain == pytest.approx(
                made(*amounts).solution.value - found.solution.value, abs=3 * largest
            )
        if use.missed:
            assert (use.price, use.less.gain, use.more.gain) == (0.0, pytest.approx(0.0), pytest.approx(0.0))
            assert f"{use.missed} short" in price_words(use, found.cost)
        elif use.binding:
            assert use.more.gain == pytest.approx(use.price * (use.more.amount - use.amount))


RULES: dict[str, dict[str, Any]] = {
    "holdout": {"holdout": 0.1},
    "max_per_customer": {"max_per_customer": 0},
    "max_per_period": {"max_per_period": 1},
    "min_days_since_contact": {"min_days_since_contact": 7},
}


@pytest.mark.parametrize("limits", [{}, {"budget": 6, "capacity": {"Mens": 30}}], ids=["free", "limited"])
def test_every_rule_says_whom_it_keeps_out_and_what_the_plan_without_it_earns_more(
    limits: dict[str, Any],
) -> None:
    """Oracle: the plan made anew without the rule; one contact where there is a rule against all contacts."""
    for key, rule in RULES.items():
        found = solved(**limits, **rule)
        report = plan_report(found)
        (used,) = (use for use in report.rules if use.key == key)
        without = solved(**limits, **({"max_per_customer": 1} if key == "max_per_customer" else {}))
        largest = found.formulation.problem.rows.profit.max()
        gain = without.solution.value - found.solution.value
        assert used.binding and used.gain == pytest.approx(gain, abs=3 * largest) and gain > 0
        kept = (found.formulation.excluded != Excluded.NO) & (without.formulation.excluded == Excluded.NO)
        profit = found.formulation.problem.rows.profit
        paying = int((kept & (profit > 0).any(axis=0)).sum())
        assert (used.customers, used.paying) == (kept.sum(), paying)
        assert used.words in found.held_back
        assert not found.contacts or used.words in " ".join(summary(found))
        assert f"{paying} customers; with" in kept_out_words(used)
    (marked,) = plan_report(solved(**limits)).rules
    assert marked.key == "suppressed" and marked.binding and marked.gain is not None and marked.gain > 0


def test_a_rule_that_keeps_out_no_one_who_would_be_contacted_does_not_bind() -> None:
    """By hand: of 50 alike the budget pays for 10; then 20 more are too recent, who would pay as well."""
    frame = pd.DataFrame({"row_id": [str(i) for i in range(50)], "uplift_hat": 1.0})
    frame["last_contacted_days"] = [30] * 30 + [1] * 20
    (used,) = plan_report(solved(frame, budget=1.0, min_days_since_contact=7)).rules
    assert (used.customers, used.paying, used.binding) == (20, 20, False)
    assert used.gain == pytest.approx(0.0, abs=0.005) and "others earn more" in kept_out_words(used)
    (none,) = plan_report(solved(frame.assign(uplift_hat=0.0), min_days_since_contact=7)).rules
    assert (none.paying, none.binding) == (0, False) and "no one who would pay" in kept_out_words(none)


def test_rules_that_keep_out_the_same_customers_are_not_said_to_hold_nothing_back() -> None:
    frame = scored().drop(columns="suppressed")
    found = solved(frame, max_per_customer=0, holdout=1.0)
    assert found.contacts == 0 and found.held_back == ()
    pays = int((found.formulation.problem.rows.profit > 0).any(axis=0).sum())
    assert [use.shared for use in found.rules] == [pays, pays]
    assert "another rule keeps out too" in kept_out_words(found.rules[0])
    assert "some rules do together" in held_words(found)


def test_a_budget_of_nothing_has_no_tenth() -> None:
    (budget,) = plan_report(solved(budget=0)).limits
    assert (budget.less, budget.more) == (None, None) and budget.binding


def test_the_chart_of_budgets_says_of_one_more_what_the_table_says() -> None:
    report = plan_report(solved(budget=8))
    frontier = report.frontier
    assert frontier is not None and frontier.current is not None
    assert frontier.price[frontier.current] == report.limits[0].price


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


def _set(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame[column] = frame[column].astype(object) if column in frame else None
        frame.loc[3, column] = value
        return frame

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("uplift_hat[Mens]", None), "row 5, column 'uplift_hat[Mens]': A number is missing."),
        (_set("uplift_hat[Mens]", "nan"), "row 5, column 'uplift_hat[Mens]'"),
        (_set("uplift_hat[Mens]", "inf"), "The number is infinite."),
        (_set("uplift_hat[Mens]", "many"), "row 5, column 'uplift_hat[Mens]', found 'many'"),
        (
            lambda f: _set("cost", -1.0)(f.assign(cost=0.1)),
            "column 'cost', found '-1': The number is negative.",
        ),
        (lambda f: _set("cost", None)(f.assign(cost=0.1)), "column 'cost': A number is missing."),
        (_set("last_contacted_days", -3), "The number is negative."),
        (_set("suppressed", "perhaps"), "This is neither yes nor no. Write 1 or 0."),
        (_set("row_id", None), "The id is missing."),
        (lambda f: f.assign(row_id="7"), "The id stands in an earlier row already."),
        (lambda f: f.drop(columns="row_id"), "row_id"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_and_fix(
    change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    with pytest.raises(DataError) as raised:
        solved(change(scored()))
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"capacity": {"Men": 5}}, "has no action 'Men'. Did you mean 'Mens'?"),
        ({"quotas": [{"column": "city", "value": "Gent", "min": 1}]}, "Did you mean 'Ghent'?"),
        ({"quotas": [{"column": "town", "value": "Ghent", "min": 1}]}, "town"),
        ({"weight": "worht"}, "worht"),
    ],
)
def test_an_unknown_action_segment_or_column_is_named(conditions: dict[str, Any], message: str) -> None:
    with pytest.raises((DataError, SettingError)) as raised:
        solved(**conditions)
    assert message in str(raised.value)


def test_risk_aversion_without_uncertainty_is_refused() -> None:
    with pytest.raises(SettingError, match="Add a column uplift_se"):
        solved(scored().drop(columns=["uplift_se[Mens]"]), risk_aversion=1.0)


@pytest.mark.parametrize(
    ("conditions", "named"),
    [
        ({"quotas": [{"column": "city", "value": "Ghent", "min": 4000}]}, "at most 1"),
        ({"budget": 0, "quotas": [{"min": 1}]}, "a budget of €0; at least 1 contact for all customers"),
        ({"max_per_customer": 0, "quotas": [{"min": 1}]}, "none of these customers may be contacted"),
        (
            {"topn": 5, "quotas": [{"column": "city", "value": "Ghent", "min": 6}]},
            "at most 5 contacts; at least 6 contacts for city = Ghent",
        ),
        (
            {
                "quotas": [
                    {"column": "city", "value": "Ghent", "max": 1},
                    {"column": "city", "value": "Ghent", "min": 3},
                ]
            },
            "at most 1 contact for city = Ghent; at least 3 contacts for city = Ghent",
        ),
    ],
)
def test_conditions_that_cannot_be_met_are_named_in_words(conditions: dict[str, Any], named: str) -> None:
    with pytest.raises(InfeasibleError) as raised:
        solved(**conditions)
    assert named in str(raised.value)
    assert raised.value.fix


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ({"budget": 0}, "none fits within a budget of €0; the cheapest costs €0.10."),
        ({"budget": 0.09}, "none fits within a budget of €0.09; the cheapest costs €0.10."),
        ({"topn": 0}, "would pay, but none fits within at most 0 contacts."),
        ({"max_per_customer": 0}, "not to be contacted at all"),
        ({"holdout": 1.0}, "held out to measure the campaign"),
        ({"margins": {"Mens": 0, "Womens": 0}}, "no contact is predicted to pay."),
        (
            {"capacity": {"Mens": 0, "Womens": 0}},
            "none fits within at most 0 contacts by Mens; at most 0 contacts by Womens.",
        ),
    ],
)
def test_conditions_that_leave_no_contact_are_an_ordinary_answer_that_says_why(
    conditions: dict[str, Any], why: str
) -> None:
    found = solved(**conditions)
    assert found.contacts == 0
    assert found.table().empty
    assert tuple(found.table().columns) == COLUMNS
    assert found.solution.gap_money == pytest.approx(0.0, abs=0.1)  # less than the cheapest contact costs
    assert whom(found).startswith("Contact no one") and why in whom(found)
    limits = [use for use in found.limits if use.limit.words in why]
    assert all(use.binding for use in limits)  # the table of conditions says the same


def test_rules_about_past_contacts_that_no_customer_has_on_record_are_said_to_rule_out_no_one() -> None:
    rules = {"min_days_since_contact": 7, "max_per_period": 2}
    assert unheeded(solved(**rules)) == ()
    new = scored().drop(columns=["last_contacted_days", "contacts_in_period"])
    days, often = unheeded(solved(new, **rules))
    assert "No customer has a last_contacted_days" in days and "counts this plan's contacts alone" in often


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
