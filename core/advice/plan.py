"""The design of a test in words."""

from __future__ import annotations

from core.advice.decisions import Verdict
from core.advice.formats import count, money, percent
from core.plan import Plan, Solution


def effect(plan: Plan, value: float) -> str:
    """A change of the outcome per customer: percentage points of a rate, money of an amount."""
    if plan.kind == "amount":
        return money(value, cents=True)
    points = f"{abs(value) * 100:,.2f}".rstrip("0").rstrip(".")
    return f"{points} percentage {'point' if points == '1' else 'points'}"


_NUMBERS = {
    "base": "Response without contact",
    "deviation": "Standard deviation of the amount",
    "effect": "Smallest uplift that matters",
    "holdout": "Hold-out share",
    "power": "Probability to see it",
}


BEFORE = "The figures below are for the numbers before."


def not_given(name: str) -> str:
    """Of a number of the form that is empty, or that the browser does not take."""
    return f"{_NUMBERS[name]}: give a number of 0 or more. {BEFORE}"


def plan(solution: Solution) -> Verdict:
    """How many customers the test takes, what fewer would do, and what it can tell."""
    asked = solution.plan
    held = f"{count(solution.held_out)} of them held out"
    decision = f"Test on {count(solution.customers)} customers, {held}."
    beside = (
        f"With {percent(asked.power, 0)} probability such a test shows a change of "
        f"{effect(asked, asked.effect)} a customer, if it is there."
    )
    if solution.best_customers < 0.995 * solution.customers:
        beside += (
            f" Fewest customers are needed with {percent(solution.best_holdout, 0)} held out: "
            f"{count(solution.best_customers)}."
        )
    if asked.customers is None or solution.power is None or solution.smallest is None:
        sure = "Half the effect needs four times the customers: choose the smallest change that matters."
        return Verdict(decision, beside, sure, "act")
    enough = solution.power >= asked.power - 1e-9
    sure = (
        f"Your {count(asked.customers)} customers show it with {percent(solution.power, 0)} probability; "
        f"the smallest change they show with {percent(asked.power, 0)} is "
        f"{effect(asked, solution.smallest)}."
    )
    if solution.holdout is None:
        sure += " No hold-out share makes them enough."
    else:
        sure += f" A hold-out of {percent(solution.holdout)} of them is enough."
    return Verdict(decision, beside, sure, "act" if enough else "unsure")
