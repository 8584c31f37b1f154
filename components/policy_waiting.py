"""What stands on a page until its plans are found: as high as what takes its place."""

from __future__ import annotations

from dash import html

from components.aria import aria
from core.advice import policy_plans as words


def decision_waiting(doing: str = words.FINDING) -> html.Div:
    """The decision's place: what is being done, and the two lines that will follow."""
    lines = [
        html.Span(className=f"skeleton {name}", **aria(hidden="true")) for name in ("comparison", "certainty")
    ]
    return html.Div(
        [html.P(doing, className="sentence"), *lines],
        className="waiting",
        **aria(busy="true"),
    )


def panel_waiting(height: str) -> html.Div:
    """The inside of a panel. height: about that of its content, as CSS says it."""
    return html.Div(className="skeleton", style={"height": height}, **aria(hidden="true"))
