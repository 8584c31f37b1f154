"""A few named facts side by side."""

from __future__ import annotations

from typing import Any

from dash import html


def facts(*pairs: tuple[Any, Any]) -> html.Dl:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value, className="plain")]) for name, value in pairs],
        className="facts",
    )
