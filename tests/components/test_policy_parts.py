"""The Policy page's parts as trees, without a browser: the form says what it asks, the tables what binds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_results import parts, trace, words

from components import ids
from components import template as t
from components.frontier_figure import frontier_figure
from components.plan_map_figure import plan_map_figure, plan_map_finding, plan_map_summary
from components.policy_asked import asked_of
from components.policy_form import Offered, budget_top, policy_form
from components.policy_limits import limits_table
from components.policy_worth import rivals, split_panel, worth_panel
from core.advice import policy_plans
from core.advice.cost_axis import CLICK, CLICK_COST, click_words, own_margins_words
from core.errors import SettingError
from core.estimate import Estimate
from core.plan_map import map_axes
from core.policy.best_share import ChosenBest
from core.policy.constraints import Constraints
from core.policy.economics import SensitivityGrid
from core.policy.offers import offers
from core.policy.plan import Plan, plan
from core.policy.plan_report import PlanReport, plain_report, plan_report
from core.policy.value import PolicyValue
from core.scenario import Scenario

SCENARIO = Scenario(data="a", model="b", margin=0.5, cost=0.1)
ACTIONS = ("Mens", "Womens")
OFFERED = Offered(ACTIONS, {"city": ("Ghent", "Bruges")}, frozenset({"city"}), (), spend=100.0)
EVERYTHING = Constraints.from_dict(
    {
        "budget": 12.5,
        "topn": 70,
        "capacity": {"Mens": 40},
        "costs": {"Womens": 0.2},
        "margins": {"Mens": 0.45},
        "quotas": [
            {"column": "city", "value": "Ghent", "action": "Mens", "min": 5, "max": 30, "effort": "best"},
            {"max": 200},
        ],
        "roi_floor": 0.25,
        "max_per_customer": 2,
        "max_per_period": 3,
        "min_days_since_contact": 7,
        "holdout": 0.1,
        "holdout_seed": 7,
        "risk_aversion": 0.5,
        "weight": "clv",
    }
)


def scored(size: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    uplift = rng.normal(0.3, 1.0, (size, 2))
    columns = {f"uplift_hat[{action}]": uplift[:, k] for k, action in enumerate(ACTIONS)}
    return pd.DataFrame(
        {
            "row_id": [f"{i:04d}" for i in range(size)],
            **columns,
            "city": rng.choice(["Ghent", "Bruges"], size),
        }
    )


def solved(**conditions: Any) -> Plan:
    asked = Constraints.from_dict(conditions)
    return plan(offers(scored(), asked), SCENARIO, asked)


@pytest.fixture(scope="module")
def report() -> PlanReport:
    """A budget that binds and a minimum that is met anyway."""
    quota = {"column": "city", "value": "Ghent", "min": 5}
    return plan_report(solved(budget=8, max_per_customer=2, holdout=0.1, quotas=[quota]))


def boxes(form: Any) -> list[dict[str, Any]]:
    """The form's controls as the browser sends them."""
    kinds = ("limit", "per-action", "quota")
    return [
        {"id": part.id, "value": part.value}
        for part in parts(form)
        if isinstance(getattr(part, "id", None), dict) and part.id["type"] in kinds
    ]


@pytest.mark.parametrize("asked", [EVERYTHING, Constraints()])
def test_the_form_means_exactly_the_conditions_it_was_made_from(asked: Constraints) -> None:
    scenario = replace(SCENARIO, topn=asked.topn)
    sent = boxes(policy_form(scenario, asked, OFFERED))
    again, conditions = asked_of(sent, Scenario(data="a", model="b"), replace(asked, topn=None), ACTIONS)
    assert again == scenario
    assert replace(conditions, topn=again.topn) == asked


def test_the_worth_of_a_response_is_a_box_where_the_outcome_is_yes_or_no() -> None:
    """It cannot be emptied; what is beyond the scenario's bounds is named."""
    named = {"type": "limit", "name": "value"}
    asked = replace(SCENARIO, value=80.0)
    assert named not in [box["id"] for box in boxes(policy_form(SCENARIO, Constraints(), OFFERED))]
    sent = boxes(policy_form(asked, Constraints(), replace(OFFERED, binary=True)))
    assert asked_of(sent, SCENARIO, Constraints(), ACTIONS)[0] == asked
    for value, worth in ((None, 80.0), (20, 20.0)):
        now = [box | {"value": value} if box["id"] == named else box for box in sent]
        assert asked_of(now, asked, Constraints(), ACTIONS)[0].value == worth
    with pytest.raises(SettingError, match="Worth of one response: 2000000 cannot be used"):
        asked_of([{"id": named, "value": 2_000_000}], SCENARIO, Constraints(), ACTIONS)


