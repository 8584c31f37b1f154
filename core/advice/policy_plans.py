"""The Policy page in words: the plan, its measured rule, and what a condition costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.advice.decisions import UNMEASURED, Tone, Verdict, not_yet
from core.advice.formats import count, interval, money, percent, plus_minus
from core.advice.whom import asked_for, unheeded, whom
from core.errors import PersuadableError
from core.estimate import Estimate

if TYPE_CHECKING:
    from core.policy.best_share import ChosenBest
    from core.policy.customer_rules import RuleUse
    from core.policy.plan import Plan
    from core.policy.plan_report import PlanReport
    from core.policy.shadow import Changed, Frontier, LimitUse
    from core.policy.value import PolicyValue
    from core.uplift.likeness import Unmeasured

WORKING = "working it out"
LIMITS = "What the conditions cost"
WORTH = "How good the plan is"
FRONTIER = "What each budget would earn"
SIMPLE = "What a simple rule would lose"
SPLIT = "Who is contacted, and how"
WORTH_WORKING = "Working out what it costs."
FINDING = "Finding the best plan…"
CERTIFIED = (
    "This certifies the optimisation, never the profit: the profit is the model's prediction, and how sure "
    "that is stands at the top."
)
MEASURED_RULE = (
    "on the experiment and carried over to the {customers} customers who may be contacted. The plan's rule "
    "contacts the same share of the experiment's customers, one contact each: the best by scores of models "
    "that had not seen them, within the same conditions as shares. By weighted means of the outcomes; AIPW: "
    "by the model's predictions, corrected by the outcomes. Intervals are at 90 %."
)


STRANGERS = (
    "The conditions are about segments, and nothing says in which segment the experiment's customers are: "
    "this audience does not hold them all, or no id column tells which they are. These figures are the "
    "model's claim and nothing measured."
)


def plan_verdict(found: Plan, measured: tuple[PolicyValue, ...], *, unmeasured: Unmeasured) -> Verdict:
    """The plan in three sentences. measured: of `core.contact_plan.measured`. unmeasured: why no
    plan of these customers could be measured.
    """
    values, everyone = rule_values(found, measured), f"contacting everyone{_by_one(found)}"
    certainty, tone = _certainty(values, unmeasured, everyone)
    weight = found.formulation.constraints.weight
    if weight is not None:
        certainty = (
            f"The plan weighs customers by {weight}, which no experiment has seen: these figures are the "
            "model's claim and nothing measured."
        )
    elif found.formulation.constraints.risk_aversion:
        certainty = (
            "The plan holds back where the model is unsure, and how unsure it is stands on no row of the "
            "experiment: these figures are the model's claim and nothing measured."
        )
    elif not found.measurable:
        certainty = (
            "A contact costs some customers more than others, which no row of the experiment says: these "
            "figures are the model's claim and nothing measured."
        )
    comparison = " ".join((*asked_for(found), *unheeded(found), _comparison(values, everyone)))
    decision = not_yet(whom(found)) if unmeasured == "blocked" and found.contacts else whom(found)
    return Verdict(decision, comparison, certainty, tone)


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A rule's worth for the customers who may be contacted, money: predicted and measured.

    share: of customers contacted. measured: by weighted means; augmented: by the model's predictions
    corrected by the outcomes. gap: the plan's measured profit less this rule's, paired on the experiment's
    customers.
    """

    share: float
    predicted: float
    measured: Estimate | None
    augmented: Estimate | None
    gap: Estimate | None


def rule_values(found: Plan, measured: tuple[PolicyValue, ...]) -> dict[str, RuleValue]:
    """The measured rules by name ("plan", "everyone", "simple"), carried over to who may be contacted."""
    size = found.eligible
    return {
        value.name: RuleValue(
            value.share,
            value.predicted * size,
            None if value.ipw is None else value.ipw.scaled(size),
            None if value.aipw is None else value.aipw.scaled(size),
            None if value.gap_ipw is None else value.gap_ipw.scaled(-size),
        )
        for value in measured
    }


RULES = {
    "plan": "The plan's rule",
    "everyone": "Contact everyone",
    "simple": "As many, highest predicted profit first",
}


