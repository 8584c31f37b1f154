"""A few named facts side by side."""

from __future__ import annotations

from typing import Any

from dash import html


def facts(*pairs: tuple[Any, Any]) -> html.Ul:
    return html.Ul(
        [
            html.Li([html.Span(name, className="name"), html.Span(value, className="value")])
            for name, value in pairs
        ],
        className="facts",
    )