def test_an_emptied_box_lifts_its_condition_and_what_the_form_does_not_show_stays() -> None:
    form = policy_form(SCENARIO, EVERYTHING, OFFERED)
    sent = [
        box | {"value": None} if box["id"].get("name") in ("budget", "holdout") else box
        for box in boxes(form)
    ]
    conditions = asked_of(sent, SCENARIO, EVERYTHING, ACTIONS)[1]
    assert (conditions.budget, conditions.holdout) == (None, 0.0)
    assert conditions.holdout_seed == 7


@pytest.mark.parametrize("number", [1000, 0])
def test_an_emptied_number_of_contacts_is_no_condition_of_the_scenario_or_the_plan(number: int) -> None:
    sent = [{"id": {"type": "limit", "name": "topn"}, "value": None}]
    stood = replace(SCENARIO, topn=number)
    scenario, conditions = asked_of(sent, stood, Constraints(topn=number), ACTIONS)
    assert (scenario.topn, conditions) == (None, Constraints())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("holdout", 150, "Hold-out share, percent: 150 cannot be used. Give a number from 0 to 100."),
        ("budget", -3, "Budget: -3 cannot be used"),
        ("topn", 2.5, "Contacts in all, at most: 2.5 cannot be used. Give a whole number"),
        ("margin", 101, "Margin, percent of revenue kept: 101 cannot be used"),
        ("risk_aversion", "x", "Give a number from 0 to 10."),
    ],
)
def test_a_box_that_cannot_be_used_is_named_with_what_can(name: str, value: Any, said: str) -> None:
    with pytest.raises(SettingError) as raised:
        asked_of([{"id": {"type": "limit", "name": name}, "value": value}], SCENARIO, Constraints(), ACTIONS)
    assert said in str(raised.value)


def test_a_row_of_a_quota_counts_once_it_has_a_bound() -> None:
    row = [{"id": {"type": "quota", "part": "who", "row": 4}, "value": '["city", "Ghent"]'}]
    bound = [{"id": {"type": "quota", "part": "min", "row": 4}, "value": 12}]
    assert asked_of(row, SCENARIO, Constraints(), ACTIONS)[1].quotas == ()
    (quota,) = asked_of([*row, *bound], SCENARIO, Constraints(), ACTIONS)[1].quotas
    assert (quota.column, quota.value, quota.min, quota.effort) == ("city", "Ghent", 12, "hard")


def test_what_an_audience_cannot_be_asked_for_is_said_and_its_columns_bring_the_control() -> None:
    said = words(policy_form(SCENARIO, Constraints(), OFFERED))
    assert "no column last_contacted_days" in said and "no column uplift_se" in said
    rich = replace(OFFERED, columns=frozenset({"last_contacted_days", "uplift_se[Mens]"}), weights=("clv",))
    form = policy_form(SCENARIO, Constraints(), rich)
    names = {box["id"].get("name") for box in boxes(form)}
    assert {"min_days_since_contact", "risk_aversion", "weight"} <= names
    assert "no column last_contacted_days" not in words(form)


def test_every_box_has_a_name_and_every_slider_too() -> None:
    form = policy_form(SCENARIO, EVERYTHING, OFFERED)
    labelled = {part.htmlFor for part in parts(form) if type(part).__name__ == "Label"}
    assert {ids.dom(box["id"]) for box in boxes(form)} <= labelled
    sliders = [part for part in parts(form) if type(part).__name__ == "Slider"]
    named = [part for part in parts(form) if hasattr(part, "data-names-slider")]
    assert len(sliders) == len(named) == 3


def test_the_budget_slider_holds_the_budget_and_all_that_pays() -> None:
    assert budget_top(100.0, None) >= 100
    assert budget_top(100.0, 5000.0) >= 5000
    assert budget_top(0.0, None) > 0


def test_a_binding_condition_is_told_by_word_and_mark(report: PlanReport) -> None:
    table = limits_table(report, working=False)
    said = " ".join(words(part) for part in table)
    assert "2 of 4 conditions hold the plan back" in said
    marks = [part for part in parts(table[1]) if "binding" in (getattr(part, "className", "") or "")]
    assert [words(mark).strip() for mark in marks] == ["Binds", "Does not bind", "Does not bind", "Binds"]
    assert marks[0].className != marks[1].className
    assert "bi-lock-fill" in marks[0].children[0].className
    assert "more budget earns" in said and "at €7.20" in said and "at €8.80" in said
    (holdout,) = (rule for rule in report.rules if rule.key == "holdout")
    assert f"30 kept out – It keeps a contact that would pay from {holdout.paying} customers" in said
    assert f"without it the plan would earn €{holdout.gain:,.2f} more." in said


