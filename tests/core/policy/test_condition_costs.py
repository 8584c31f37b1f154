"""What each condition of a plan costs: prices, tenths, and plans made anew without a rule."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made_plans import scored, solved

from core.advice.conditions import kept_out_words
from core.advice.contact_plans import held_words, price_words
from core.commands.plan import summary
from core.policy.formulation import Excluded
from core.policy.plan import Plan
from core.policy.plan_report import plan_report


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
