"""A table that is read, not unfolded: the first column names the row, the others are numbers."""

from __future__ import annotations

from typing import Any

from dash import html

from components.aria import aria
from components.words import unbroken


def plain_table(label: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> html.Div:
    """label: what the table is, for screen readers. rows: text, or components."""
    return html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr([html.Th(h, className="n" if i else "", scope="col") for i, h in enumerate(head)])
                ),
                html.Tbody(
                    [
                        html.Tr([html.Td(_words(v), className="n" if i else "") for i, v in enumerate(row)])
                        for row in rows
                    ]
                ),
            ],
            className="plain",
        ),
        className="scroll",
        tabIndex=0,
        role="region",
        **aria(label=label),
    )


def _words(value: Any) -> Any:
    return unbroken(value) if isinstance(value, str) else value