def test_before_the_tenths_are_worked_out_the_table_says_so(report: PlanReport) -> None:
    said = words(limits_table(plain_report(report.plan), working=True)[1])
    assert said.count(policy_plans.WORKING) == 2 * len(report.limits)
    assert said.count(policy_plans.WORTH_WORKING) == 1  # the hold-out's, which binds


def test_a_plan_without_any_condition_contacts_everyone_who_pays() -> None:
    free = plain_report(solved())
    assert "There is no condition: everyone who pays is contacted." in words(
        limits_table(free, working=True)[1]
    )
    assert free.plan.reached == free.plan.paying


def test_the_certificate_is_of_the_optimisation_and_never_of_the_profit(report: PlanReport) -> None:
    said = " ".join(words(part) for part in worth_panel(report.plan, ()))
    assert "No plan can have more than" in said
    assert "never the profit" in said


def test_contacts_by_action_and_segment_and_who_is_left_out(report: PlanReport) -> None:
    said = " ".join(words(part) for part in split_panel(report.plan, {"city": {"Ghent": (30, 150)}}))
    assert "Mens" in said and "Womens" in said
    assert "30 held out to measure the campaign" in said
    assert "20.0 %" in said


def test_simple_rules_stand_beside_the_plan(report: PlanReport) -> None:
    said = words(rivals(report.plan, report.baselines)[2])
    assert "Highest profit first:" in said and "Minimums first" in said


def test_measured_profit_stands_beside_the_claim_by_both_estimators() -> None:
    found = solved(budget=8, holdout=0.1)
    one = PolicyValue("plan", 0.5, 1.0, Estimate.normal(0.5, 0.01), Estimate.normal(0.4, 0.01))
    said = " ".join(words(part) for part in worth_panel(found, (one,)))
    assert "Measured, AIPW" in said
    assert "€135 ± " in said and "€108 ± " in said  # 270 customers may be contacted: 0.5 and 0.4 each


def test_the_best_share_is_told_as_it_did_on_customers_who_did_not_choose_it(report: PlanReport) -> None:
    shares = np.array([0.2, 0.3, 0.25])
    best = ChosenBest(shares, shares, Estimate.normal(0.5, 0.1), 0.8, np.zeros(3, dtype=np.int64))
    said = words(rivals(report.plan, report.baselines, best)[-1])
    eligible = report.plan.eligible
    assert "20.0 % to 30.0 % of the customers" in said
    assert f"€{0.5 * eligible:,.0f} ± " in said
    assert f"seemed to earn €{0.8 * eligible:,.0f}: choosing flatters." in said
    modest = words(rivals(report.plan, report.baselines, replace(best, flattered=0.4))[-1])
    assert modest.endswith(f"seemed to earn €{0.4 * eligible:,.0f}.")  # then it did not


def test_the_frontier_marks_where_the_plan_stands(report: PlanReport) -> None:
    assert report.frontier is not None
    figure = frontier_figure(report.frontier, report.plan.cost, report.plan.solution.value)
    current = trace(figure, t.CURRENT)
    assert (current.x[0], current.y[0]) == (report.plan.cost, report.plan.solution.value)
    assert "px" in trace(figure, t.PREDICTED).line.dash
    finding = policy_plans.frontier_finding(report.frontier, 8.0)
    assert finding.startswith("At a budget of €8.00, one more €1 earns")
    assert "Now at €8.00" in policy_plans.frontier_summary(report.frontier, 8.0)


def test_a_cell_without_a_plan_is_told_as_one() -> None:
    profit = np.array([[1.0, np.nan], [3.0, 2.0]])
    counts = np.array([[5, 0], [9, 4]])
    nothing = np.full((2, 2), np.nan)
    grid = SensitivityGrid(np.array([0.1, 0.5]), np.array([0.1, 0.2]), counts, counts / 10, profit, nothing)
    heatmap = plan_map_figure(grid, SCENARIO).data[0]
    assert heatmap.zmin == -heatmap.zmax
    assert "no plan" in heatmap.customdata[0][1][2]
    assert [float(v) for v in heatmap.customdata[1][0][:2]] == [0.5, 0.1]
    assert "In 1 of 4 cells" in plan_map_summary(grid)


def test_a_map_of_factors_says_so_and_a_click_sets_the_margin_alone() -> None:
    profit, counts = np.array([[2.0, 1.0], [3.0, 2.0]]), np.array([[5, 4], [9, 8]])
    margins, factors = np.array([0.1, 0.5]), np.array([1.0, 2.0])
    grid = SensitivityGrid(margins, factors, counts, counts / 10, profit, profit, "factor")
    drawn = plan_map_figure(grid, SCENARIO)
    cell = drawn.data[0].customdata[1][1]
    assert list(cell[:2]) == [0.5, None]
    assert cell[2] == "Margin 50 %, each cost × 2:<br>8 contacts, €2.00 predicted"
    assert drawn.layout.xaxis.title.text == "Times each contact's own cost"
    assert drawn.layout.xaxis.ticktext == ("× 1", "× 2")
    assert trace(drawn, t.CURRENT).x == (0.0,)  # the costs as they are, whatever the scenario's
    assert "With every cost × 1 to × 2" in plan_map_finding(grid)
    assert "each contact's own cost times 1 to 2" in plan_map_summary(grid)


