"""The decision in words: whom to contact, against what it compares, and how sure we are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.advice.formats import count, interval, money, plus_minus
from core.decision import Decision
from core.estimate import Estimate
from core.scenario import Scenario

Tone = Literal["act", "stop", "unsure"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result page opens with: the decision, the comparison, and how sure we are."""

    decision: str
    comparison: str
    certainty: str
    tone: Tone

    @property
    def sentences(self) -> tuple[str, str, str]:
        return (self.decision, self.comparison, self.certainty)


def verdict(decision: Decision) -> Verdict:
    """The decision in plain words; measured profit leads, the model's own claim stands beside it."""
    certainty, tone = _certainty(decision)
    if decision.one_score:
        certainty += (
            " The model sees no difference between customers: the order of the list is the order of the ids."
        )
    return Verdict(_decision(decision), _comparison(decision), certainty, tone)


UNMEASURED = {
    "unlike": (
        "These customers are not like the campaign's: the model scores them otherwise, or they have values "
        "that it has never seen. What was measured there does not hold for them, so these figures are the "
        "model's claim and nothing measured."
    ),
    "blocked": (
        "Nothing was measured: the campaign's arms are not comparable, so what looks like the work of the "
        "contact may be a difference between those who got it and those who did not."
    ),
}
"""Why nothing measured stands beside the model's figures."""


def _whom(d: Decision) -> str:
    if d.contacts == 0:
        return "Contact no one"
    people = d.contacts if d.reached is None else d.reached
    times = f" {count(d.contacts)} times" if people != d.contacts else ""
    if people == d.customers:
        return f"Contact everyone ({count(d.customers)} customers){times}"
    return f"Contact {count(people)} of {count(d.customers)} customers{times}"


def not_yet(decision: str) -> str:
    """A decision of a model whose campaign cannot tell what the contact did."""
    return f"Do not act on this yet. By the model alone: {decision[0].lower()}{decision[1:]}"


def _decision(d: Decision) -> str:
    if d.customers == 0:
        return "There is no one to contact: the audience is empty."
    if d.contacts == 0:
        if d.scenario.topn == 0:
            return "Contact no one: the number of contacts is set to 0."
        if d.reached is not None:
            return "Contact no one: no contact that pays fits within these conditions."
        return (
            "Contact no one: by the model no customer brings in more than the "
            f"{money(d.scenario.cost, cents=True)} a contact costs."
        )
    if d.unmeasured == "blocked":
        return not_yet(f"{_whom(d)}, for {money(d.predicted.profit)} more profit than contacting no one.")
    if d.measured is None:
        weighed = f", each customer's gain counted times their '{d.weight}'" if d.weight is not None else ""
        return (
            f"{_whom(d)}; the model predicts {money(d.predicted.profit)} more profit than contacting no "
            f"one{weighed}."
        )
    if plus_minus(d.measured).startswith(f"{money(0)} "):
        return f"{_whom(d)} and expect no more than contacting no one: {plus_minus(d.measured)}."
    if d.measured.value < 0:
        return (
            f"{_whom(d)} and expect to lose {plus_minus(d.measured.scaled(-1.0))} against contacting no one."
        )
    return f"{_whom(d)} and expect {plus_minus(d.measured)} more profit than contacting no one."


def _comparison(d: Decision) -> str:
    if d.customers == 0:
        return "Choose another audience or mend the file."
    claim = f"The model's own claim for this choice: {money(d.predicted.profit)}."
    if d.measured_everyone is None:
        everyone = money(d.predicted_everyone.profit)
        return f"Contacting everyone: {everyone} by the model. Contacting no one: {money(0)}."
    return f"Contacting everyone: {plus_minus(d.measured_everyone)}. Contacting no one: {money(0)}. {claim}"


