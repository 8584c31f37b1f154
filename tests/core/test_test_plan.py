"""The plan of a test: its link, its bounds, and what it takes."""

from __future__ import annotations

import numpy as np
import pytest

from core import advice
from core.errors import SettingError
from core.plan import Plan, stated


def test_a_plan_survives_its_link():
    plan = Plan("amount", deviation=12.5, effect=0.4, holdout=0.2, power=0.9, customers=40_000)
    assert Plan.from_query(plan.to_query()) == (plan, ())


def test_what_a_link_has_wrong_takes_its_default_and_is_named():
    plan, notices = Plan.from_query({"base": "2", "effect": "much", "holdout": "0.2", "customers": "3"})
    assert plan == Plan(holdout=0.2)
    assert [word for word in ("base", "effect", "customers") if not any(word in n for n in notices)] == []


def test_the_customers_needed_show_the_effect_as_often_as_promised():
    """Brute force: 4,000 simulated tests of the size that the plan asks for."""
    plan = Plan("rate", base=0.2, effect=0.05, holdout=0.3, power=0.8)
    solution = plan.solved()
    rng = np.random.default_rng(0)
    held = solution.held_out
    contacted = solution.customers - held
    a, b = rng.binomial(contacted, 0.25, 4000) / contacted, rng.binomial(held, 0.2, 4000) / held
    se = np.sqrt(a * (1 - a) / contacted + b * (1 - b) / held)
    assert (np.abs(a - b) > 1.645 * se).mean() == pytest.approx(0.8, abs=0.03)


def test_a_profit_difference_is_an_uplift_over_margin_and_value():
    """The cost of a contact is certain: profit ÷ (margin · value) is the uplift to detect."""
    by_profit = stated(base=None, deviation=15.0, effect=None, profit=0.15, worth=0.3)
    assert by_profit.effect == pytest.approx(0.5)


@pytest.mark.parametrize(
    "given", [{}, {"base": 0.1}, {"base": 0.1, "deviation": 2.0, "effect": 1.0}, {"effect": 0.1}]
)
def test_a_plan_needs_one_kind_of_outcome_and_one_effect(given):
    with pytest.raises(SettingError):
        stated(**{"base": None, "deviation": None, "effect": None, "profit": None, "worth": 1.0} | given)


def test_the_words_of_a_plan_hold_its_numbers():
    solution = Plan(customers=20_000).solved()
    said = " ".join(advice.plan(solution).sentences)
    for words in ("23,235 customers", "11,618 of them held out", "1 percentage point", "75 %"):
        assert words in said