def advantage(rival: str, value: RuleValue) -> str:
    """What the plan's rule earned more than a rival; '–' for the rule itself and what is not known."""
    if not rival or value.gap is None:
        return "–"
    return "the same customers" if value.gap.se == 0 else plus_minus(value.gap, sign=True)


def _amount(value: RuleValue | None) -> str:
    return "not known" if value is None or value.measured is None else plus_minus(value.measured)


def rule_title(found: Plan, rule: str) -> str:
    """A rule's name; "everyone" says by which action, where the plan could take several."""
    return RULES[rule] + (_by_one(found) if rule == "everyone" else "")


def _by_one(found: Plan) -> str:
    return " by the one action that is best on average" if len(found.formulation.offers.actions) > 1 else ""


def _comparison(values: dict[str, RuleValue], rival: str) -> str:
    plan, everyone = values.get("plan"), rival[0].upper() + rival[1:]
    if plan is None:
        return f"{everyone}: not measured. Contacting no one: {money(0)}."
    if plan.share == 0:
        return f"{everyone}: {_amount(values['everyone'])}. Contacting no one: {money(0)}."
    return (
        f"On the experiment the plan's rule earned {_amount(plan)}, where the model predicts "
        f"{money(plan.predicted)}. {everyone}: {_amount(values['everyone'])}. "
        f"Contacting no one: {money(0)}. As many by the simple rule: {_amount(values['simple'])}."
    )


def _certainty(values: dict[str, RuleValue], unmeasured: Unmeasured, rival: str) -> tuple[str, Tone]:
    plan = values.get("plan")
    if unmeasured:
        return UNMEASURED[unmeasured], "unsure"
    if plan is None:
        return STRANGERS, "unsure"
    if plan.share == 0:
        return "The plan's rule contacts no one in the experiment, so there is nothing to measure.", "unsure"
    earned = plan.measured
    if earned is None:
        return "Too few customers of the experiment were in this plan to measure it.", "unsure"
    if earned.hi < 0:
        return f"The experiment is clear that this rule loses money ({interval(earned)}).", "stop"
    if earned.lo <= 0:
        return (
            f"The experiment cannot tell this rule from contacting no one ({interval(earned)}).",
            "unsure",
        )
    return _against(values, rival)


def _against(values: dict[str, RuleValue], rival: str) -> tuple[str, Tone]:
    everyone, simple = values["everyone"].gap, values["simple"].gap
    said = ["The rule pays against contacting no one."]
    if everyone is not None:
        said.append(_difference(rival, everyone))
    if simple is not None and simple.se > 0:
        said.append(_difference("the simple rule", simple))
    better = everyone is not None and everyone.lo > 0
    return " ".join(said), "act" if better else "unsure"


def _difference(rival: str, gap: Estimate) -> str:
    if gap.se == 0 and gap.value == 0:
        return f"It is {rival}."
    if gap.lo > 0:
        return f"It beats {rival} by {money(gap.value)} ({interval(gap)})."
    if gap.hi < 0:
        return f"{rival.capitalize()} earned {money(-gap.value)} more ({interval(gap.scaled(-1.0))})."
    return f"The experiment cannot tell it from {rival} ({interval(gap)})."


def conflict_verdict(error: PersuadableError) -> Verdict:
    """What stands in the place of a plan where the conditions cannot be met, or name what is not there."""
    return Verdict(
        "There is no plan within these conditions.",
        error.message,
        error.fix or "Change the condition; everything you set is kept.",
        "stop",
    )


def binding_words(binding: bool, missed: int = 0) -> str:
    """Whether a condition holds the plan back, in a word or two."""
    if missed:
        return f"{count(missed)} short"
    return "Binds" if binding else "Does not bind"


def kept_out(use: RuleUse) -> str:
    """How many customers a rule by itself keeps a contact from."""
    return f"{count(use.customers)} kept out"


def amount_words(use: LimitUse, amount: float) -> str:
    """An amount in the unit of a condition."""
    if use.limit.key == "budget":
        return money(amount)
    return money(amount) if use.limit.key == "roi_floor" else count(amount)


