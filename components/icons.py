"""Bootstrap icons by name; always beside words or inside a named control, so hidden from screen readers."""

from __future__ import annotations

from dash import html

from components.aria import aria


def icon(name: str, className: str = "") -> html.I:
    return html.I(className=f"bi bi-{name} {className}".strip(), **aria(hidden="true"))