def test_a_map_says_which_margins_do_not_move_and_sets_none_that_changes_nothing() -> None:
    """By hand: with a margin for each action the scenario's is nobody's, so a click sets the cost alone."""
    profit, counts = np.array([[2.0, 1.0], [3.0, 2.0]]), np.array([[5, 4], [9, 8]])
    grid = SensitivityGrid(*np.array([[0.1, 0.5], [1, 2]]), counts, counts / 10, profit, profit)
    assert plan_map_figure(grid, SCENARIO, margin=False).data[0].customdata[1][1][:2] == [None, 2.0]
    (said,) = own_margins_words((("Mens", 0.45), ("Womens", 0.2)), all_of_them=True)
    assert "Mens 45 %, Womens 20 %" in said and "change nothing" in said
    assert click_words("cost", margin=False) == (CLICK_COST,) and click_words("factor", margin=False) == ()
    (said,) = own_margins_words((("Mens", 0.45),), all_of_them=False)
    assert "stay as they are (Mens 45 %)" in said and click_words("cost", margin=True) == (CLICK["cost"],)


@pytest.mark.parametrize("cost", [0.0, 1e-7, 0.05, 0.123456789, 1 / 3, 600_000.0, 1e6])
@pytest.mark.parametrize("margin", [0.0, 0.3, 1 / 3, 2 / 3, 1.0])
def test_a_maps_margins_and_costs_are_a_scenarios_own_and_none_stands_twice(cost, margin) -> None:
    scenario = Scenario(margin=margin, cost=cost)
    margins, costs = map_axes(scenario)
    for m in margins:
        for c in costs:
            replace(scenario, margin=float(m), cost=float(c))  # SettingError where a scenario could not be so
    for axis, own in ((margins, margin), (costs, cost)):
        assert own in axis and len(axis) == len({f"{value:.5g}" for value in axis})
    assert len(costs) == {1e6: 4}.get(cost, 7)  # what is above the bound stands at it once


def test_contradicting_conditions_are_told_with_their_fix() -> None:
    with pytest.raises(SettingError) as raised:
        solved(budget=0, quotas=[{"min": 3}])
    verdict = policy_plans.conflict_verdict(raised.value)
    assert verdict.tone == "stop"
    assert "contradict each other: a budget of €0" in verdict.comparison
    assert "Loosen any one of them" in verdict.certainty


def value(name: str, ipw: float, gap: float | None) -> PolicyValue:
    interval = Estimate.normal(ipw, 0.01)
    paired = Estimate.normal(0.0 if gap is None else gap, 0.01)
    return PolicyValue(name, 0.5, 1.0, interval, interval, paired, paired)


@pytest.mark.parametrize(
    ("earned", "against", "tone", "said"),
    [
        (0.5, -0.2, "act", "It beats contacting everyone by"),
        (0.5, 0.2, "unsure", "Contacting everyone by the one action that is best on average earned"),
        (0.001, 0.0, "unsure", "cannot tell this rule from contacting no one"),
        (-0.5, 0.0, "stop", "loses money"),
    ],
)
def test_how_sure_we_are_comes_from_the_experiment(earned, against, tone, said) -> None:
    """gap_ipw is the other policy less the plan: negative where the plan is better."""
    found = solved(budget=8, holdout=0.1)
    rules = (value("plan", earned, None), value("everyone", 0.3, against), value("simple", 0.3, 0.0))
    verdict = policy_plans.plan_verdict(found, rules, unmeasured="")
    assert verdict.tone == tone and said in verdict.certainty
    carried = policy_plans.rule_values(found, rules)["plan"]
    assert carried.measured is not None
    assert carried.measured.value == pytest.approx(earned * 270)  # the held-out tenth is not carried to
    assert (
        "Contacting everyone by the one action that is best on average:" in verdict.comparison
        and "Contacting no one: €0" in verdict.comparison
    )


def test_a_plan_weighed_by_a_value_is_not_called_measured() -> None:
    frame = scored()
    frame["clv"] = 2.0
    asked = Constraints(budget=8.0, weight="clv")
    verdict = policy_plans.plan_verdict(plan(offers(frame, asked), SCENARIO, asked), (), unmeasured="")
    assert "weighs customers by clv" in verdict.certainty and verdict.tone == "unsure"