def changed_words(use: LimitUse, changed: Changed | None) -> str:
    """What a tenth less or more of a condition changes, solved again."""
    if changed is None:
        return "–"
    at = amount_words(use, changed.amount)
    if changed.gain is None:
        return f"no plan at {at}"
    gain = 0.0 if abs(changed.gain) < 0.005 else changed.gain
    return f"{money(gain, sign=True)} at {at}"


def frontier_finding(frontier: Frontier, budget: float | None) -> str:
    """The title of the budget frontier."""
    if budget is None:
        return "Profit against the budget: the plan spends what pays"
    price = float(frontier.price[frontier.current]) if frontier.current is not None else 0.0
    if price < 0.005:
        return f"More budget than {money(budget)} would earn nothing"
    return f"At a budget of {money(budget)}, one more {money(1, cents=False)} earns {money(price)}"


def frontier_summary(frontier: Frontier, budget: float | None) -> str:
    """The frontier in sentences."""
    said = (
        f"The best predicted profit for budgets from {money(float(frontier.budget[0]))} to "
        f"{money(float(frontier.budget[-1]))}: from {money(float(frontier.profit[0]))} to "
        f"{money(float(frontier.profit[-1]))}."
    )
    if budget is None or frontier.current is None:
        return said
    here = money(float(frontier.profit[frontier.current]))
    return f"{said} Now at {money(budget)}: {here}."


def capital(text: str) -> str:
    """The text with a capital first letter; the others stay."""
    return text[:1].upper() + text[1:]


def binding_finding(report: PlanReport) -> str:
    """The title of the table of conditions."""
    binding = report.plan.held_back
    if len(binding) == 1:
        return f"One condition holds the plan back: {binding[0]}"
    if binding:
        conditions = len(report.limits) + len(report.rules)
        return f"{count(len(binding))} of {count(conditions)} conditions hold the plan back"
    if any(rule.shared for rule in report.rules):
        return "No condition holds the plan back by itself, but some rules do together"
    return "None of the conditions holds the plan back"


_LIMITS_NOTE = (
    "The worth of one more is a price at the margin: it holds for a small change. The tenths are solved "
    "again, so they hold for the whole step."
)
_MISSED_NOTE = (
    "While a minimum stays short, more of another condition goes into it first: the worth of one more is "
    "then the mean over the tenth."
)
_RULES_NOTE = "What a rule about customers costs is the plan solved again without it, by prediction."


def limits_note(report: PlanReport) -> str:
    """How the table of conditions is to be read."""
    return " ".join(
        (
            *((_LIMITS_NOTE,) if report.limits else ()),
            *((_MISSED_NOTE,) if any(use.missed for use in report.limits) else ()),
            *((_RULES_NOTE,) if report.rules else ()),
        )
    )


RIVALS = "Each takes contacts in its order while they still fit; profit against the plan's, both predicted."


def best_share_words(found: ChosenBest, customers: int) -> str:
    """What choosing the best share is worth on other customers. customers: whom it is carried over to."""
    least, most = float(found.shares.min()), float(found.shares.max())
    shares = percent(least) if round(most - least, 3) == 0 else f"{percent(least)} to {percent(most)}"
    flatters = ": choosing flatters" if found.flattered > found.value.value else ""
    return (
        "The best share, without conditions, chosen on four fifths of the experiment's customers and "
        f"measured on the other fifth, each in turn: {shares} of the customers; it earned "
        f"{plus_minus(found.value.scaled(customers))}. On the customers that chose it, it seemed to earn "
        f"{money(found.flattered * customers)}{flatters}."
    )


def measured_note(customers: int) -> str:
    """How the measured profits of rules are to be read."""
    return MEASURED_RULE.format(customers=count(customers))


MAP = (
    "The best plan within the same conditions, for seven margins by seven costs, each cell solved anew; "
    "where contacts have costs of their own, by seven factors on all costs. It is worked out in the "
    "background and appears here; with many customers this takes a while."
)
TAKE_AWAY = (
    "with these conditions as its file makes the same plan from the same scored customers, byte for byte."
)
