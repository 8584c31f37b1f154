"""What the experiment answers, in words: target, contact everyone, contact no one, or not enough evidence."""

from __future__ import annotations

from core.advice.decisions import Tone, Verdict
from core.advice.formats import count, interval, money, percent, plus_minus, signed
from core.estimate import Estimate
from core.scenario import Scenario
from core.uplift.evaluation import Ranking
from core.uplift.verdict import Answer
from core.uplift.verdict import Verdict as Found


def answer(found: Found) -> Verdict:
    """The experiment's answer under the economics it was judged by; money of the customers measured."""
    said, tone = _ANSWERS[found.answer](found)
    return Verdict(said, _beside(found), differences(found.customers_differ), tone)


def differences(gained: Estimate) -> str:
    """Whether customers differ at all in what a contact changes. gained: by the ranking over random."""
    if gained.lo > 0:
        return "Customers differ in what the contact changes, and the ranking finds them."
    if gained.hi < 0:
        return "The ranking is worse than a random one: do not choose by it."
    return (
        "Customers do not differ detectably in what the contact changes: on this data the ranking is no "
        "better than random."
    )


def judged_at(scenario: Scenario, outcome: str, binary: bool) -> tuple[str, ...]:
    """Under which economics an answer stands; and where an outcome of yes or no was given no worth."""
    worth = f" and {money(scenario.value, cents=True)} for each '{outcome}'" if binary else ""
    cost = money(scenario.cost, cents=True)
    said = f"This is at {cost} a contact, a margin of {percent(scenario.margin)}{worth}."
    return (said, worth_unsaid(outcome)) if binary and scenario.value == 1.0 else (said,)


def worth_unsaid(outcome: str) -> str:
    """What to do where the value of a yes was left at 1."""
    return f"'{outcome}' is yes or no: say with --value what one yes is worth in money."


def ranking_words(ranking: Ranking, outcome: str) -> str:
    """What a contact changes on average, and how well the scores rank."""
    effect, qini = ranking.effect, ranking.qini
    return (
        f"A contact changed '{outcome}' by {signed(effect.value)} a customer ({signed(effect.lo)} to "
        f"{signed(effect.hi)}); the ranking's Qini is {signed(qini.value)} "
        f"({signed(qini.lo)} to {signed(qini.hi)})."
    )


def _targeting_pays(found: Found) -> tuple[str, Tone]:
    claim = found.claim
    best = f"Contact the best {percent(claim.share)}: it earned {money(claim.measured.value)}"
    if found.settled:
        return f"{best}, {money(claim.gap.value)} more than contacting everyone.", "act"
    return f"{best}. {_open(found, 'Whether contacting everyone earns as much')}", "act"


def _contact_everyone(found: Found) -> tuple[str, Tone]:
    claim = found.claim
    if not found.settled:
        return f"Contacting everyone pays. {_open(found, 'Whether choosing pays more')}", "act"
    if claim.contacts == 0:
        earned = money(claim.everyone.value)
        return f"Contact everyone: it earned {earned}, though the model would contact no one.", "act"
    if claim.contacts == found.customers:
        return f"Contact everyone: it earned {money(claim.everyone.value)}.", "act"
    return f"Contact everyone: choosing by this model loses {money(-claim.gap.value)}.", "act"


def _contact_no_one(found: Found) -> tuple[str, Tone]:
    return "Contact no one: at this cost the campaign loses money.", "stop"


def _not_enough(found: Found) -> tuple[str, Tone]:
    if found.test is None:
        return "Not enough evidence; no test of practical size would tell.", "unsure"
    return f"Not enough evidence; a test of {count(found.test)} customers would tell.", "unsure"


_ANSWERS = {
    Answer.TARGETING_PAYS: _targeting_pays,
    Answer.CONTACT_EVERYONE: _contact_everyone,
    Answer.CONTACT_NO_ONE: _contact_no_one,
    Answer.NOT_ENOUGH_EVIDENCE: _not_enough,
}


def _open(found: Found, question: str) -> str:
    if found.test is None:
        return f"{question}, this experiment cannot tell; no test of practical size would."
    return f"{question}, this experiment cannot tell; a test of {count(found.test)} customers would."


def _beside(found: Found) -> str:
    claim = found.claim
    everyone = f"contacting everyone {plus_minus(claim.everyone)}"
    on = f"On the {count(found.customers)} customers measured"
    if 0 < claim.contacts < found.customers:
        return (
            f"{on}, the customers that pay by the model earned {plus_minus(claim.measured)}, {everyone} "
            f"(difference {money(claim.gap.value, sign=True)}, {interval(claim.gap)})."
        )
    return f"{on}, contacting everyone earned {plus_minus(claim.everyone)}."
