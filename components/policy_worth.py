"""What a plan is worth: the certificate of the optimisation, the rules beside it, and who is contacted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.facts import facts
from components.plain_table import plain_table
from components.term import term
from components.words import unbroken
from core.advice import count, money, percent, plus_minus
from core.advice import policy_plans as words
from core.advice.contact_plans import baseline_words, gap_words, missed_words
from core.advice.whom import left_out
from core.policy.baselines import Baseline
from core.policy.best_share import ChosenBest
from core.policy.plan import Plan
from core.policy.value import PolicyValue


def worth_panel(found: Plan, measured: tuple[PolicyValue, ...]) -> list[Any]:
    """Value, bound and gap; then each rule, predicted beside measured."""
    solution = found.solution
    return [
        html.H2(words.WORTH),
        facts(
            ("Predicted value", unbroken(money(solution.value, cents=True))),
            ("No plan can have more than", unbroken(money(solution.bound, cents=True))),
            ("Gap", unbroken(f"{money(solution.gap_money, cents=True)} ({percent(solution.gap, 4)})")),
            ("Cost", unbroken(money(found.cost))),
            ("Contacts", count(found.contacts)),
        ),
        html.P([unbroken(gap_words(solution.gap_money, solution.gap)), " ", words.CERTIFIED]),
        *(html.P(unbroken(missed_words(use.limit.words, use.missed))) for use in found.limits if use.missed),
        *_measured(found, measured),
    ]


def _measured(found: Plan, measured: tuple[PolicyValue, ...]) -> list[Any]:
    if not measured:
        return []
    rows = [
        (
            words.rule_title(found, name),
            percent(value.share),
            money(value.predicted),
            *(
                "not known" if figure is None else plus_minus(figure)
                for figure in (value.measured, value.augmented)
            ),
            words.advantage("" if name == "plan" else name, value),
        )
        for name, value in words.rule_values(found, measured).items()
    ]
    nobody = ("Contact no one", percent(0.0), money(0), money(0), money(0), "")
    return [
        plain_table(
            "The plan's rule measured on the experiment",
            (
                "Rule",
                "Contacted",
                "Predicted",
                "Measured",
                "Measured, AIPW",
                "The plan earned more by",
            ),
            [*rows, nobody],
        ),
        html.P(
            [term("measured", "Measured"), " ", unbroken(words.measured_note(found.eligible))],
            className="small muted",
        ),
    ]


def rivals(found: Plan, others: Sequence[Baseline], best: ChosenBest | None = None) -> list[Any]:
    """What simple rules would have done under the same conditions. best: the share without conditions."""
    value = found.solution.value
    said = [
        baseline_words(other.name, value - other.total.profit, value, len(other.broken)) for other in others
    ]
    return [
        html.H2(words.SIMPLE),
        html.P(words.RIVALS, className="small muted"),
        html.Ul([html.Li(unbroken(sentence)) for sentence in said], className="plain-list"),
        html.P(unbroken(words.best_share_words(best, found.eligible))) if best is not None else None,
    ]


def split_panel(found: Plan, by_segment: Mapping[str, Mapping[str, tuple[int, int]]]) -> list[Any]:
    """Contacts by action, by segment, and who was left out."""
    solution, formulation = found.solution, found.formulation
    by_action = [
        (
            action,
            count(int(solution.choice[k].sum())),
            money(float(formulation.problem.rows.cost[k][solution.choice[k]].sum())),
            money(float(formulation.expected[k][solution.choice[k]].sum())),
        )
        for k, action in enumerate(solution.problem.actions)
    ]
    out = left_out(found)
    return [
        html.H2(words.SPLIT),
        plain_table("Contacts by action", ("Action", "Contacts", "Cost", "Predicted profit"), by_action),
        *(html.P(unbroken(f"Left out: {'; '.join(out)}."), className="small") for _ in out[:1]),
        html.Div([_segment(name, values) for name, values in by_segment.items()], className="two"),
    ]


def _segment(name: str, values: Mapping[str, tuple[int, int]]) -> html.Div:
    rows = [
        (value, count(contacts), percent(contacts / customers if customers else 0.0))
        for value, (contacts, customers) in values.items()
    ]
    return plain_table(f"Contacts by {name}", (name, "Contacts", "Per customer"), rows)
