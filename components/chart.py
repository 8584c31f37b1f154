"""A chart in its frame: a finding as title, PNG, CSV, a summary for screen readers, the data as a table."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from components import ids
from components.aria import aria
from components.icons import icon
from components.links import download
from components.words import unbroken
from core.scenario import Scenario

CONFIG: Any = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "responsive": True}


def chart(
    id: str,
    drawing: go.Figure,
    *,
    finding: str,
    how: Any = None,
    summary: str,
    csv: tuple[str, Scenario] | str,
    below: Any = None,
    className: str = "",
) -> html.Figure:
    """A figure with its words. finding: the title. how: how to read it. summary: the chart in sentences.

    csv: where its data are given: a path that follows the page's scenario with what it is now, or an address.
    """
    return html.Figure(
        [
            html.Header(
                [
                    html.Div(
                        [
                            html.H2(unbroken(finding), id=ids.finding(id)),
                            html.Div(how, className="how") if how else None,
                        ]
                    ),
                    html.Div(_tools(id, csv), className="tools"),
                ]
            ),
            html.Div(
                dcc.Graph(
                    id=id, figure=drawing, config=CONFIG, responsive=True, style={"height": _height(drawing)}
                ),
                className="plot",
                style={"minHeight": _height(drawing)},  # its place is kept until it is drawn
                **aria(hidden="true"),
            ),
            html.Figcaption(summary, id=ids.summary(id)),
            below,
        ],
        className=f"chart panel {className}".strip(),
        **aria(labelledby=ids.finding(id), describedby=ids.summary(id)),
    )


def _tools(id: str, csv: tuple[str, Scenario] | str) -> list[Any]:
    words = [icon("table"), html.Span("CSV", className="word")]
    props: dict[str, Any] = {
        "className": "btn btn-sm btn-plain",
        **aria(label="Save this chart's data as CSV"),
    }
    return [
        html.Button(
            [icon("image"), html.Span("PNG", className="word")],
            id=ids.png(id),
            className="btn btn-sm btn-plain",
            **aria(label="Save this chart as PNG"),
        ),
        html.A(words, href=csv, download="", **props)
        if isinstance(csv, str)
        else download(words, csv[0], f"csv-{id}", csv[1], **props),
    ]


def _height(drawing: go.Figure) -> str:
    return f"{drawing.layout.height or 400}px"


def key(*entries: tuple[str, Any]) -> html.Div:
    """What the lines are, where direct labels cannot stand: (kind, words).

    A kind with "labelled" is shown only on a narrow screen, where the label in the chart is left out.
    """
    return html.Div(
        [
            html.Span(
                [
                    html.Span(className=f"swatch {kind}".strip(), **aria(hidden="true")),
                    *(unbroken(w) if isinstance(w, str) else w for w in _listed(words)),
                ]
            )
            for kind, words in entries
        ],
        className="key",
    )


def _listed(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]


def as_table(caption: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> html.Details:
    """The chart's numbers as a table, folded away."""
    return html.Details(
        [
            html.Summary("Show as table"),
            html.Div(
                html.Table(
                    [
                        html.Caption(caption),
                        html.Thead(
                            html.Tr(
                                [
                                    html.Th(h, className="n" if i else "", scope="col")
                                    for i, h in enumerate(head)
                                ]
                            )
                        ),
                        html.Tbody(
                            [
                                html.Tr([html.Td(v, className="n" if i else "") for i, v in enumerate(row)])
                                for row in rows
                            ]
                        ),
                    ],
                    className="plain",
                ),
                className="scroll",
                tabIndex=0,
            ),
        ],
        className="as-table",
    )
