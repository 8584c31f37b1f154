"""Two scenarios in words and rows: which earns more, and whether the data can tell."""

from __future__ import annotations

from collections.abc import Sequence

from core.advice.conditions import condition_words, heeded_words
from core.advice.contact_plans import held_words
from core.advice.decisions import UNMEASURED, Tone, Verdict
from core.advice.formats import count, ends, interval, money, percent, plus_minus
from core.advice.worth import worth_words
from core.alternatives import Alternative, Pair, Side
from core.estimate import LEVEL, Estimate
from core.scenario import MAX_NAME

COMPARING = "Working out A and B…"
FIGURES = "A and B, figure by figure"
DIFFERENCE = "What A and B earn"
OTHER_CONDITIONS = (
    "Quotas, capacities and all other conditions stay as they are. They are changed on the Policy page; the "
    "scenario changed there comes back as A, beside the other one."
)
INTERVALS = (
    f"Below a figure: its {percent(LEVEL, 0)} interval. The difference is measured in pairs, on the same "
    "customers of the experiment: its interval is not that of two separate profits."
)


_BOXES = {
    "name": ("name", f"Give at most {MAX_NAME} characters on one line."),
    "margin": ("margin", "Give a number from 0 to 100, such as 30."),
    "cost": ("cost per contact", "Give an amount of 0 or more, such as 0.05."),
    "value": ("worth of one response", "Give an amount of 0 or more, such as 1."),
    "topn": ("number of contacts", "Give a whole number of 0 or more, or leave it empty."),
    "budget": ("budget", "Give an amount of 0 or more, or leave it empty."),
    "holdout": ("hold-out", "Give a number from 0 to 100, or leave it empty."),
}


def unusable(letter: str, name: str, given: object) -> str:
    """Of a box whose number cannot be one: what stood there before counts. name: a key of the link."""
    called, fix = _BOXES[name]
    shown = given if name == "name" else str(given).replace("-", "−")
    what = "Nothing stands in" if given is None or given == "" else f"{shown} cannot be used as"
    return f"{what} scenario {letter}'s {called}; what it was before still counts. {fix}"


def title(letter: str, alternative: Alternative) -> str:
    """How a scenario is called: 'A · Spring push', or its letter alone."""
    name = alternative.scenario.name
    return f"{letter} · {name}" if name else letter


def pair_words(pair: Pair) -> Verdict:
    """Which of two scenarios earns more, what each earns, and whether the data can tell the two apart."""
    if pair.same:
        return Verdict(
            "A and B are the same scenario.",
            f"{_earns('Each', pair.first)}.",
            "Change the margin, cost, contacts or a condition of one of them to compare.",
            "unsure",
        )
    beside = f"{_earns('A', pair.first)}; {_earns('B', pair.second)}."
    if pair.gap is None:
        return Verdict(_predicted(pair), beside, f"{_unmeasured(pair)}{_assumption(pair)}", "unsure")
    beside += f" The model's own claim, B less A: {money(pair.predicted_gap, sign=True)}."
    decision, certainty, tone = _measured(pair, pair.gap)
    return Verdict(decision, beside, f"{certainty}{_assumption(pair)}", tone)


def _measured(pair: Pair, gap: Estimate) -> tuple[str, str, Tone]:
    shown = f"Measured on the same customers, B less A is {money(gap.value, sign=True)} ({interval(gap)})"
    if _same_list(pair) and gap.se == 0 and gap.value == 0:
        return "A and B contact the same customers and earn the same.", "There is nothing to tell.", "unsure"
    better, worse = ("B", "A") if gap.value >= 0 else ("A", "B")
    ahead = money(abs(gap.value))
    if not gap.tells:
        return (
            f"{better} earned {ahead} more than {worse} on the experiment, but the data cannot tell the two "
            "apart.",
            f"{shown}, which reaches across zero.",
            "unsure",
        )
    decision = f"{better} earns {ahead} more than {worse}, and the data can tell the two apart."
    certainty = f"{shown}."
    winner = (pair.second if better == "B" else pair.first).decision.measured
    if winner is not None and winner.value < 0:
        return decision, f"{certainty} Both lose money against contacting no one.", "stop"
    return decision, certainty, "act"


def _earns(who: str, side: Side) -> str:
    d = side.decision
    earned = plus_minus(d.measured) if d.measured else f"{money(d.predicted.profit)} by the model"
    return f"{who}: {earned} from {count(d.contacts)} contacts"


def _predicted(pair: Pair) -> str:
    gap = pair.predicted_gap
    if gap == 0:
        return "By the model A and B earn the same; nothing was measured."
    better, worse = ("B", "A") if gap > 0 else ("A", "B")
    return f"By the model {better} earns {money(abs(gap))} more than {worse}; nothing was measured."


def _unmeasured(pair: Pair) -> str:
    if pair.first.decision.unmeasured:
        return UNMEASURED[pair.first.decision.unmeasured]
    if pair.measured:
        return "One of the two cannot be measured on the experiment, so neither can the difference."
    return "No experiment stands behind the difference: it is the model's claim."


