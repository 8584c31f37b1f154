"""What a plan refuses, and how it says so; and conditions that leave no contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from made_plans import scored, solved

from core.advice.whom import unheeded, whom
from core.errors import DataError, SettingError
from core.policy.feasibility import InfeasibleError
from core.policy.plan import COLUMNS


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