def _certainty(d: Decision) -> tuple[str, Tone]:
    if d.measured is None or d.measured_everyone is None or d.measured_gap is None:
        if d.unmeasured:
            return UNMEASURED[d.unmeasured], "unsure"
        why = "No experiment stands behind these figures"
        if d.weight is not None:
            why = f"No experiment has seen what '{d.weight}' counts for"
        elif d.reached is not None:
            why = "No experiment measures this plan's figures"
        return f"{why}: they are the model's claim and nothing measured.", "unsure"
    if d.contacts == 0:
        everyone = d.measured_everyone
        if everyone.lo > 0:
            return (
                f"The experiment disagrees: contacting everyone earned {money(everyone.value)} "
                f"({interval(everyone)}).",
                "unsure",
            )
        if everyone.hi < 0:
            return "The experiment agrees: contacting everyone lost money.", "stop"
        return "The experiment cannot tell contacting everyone from contacting no one.", "unsure"
    claim = _claim(d)
    if d.measured.hi < 0:
        return (
            f"The experiment is clear that this choice loses money ({interval(d.measured)}).{claim}",
            "stop",
        )
    if d.measured.lo <= 0:
        return (
            f"The experiment cannot tell this choice from contacting no one ({interval(d.measured)})."
            f"{_everyone_better(d.measured_gap)}{claim}",
            "unsure",
        )
    gap = d.measured_gap
    if d.contacts == d.customers:
        return f"The experiment shows that contacting pays ({interval(d.measured)}).{claim}", "act"
    if gap.lo > 0:
        return f"It beats contacting everyone by {money(gap.value)} ({interval(gap)}).{claim}", "act"
    if gap.hi < 0:
        return (
            f"Contacting everyone earned {money(-gap.value)} more on the experiment "
            f"({interval(gap.scaled(-1.0))}).{claim}",
            "unsure",
        )
    return (
        "It pays against contacting no one, but the experiment cannot tell it from contacting everyone "
        f"(difference {money(gap.value, sign=True)}, {interval(gap)}).{claim}",
        "unsure",
    )


def _everyone_better(gap: Estimate) -> str:
    if gap.hi >= 0:
        return ""
    return f" Contacting everyone earned {money(-gap.value)} more ({interval(gap.scaled(-1.0))})."


def _claim(d: Decision) -> str:
    ratio = d.claim_ratio
    if d.measured is None or d.contacts == 0 or d.measured.lo <= d.predicted.profit <= d.measured.hi:
        return ""
    if d.predicted.profit > d.measured.hi:
        times = f"{ratio:.1f} times" if ratio is not None else "more than"
        return f" The model claims {times} what the experiment shows: go by the measured figure."
    return " The model claims less than the experiment shows."


def policy(scenario: Scenario) -> str:
    """The rule by which customers are chosen, in words."""
    if scenario.policy == "bestN" and scenario.topn is not None:
        return f"The {count(scenario.topn)} customers with the highest predicted profit"
    return "Every customer whose predicted profit is above zero"


def suppressed_note(suppressed: int) -> str:
    """Of customers who must be left alone."""
    return (
        f"{count(suppressed)} customers are marked as suppressed: none of them is on the list, where the "
        "next best stand in their place; the figures above do not know of it (`persuadable plan` does)."
    )


UNHEEDED_CONDITIONS = (
    "This page's figures are without your plan's conditions. The Policy page, the contact list, the pack and "
    "Compare are with them."
)


def too_many_contacts(key: str, customers: int) -> str:
    """Of a link that asks for more contacts than there are customers. key: of the number in the link."""
    there = count(customers)
    return f"The link's {key} is more than the {there} customers there are; {there} stands in its place."


def unheeded_columns(names: Sequence[str]) -> str:
    """Of columns that plans heed, on a page whose figures do not know them."""
    columns = " and ".join(f"'{name}'" for name in names)
    them = "it" if len(names) == 1 else "them"
    return (
        f"The audience has {columns}, which this page's figures do not know: they take one cost for everyone "
        f"and leave no one out. The Policy page, the contact list, the pack and Compare heed {them}."
    )


def own_costs_heeded(names: Sequence[str]) -> str:
    """Of such columns on a page whose map heeds them and whose sentences do not."""
    columns = " and ".join(f"'{name}'" for name in names)
    it = "it" if len(names) == 1 else "them"
    return (
        f"The audience has {columns}. The map heeds {it}; the sentences here and the map of one cost for all "
        "take the cost of the slider for everyone and leave no one out. The Policy page, the contact list, "
        f"the pack and Compare heed {it}."
    )


def scoring_notes(unseen: Mapping[str, int], missing: Mapping[str, int]) -> tuple[str, ...]:
    """What was filled in or not known while scoring, a sentence a column."""
    return (
        *(
            f"{count(n)} values of '{c}' were not seen in training; the model treats them as other."
            for c, n in unseen.items()
            if n
        ),
        *(
            f"{count(n)} values of '{c}' are missing; the model filled them in."
            for c, n in missing.items()
            if n
        ),
    )


SIMULATED = (
    "This campaign is simulated: it has Hillstrom's columns and averages, but no real customer is in it."
)