def _assumption(pair: Pair) -> str:
    """That other margins, costs or worths are no better choice of customers."""
    if pair.same_economics:
        return ""
    assumed = _assumed_otherwise(pair)
    if _same_list(pair):
        return f" Both contact the same customers: the whole difference is what you assume of {assumed}."
    return f" A and B assume different {assumed}: part of the difference is that assumption."


def _assumed_otherwise(pair: Pair) -> str:
    """What the two assume differently: 'margins and worths of a response (€80.00 and €20.00)'."""
    one, other = (side.alternative for side in (pair.first, pair.second))
    names = [name for name, assumed in one.economics.items() if assumed != other.economics[name]]
    worths = " and ".join(money(side.scenario.value, cents=True) for side in (one, other))
    unit = "a response" if pair.binary else "an outcome unit"
    said = [f"worths of {unit} ({worths})" if name == "worths" else name for name in names]
    return " and ".join([*([", ".join(said[:-1])] if said[1:] else []), said[-1]])


def _same_list(pair: Pair) -> bool:
    return pair.overlap.only_first == pair.overlap.only_second == 0


def pair_finding(pair: Pair) -> str:
    """The chart's title."""
    gap = pair.gap
    if gap is None:
        return f"The model puts B {_ahead(pair.predicted_gap)} A"
    if not gap.tells:
        return "The interval of B less A reaches across zero"
    return f"B earned {money(abs(gap.value))} {'more' if gap.value > 0 else 'less'} than A, beyond chance"


def _ahead(gap: float) -> str:
    if gap == 0:
        return "level with"
    return f"{money(abs(gap))} {'ahead of' if gap > 0 else 'behind'}"


def pair_summary(pair: Pair) -> str:
    """The chart in sentences, for those who do not see it."""
    said = [f"{_earns(letter, side)}." for letter, side in (("A", pair.first), ("B", pair.second))]
    if pair.gap is not None:
        said.append(f"B less A, measured: {money(pair.gap.value, sign=True)}, {interval(pair.gap)}.")
    said.append(f"B less A, predicted: {money(pair.predicted_gap, sign=True)}.")
    return " ".join(said)


Cell = tuple[str, str]
"""A figure and its interval, which is empty where it has none."""


def pair_rows(pair: Pair) -> list[tuple[str, Cell, Cell, Cell]]:
    """What is compared: the row's name, A, B, B less A."""
    one, other = pair.first.decision, pair.second.decision
    more = other.contacts - one.contacts
    spent = other.predicted.cost - one.predicted.cost
    return [
        ("Margin and cost", *_both_assumed(pair), _bare("")),
        ("Contacts", _bare(count(one.contacts)), _bare(count(other.contacts)), _bare(_signed(more))),
        ("Share of customers", _bare(percent(one.share)), _bare(percent(other.share)), _bare("")),
        ("Cost", _bare(money(one.predicted.cost)), _bare(money(other.predicted.cost)), _more(spent)),
        (
            "Predicted profit",
            _bare(money(one.predicted.profit)),
            _bare(money(other.predicted.profit)),
            _more(pair.predicted_gap),
        ),
        (
            "Measured profit, against contacting no one",
            _known(one.measured),
            _known(other.measured),
            _known(pair.gap, sign=True),
        ),
        (
            "Measured, against contacting everyone",
            _known(one.measured_gap, sign=True),
            _known(other.measured_gap, sign=True),
            _bare(""),
        ),
    ]


def _both_assumed(pair: Pair) -> tuple[Cell, Cell]:
    return _assumed(pair.first, pair.binary), _assumed(pair.second, pair.binary)


def _assumed(side: Side, binary: bool) -> Cell:
    scenario = side.alternative.scenario
    worth = worth_words(scenario, binary=binary)
    cost = f"{money(scenario.cost, cents=True)} a contact"
    return percent(scenario.margin), f"{cost} · {worth}" if worth else cost


def _bare(text: str) -> Cell:
    return text, ""


def _more(amount: float) -> Cell:
    return _bare(money(amount, sign=True))


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else ''}{count(number)}"


def _known(estimate: Estimate | None, *, sign: bool = False) -> Cell:
    if estimate is None:
        return _bare("not measured")
    return money(estimate.value, sign=sign), ends(estimate)


def overlap_facts(pair: Pair) -> tuple[tuple[str, str], ...]:
    """How far the two lists are the same customers."""
    lap = pair.overlap
    return (
        ("On both lists", count(lap.both)),
        ("Only on A's", count(lap.only_first)),
        ("Only on B's", count(lap.only_second)),
    )


def held_back(side: Side, columns: Sequence[str] = ()) -> str:
    """What holds a scenario's plan back; that it has no conditions where it has none.

    columns: those of the audience that plans heed.
    """
    if side.plan is None:
        return "No conditions."
    rules = (*condition_words(side.plan.formulation.constraints), *heeded_words(columns))
    return f"Conditions: {'; '.join(rules) or 'none'}. {held_words(side.plan)}"
