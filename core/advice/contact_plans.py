"""A contact plan in words: its conditions, what they cost, and the reasons for and against each contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.advice.formats import count, money, percent

if TYPE_CHECKING:
    from core.policy.plan import Plan
    from core.policy.shadow import LimitUse

CHOSEN = "Earns most here"
PAYS = "Pays for itself"
SECOND = "Also pays"
TRADED = "Another action would earn more, but is worth more elsewhere"
FOR_MINIMUM = "Needed for a minimum"
SUPPRESSED = "Suppressed"
TOO_RECENT = "Contacted too recently"
PERIOD_FULL = "Contacted often enough this period"
NO_CONTACTS = "No contacts per customer are allowed"
HELD_OUT = "Held out, to measure the campaign"
DOES_NOT_PAY = "No contact pays"
OUTBID = "Would pay, but others earn more within {limit}"
LEFT_OVER = "Would pay, but no longer fits"
EFFORT = "as far as possible (best effort)"
"""As the form says it, and as files do."""


def limit_words(kind: str, amount: float, what: str = "") -> str:
    """A condition as people say it; `what` is the action or the segment."""
    if kind == "budget":
        return f"a budget of {money(amount)}"
    if kind == "topn":
        return f"at most {contacts(amount)}"
    if kind == "capacity":
        return f"at most {contacts(amount)} by {what}"
    if kind == "max":
        return f"at most {contacts(amount)} for {what}"
    if kind == "min":
        return f"at least {contacts(amount)} for {what}"
    return f"a profit of at least {percent(amount)} of the cost"


def contacts(number: float) -> str:
    """'1 contact', '1,200 contacts'."""
    return f"{count(number)} contact{'' if number == 1 else 's'}"


def price_words(use: LimitUse, cost: float) -> str:
    """What one more unit of a limit is worth; cost: the plan's, for the return floor."""
    limit, price = use.limit, use.price
    if use.missed:
        return (
            f"Filled as far as the other conditions allow, {count(use.missed)} short: one contact fewer in "
            "this minimum changes nothing."
        )
    if price <= 0:
        return "Does not bind: more of it would earn nothing."
    if limit.key != "roi_floor" and price < 0.005:
        return "One more of it would earn less than a cent."
    if limit.key == "budget":
        return f"{money(1, cents=False)} more budget earns {money(price)}."
    if limit.key == "roi_floor":
        return f"A floor lower by one percentage point earns {money(price * cost * 0.01)}."
    if limit.sense == ">=":
        return f"One contact fewer in this minimum earns {money(price)}."
    return f"One more contact here earns {money(price)}."


def contradiction(words: tuple[str, ...]) -> tuple[str, str]:
    """(message, fix) for limits that no plan meets together."""
    return (
        f"These conditions contradict each other: {'; '.join(words)}.",
        f"Loosen any one of them, or let a minimum be filled {EFFORT}.",
    )


def unreachable(words: str, most: int) -> tuple[str, str]:
    """(message, fix) for one minimum above what there is."""
    if most == 0:
        return (
            f"No plan has {words}: none of these customers may be contacted.",
            f"Leave the minimum out, let it be filled {EFFORT}, or loosen the hold-out or the contact rules.",
        )
    return (
        f"No plan has {words}: at most {count(most)} can be had.",
        f"Ask for {count(most)} or fewer, or let it be filled {EFFORT}.",
    )


NEARLY_CONTRADICTING = (
    "No plan was found: the conditions all but contradict each other.",
    "Loosen a minimum or a maximum by a contact or two.",
)


def gap_words(gap_money: float, gap: float) -> str:
    """How far the plan can be from the best one."""
    if gap_money < 0.005:
        return "No plan within these conditions has a higher predicted profit."
    return (
        f"No plan within these conditions has a predicted profit more than {money(gap_money)} higher "
        f"({percent(gap, 4)})."
    )


def baseline_words(name: str, short: float, value: float, missed: int) -> str:
    """What a simple rule would have lost against the plan."""
    if abs(short) < 0.005 and missed == 0:
        return f"{name}: nothing; it finds as good a plan here."
    share = f" ({percent(short / value)})" if value > 0 else ""
    against = f"{money(short)}{share} less" if short >= 0 else f"{money(-short)} more, by missing minimums"
    kept = "" if missed == 0 else f", and misses {missed} minimum{'s' if missed > 1 else ''}"
    return f"{name}: {against}{kept}."


def plan_words(contacts: int, customers: int, of: int, cost: float, profit: float) -> str:
    """Whom a plan contacts, and what it earns."""
    times = "" if contacts == customers else f" {count(contacts)} times"
    return (
        f"Contact {count(customers)} of {count(of)} customers{times} for {money(cost)}; "
        f"predicted profit {money(profit)}."
    )


def held_words(found: Plan) -> str:
    """What holds a plan back."""
    if found.held_back:
        return f"What holds it back: {'; '.join(found.held_back)}."
    if any(rule.shared for rule in found.rules):
        return "None of the conditions holds it back by itself, but some rules do together."
    return "None of the conditions holds it back."


NOTHING_PAYS = "Contact no one: no contact is predicted to pay."


def nobody_left_words(reasons: tuple[str, ...]) -> str:
    """A plan for an audience of whom no one may be contacted."""
    return f"Contact no one: no customer may be contacted ({'; '.join(reasons)})."


def nothing_fits_words(paying: int, closed: tuple[str, ...], cheapest: float | None) -> str:
    """A plan in which nothing that pays has a place. cheapest: where the budget is below it, money."""
    least = "" if cheapest is None else f"; the cheapest costs {money(cheapest)}"
    return (
        f"Contact no one: {contacts(paying)} would pay, but none fits within "
        f"{'; '.join(closed) or 'these conditions'}{least}."
    )


def asked_words(asked: int, paying: int) -> str:
    """Why a plan contacts fewer than were asked for."""
    pay = "none pays" if paying == 0 else f"{count(paying)} pay{'s' if paying == 1 else ''}"
    return (
        f"Of the {contacts(asked)} asked for {pay}: a plan contacts only those that pay. A list without "
        f"conditions takes the best {count(asked)}, whether they pay or not."
    )


def missed_words(words: str, missed: int) -> str:
    """A best-effort minimum that could not be filled."""
    return f"Filled {EFFORT}: {words} cannot be reached; {count(missed)} are missing."
