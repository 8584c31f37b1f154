"""The conditions of a plan in a table: used, left, whether each binds, and what one more of it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from components.icons import icon
from components.plain_table import plain_table
from core.advice import policy_plans as words
from core.advice.contact_plans import price_words
from core.policy.shadow import LimitUse

HEAD = ("Condition", "Binds", "Used", "Left", "One more of it", "A tenth less of it", "A tenth more")


def limits_table(uses: Sequence[LimitUse], cost: float, *, working: bool) -> list[Any]:
    """cost: the plan's, money. working: the last two columns are still being worked out."""
    if not uses:
        none = "There is no condition on the plan as a whole: everyone who pays is contacted."
        return [html.H2("No condition holds the plan back"), html.P(none, className="muted")]
    return [
        html.H2(words.binding_finding(uses)),
        plain_table("Conditions", HEAD, [_row(use, cost, working) for use in uses]),
        html.P(words.LIMITS_NOTE, className="small muted"),
    ]


def _row(use: LimitUse, cost: float, working: bool) -> tuple[Any, ...]:
    changed = (
        (words.WORKING, words.WORKING)
        if working
        else (words.changed_words(use, use.less), words.changed_words(use, use.more))
    )
    return (
        html.Span(words.capital(use.limit.words), className="said"),
        binding_mark(use),
        words.amount_words(use, use.used),
        words.amount_words(use, use.slack),
        html.Span(price_words(use, cost), className="said"),
        *changed,
    )


def binding_mark(use: LimitUse) -> html.Span:
    """Whether a condition binds: a mark and a word, so that colour is not needed."""
    name, kind = ("lock-fill", "binds") if use.binding else ("unlock", "free")
    if use.missed:
        name, kind = "exclamation-triangle-fill", "missed"
    return html.Span([icon(name), words.binding_words(use)], className=f"binding {kind}")
