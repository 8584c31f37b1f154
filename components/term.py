"""A word of the trade with its explanation, reachable by pointer, focus and touch."""

from __future__ import annotations

from itertools import count

from dash import html

from components.aria import aria
from core.advice import GLOSSARY

_number = count(1)


def term(word: str, shown: str | None = None) -> html.Span:
    """`word` is a key of the glossary; `shown` is how it stands in the sentence."""
    tip = f"tip-{next(_number)}"
    return html.Span(
        [
            shown or word,
            html.Span(GLOSSARY[word], id=tip, className="tip", role="tooltip"),
        ],
        className="term",
        tabIndex=0,
        role="note",
        **aria(describedby=tip),
    )
