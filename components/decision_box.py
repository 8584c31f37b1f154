"""The decision, largest on the page; under it the comparison and how sure we are."""

from __future__ import annotations

from typing import Any

from dash import html

from components import ids
from components.aria import aria
from components.words import unbroken
from core.advice import Verdict

_TONES = {"act": "Clear", "stop": "Stop", "unsure": "Not certain"}


def decision_box(verdict: Verdict, *notes: str) -> html.Section:
    return html.Section(
        decision_lines(verdict, *notes),
        id=ids.DECISION,
        className="decision",
        **aria(label="Decision", live="polite"),
    )


def words_of(verdict: Verdict, label: str) -> html.Section:
    """The same box for words of another question, without the mark of how sure they are."""
    lines = [
        html.P(unbroken(words), className=name)
        for words, name in zip(verdict.sentences, ("sentence", "comparison", "certainty"), strict=True)
    ]
    return html.Section(lines, className="decision", **aria(label=label))


def decision_lines(verdict: Verdict, *notes: str) -> list[Any]:
    """What stands in the box; a callback replaces it when the scenario moves. notes: on what it rests."""
    return [
        html.P(unbroken(verdict.decision), className="sentence"),
        html.P(unbroken(verdict.comparison), className="comparison"),
        html.P(
            [
                html.Span(_TONES[verdict.tone], className=f"tone {verdict.tone}"),
                html.Span(unbroken(verdict.certainty)),
            ],
            className="certainty",
        ),
        *(html.P(unbroken(note), className="rests") for note in notes),
    ]
