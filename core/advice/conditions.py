"""The conditions of a plan as people say them: its limits, and whom it leaves alone or counts otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.advice.contact_plans import contacts, limit_words
from core.advice.formats import count, money, percent
from core.policy.constraints import Constraints, CustomerRule
from core.policy.offers import COST
from core.policy.suppression import SUPPRESSED

if TYPE_CHECKING:
    from core.policy.customer_rules import RuleUse

PLANNED = "The most profitable plan within the conditions"
UNCONDITIONED = (
    "Without the conditions of this plan: the best customers, as far as margin and cost alone decide."
)
OWN_COSTS = (
    "Contacts have costs of their own. At × 1 every contact costs what it costs, at × 2 twice that; each "
    "customer is contacted by the action that earns most there, and no one who is marked as suppressed."
)


def one_cost_words(cost: float) -> str:
    """Of a curve that does not know the costs that contacts have of their own."""
    one = money(cost, cents=True)
    return f"With one cost of {one} for everyone: the costs that contacts have of their own are not in it."


def own_cost_words(least: float, most: float) -> str:
    """What the contacts of a plan cost, where they have costs of their own."""
    return f"Its own for each contact of the list: {money(least, cents=True)} to {money(most, cents=True)}"


PRICES = (
    "The worth of one more is a price at the margin: it holds for a small change; a tenth less and more were "
    "solved again. What is certified is the plan, never the profit it will earn."
)


def sentence(phrase: str) -> str:
    """A phrase with a capital letter."""
    return phrase[:1].upper() + phrase[1:]


def binding(binds: bool, missed: int) -> str:
    """Whether a limit holds the plan back."""
    if missed:
        return f"{count(missed)} short"
    return "yes" if binds else "no"


def heeded_words(names: Sequence[str]) -> tuple[str, ...]:
    """That a plan heeds columns of the audience, a phrase each. names: of `core.conditions.heeded`."""
    said = {
        SUPPRESSED: "no one marked in the audience's column 'suppressed'",
        COST: "each customer at the cost that the audience says",
    }
    stems = {name.split("[")[0] for name in names}
    return tuple(words for stem, words in said.items() if stem in stems)


def condition_words(conditions: Constraints) -> tuple[str, ...]:
    """Every condition that is set, a phrase each: the limits first, then the rules about customers."""
    return (*_limits(conditions), *rules(conditions))


def _limits(c: Constraints) -> tuple[str, ...]:
    said = []
    for kind, amount in (("budget", c.budget), ("topn", c.topn)):
        said += [] if amount is None else [limit_words(kind, amount)]
    said += [limit_words("capacity", most, action) for action, most in c.capacity]
    for quota in c.quotas:
        for kind, amount in (("max", quota.max), ("min", quota.min)):
            effort = " (best effort)" if kind == "min" and quota.effort == "best" else ""
            said += [] if amount is None else [limit_words(kind, amount, quota.words) + effort]
    said += [] if c.roi_floor is None else [limit_words("roi_floor", c.roi_floor)]
    return tuple(said)


def rule_phrase(key: CustomerRule, c: Constraints) -> str:
    """A rule about single customers as people say it."""
    if key == "suppressed":
        return "no one who is marked as suppressed"
    if key == "holdout":
        return f"{percent(c.holdout)} of customers held out by chance (seed {c.holdout_seed})"
    if key == "max_per_customer":
        return f"at most {contacts(c.max_per_customer)} a customer"
    if key == "max_per_period":
        return f"at most {contacts(c.max_per_period or 0)} a customer in a period, past ones too"
    return f"no one contacted in the last {c.min_days_since_contact:g} days"


def kept_out_words(use: RuleUse) -> str:
    """Whom a rule keeps out who would pay, and what the plan would earn without it."""
    if not use.paying:
        if use.shared:
            return f"Whom it keeps out and would pay, {count(use.shared)}, another rule keeps out too."
        return "It keeps out no one who would pay."
    pays = f"It keeps a contact that would pay from {count(use.paying)} customer{_s(use.paying)}"
    if not use.binding:
        return f"{pays}, but others earn more within the other conditions."
    if use.gain is None:
        return f"{pays}."
    without = "with one contact a customer more" if use.key == "max_per_customer" else "without it"
    more = f"{money(use.gain)} more" if use.gain >= 0.005 else "no more"
    return f"{pays}; {without} the plan would earn {more}."


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def rules(c: Constraints) -> tuple[str, ...]:
    """The conditions that are no limits: hold-out, fatigue, and those of `changed_worth`."""
    asked = c.as_dict()
    keys: tuple[CustomerRule, ...] = (
        "holdout",
        "max_per_customer",
        "max_per_period",
        "min_days_since_contact",
    )
    return (*(rule_phrase(key, c) for key in keys if key in asked), *changed_worth(c))


def changed_worth(c: Constraints) -> tuple[str, ...]:
    """The conditions on what a contact earns: costs and margins per action, risk, weights."""
    said = [f"a contact by {action} costs {money(cost, cents=True)}" for action, cost in c.costs]
    said += [f"a margin of {percent(margin)} by {action}" for action, margin in c.margins]
    if c.risk_aversion:
        said.append(f"{c.risk_aversion:g} standard errors taken off every uplift")
    if c.weight is not None:
        said.append(f"every uplift multiplied by the column {c.weight}")
    return tuple(said)
