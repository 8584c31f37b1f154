"""The conditions of a plan in a table: used, left, whether each binds, and what one more of it is worth."""

from __future__ import annotations

from typing import Any

from dash import html

from components.icons import icon
from components.plain_table import plain_table
from core.advice import policy_plans as words
from core.advice.conditions import kept_out_words
from core.advice.contact_plans import price_words
from core.policy.customer_rules import RuleUse
from core.policy.plan_report import PlanReport
from core.policy.shadow import LimitUse

HEAD = ("Condition", "Binds", "Used", "Left", "One more of it", "A tenth less of it", "A tenth more")


def limits_table(report: PlanReport, *, working: bool) -> list[Any]:
    """working: what is solved again is still being worked out."""
    if not report.limits and not report.rules:
        none = "There is no condition: everyone who pays is contacted."
        return [html.H2("No condition holds the plan back"), html.P(none, className="muted")]
    rows = [_row(use, report.plan.cost, working) for use in report.limits]
    rows += [_rule(use, working) for use in report.rules]
    return [
        html.H2(words.binding_finding(report)),
        plain_table("Conditions", HEAD, rows),
        html.P(words.limits_note(report), className="small muted"),
    ]


def _row(use: LimitUse, cost: float, working: bool) -> tuple[Any, ...]:
    changed = (
        (words.WORKING, words.WORKING)
        if working
        else (words.changed_words(use, use.less), words.changed_words(use, use.more))
    )
    return (
        html.Span(words.capital(use.limit.words), className="said"),
        binding_mark(words.binding_words(use.binding, use.missed), use.binding, missed=use.missed > 0),
        words.amount_words(use, use.used),
        words.amount_words(use, use.slack),
        html.Span(price_words(use, cost), className="said"),
        *changed,
    )


def _rule(use: RuleUse, working: bool) -> tuple[Any, ...]:
    said = f"{kept_out_words(use)} {words.WORTH_WORKING}" if working and use.binding else kept_out_words(use)
    return (
        html.Span(words.capital(use.words), className="said"),
        binding_mark(words.binding_words(use.binding), use.binding),
        words.kept_out(use),
        "–",
        html.Span(said, className="said"),
        "–",
        "–",
    )


def binding_mark(said: str, binding: bool, *, missed: bool = False) -> html.Span:
    """Whether a condition binds: a mark and a word, so that colour is not needed."""
    name, kind = ("lock-fill", "binds") if binding else ("unlock", "free")
    if missed:
        name, kind = "exclamation-triangle-fill", "missed"
    return html.Span([icon(name), said], className=f"binding {kind}")
