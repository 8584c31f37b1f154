"""What is wrong with a file: columns first, then rows as a spreadsheet numbers them, each with its fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from core.advice import count

SHOWN = 15


def problem_panel(
    message: str,
    problems: Sequence[Mapping[str, Any]] = (),
    *,
    total: int | None = None,
    saves: bool = False,
    csv: str | None = None,
) -> html.Section:
    """message: what happened and what to do. problems: as `Problem.as_dict`. total: how many there are.

    saves: whether the page can save the full list as CSV (it holds it in the store of the upload). csv: the
    address of the full list, where the server holds it.
    """
    own = [p for p in problems if p.get("rows", 1) == 1]  # how many more there are is said below the table
    ordered = sorted(own, key=lambda p: p.get("row") is not None)[:SHOWN]
    total = len(problems) if total is None else total
    return html.Section(
        [
            html.Div(
                [icon("exclamation-octagon-fill"), html.Span(message)], className="notice wrong", role="alert"
            ),
            _table(ordered) if ordered else None,
            _more(total, len(ordered), _save(csv) if saves or csv else None),
        ],
        className="stack",
        **aria(label="What is wrong with the file"),
    )


def _table(problems: Sequence[Mapping[str, Any]]) -> html.Div:
    head = ("Row", "Column", "Found", "What is wrong", "What to do")
    return html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr([html.Th(h, scope="col", className="n" if h == "Row" else "") for h in head])
                ),
                html.Tbody(
                    [
                        html.Tr(
                            [
                                html.Td(_row(p.get("row")), className="n"),
                                html.Td(p.get("column", "")),
                                html.Td(html.Code(p["value"]) if p.get("value") is not None else ""),
                                html.Td(p.get("message", ""), className="wide"),
                                html.Td(p.get("fix", ""), className="wide"),
                            ]
                        )
                        for p in problems
                    ]
                ),
            ],
            className="plain",
        ),
        className="scroll",
        tabIndex=0,
    )


def _row(number: object) -> str:
    return "" if number is None else str(number)


def _save(csv: str | None) -> Any:
    words: list[Any] = [icon("download"), "Save the full list as CSV"]
    look = "btn btn-sm btn-quiet"
    if csv:
        return html.A(words, href=csv, download="problems.csv", className=look)
    return html.Button(words, id=ids.SAVE_PROBLEMS, className=look)


def _more(total: int, shown: int, save: Any) -> html.Div | None:
    words = f"{count(shown)} of {count(total)} shown." if total > shown else ""
    parts = [part for part in (words, save if shown else None) if part]
    return html.Div(parts, className="row-of small muted") if parts else None
