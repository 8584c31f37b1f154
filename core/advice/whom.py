"""Whom a plan contacts, in words; where it is no one, or fewer than were asked for, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.advice.contact_plans import (
    NOTHING_PAYS,
    asked_words,
    nobody_left_words,
    nothing_fits_words,
    plan_words,
)
from core.advice.formats import count

if TYPE_CHECKING:
    from core.policy.plan import Plan

LEFT_OUT = {
    "SUPPRESSED": "suppressed",
    "TOO_RECENT": "contacted too recently",
    "PERIOD_FULL": "contacted often enough this period",
    "NO_CONTACTS": "not to be contacted at all",
    "HELD_OUT": "held out to measure the campaign",
}
NO_LAST = (
    "No customer has a last_contacted_days, so min_days_since_contact leaves no one out; the column says how "
    "long ago each was contacted."
)
PREDICTED_ONLY = (
    "The profit is the model's prediction, and nothing of it is measured: a scored file holds no experiment. "
    "`persuadable pack --constraints` and the Policy page measure the same plan on the campaign."
)
NO_RECENT = "No customer has contacts_in_period above 0, so max_per_period counts this plan's contacts alone."


def whom(found: Plan) -> str:
    """Whom the plan contacts; where it is no one, why."""
    if found.contacts:
        customers = found.formulation.offers.customers
        return plan_words(found.contacts, found.reached, customers, found.cost, found.expected_profit)
    if not found.eligible:
        return nobody_left_words(left_out(found))
    if not found.paying:
        return NOTHING_PAYS
    closed = [use.limit for use in found.limits if use.binding]
    dear = any(limit.key == "budget" for limit in closed)
    words = tuple(limit.words for limit in closed)
    return nothing_fits_words(found.paying, words, found.cheapest if dear else None)


def weighed(found: Plan) -> tuple[str, ...]:
    """Of a plan that weighs customers: what its profit then is."""
    weight = found.formulation.constraints.weight
    if weight is None or not found.contacts:
        return ()
    return (
        f"Each customer's gain counts times their '{weight}': the profit is weighed, not this campaign's.",
    )


def predicted_only(found: Plan) -> tuple[str, ...]:
    """Of a plan for a scored file, which holds no experiment: that its profit is a prediction."""
    return (PREDICTED_ONLY,) if found.contacts else ()


def unheeded(found: Plan) -> tuple[str, ...]:
    """Rules about past contacts where the customers have none on record: a sentence each."""
    if not found.contacts:
        return ()
    offers, asked = found.formulation.offers, found.formulation.constraints
    said = []
    if asked.min_days_since_contact is not None and not (offers.last < float("inf")).any():
        said.append(NO_LAST)
    if asked.max_per_period is not None and not offers.recent.any():
        said.append(NO_RECENT)
    return tuple(said)


def left_out(found: Plan) -> tuple[str, ...]:
    """How many customers are left out, and why."""
    return tuple(f"{count(number)} {LEFT_OUT[why]}" for why, number in found.left_out.items() if number)


def asked_for(found: Plan) -> tuple[str, ...]:
    """A sentence where more contacts were asked for than pay; else none."""
    asked = found.formulation.constraints.topn
    return (asked_words(asked, found.paying),) if found.fewer_than_asked and asked is not None else ()
