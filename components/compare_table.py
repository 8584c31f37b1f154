"""Two scenarios figure by figure, what holds each back, and the way on with either."""

from __future__ import annotations

from dash import html

from components.icons import icon
from components.links import plain_link
from components.plain_table import plain_table
from components.words import unbroken
from core.advice import alternatives as words
from core.alternatives import Pair, Side


def pair_table(pair: Pair) -> html.Div:
    """A row a figure, with its interval below it."""
    a, b = (words.title(n, side.alternative) for n, side in (("A", pair.first), ("B", pair.second)))
    rows = [(name, *(_cell(cell) for cell in cells)) for name, *cells in words.pair_rows(pair)]
    return html.Div(plain_table("A and B side by side", ("", a, b, "B less A"), rows), className="pair-table")


def _cell(cell: words.Cell) -> html.Span:
    figure, ends = cell
    return html.Span([unbroken(figure), html.Small(unbroken(ends)) if ends else None], className="over")


def under_sides(pair: Pair) -> html.Div:
    """What each scenario's conditions are, what holds it back, and the way on with it."""
    return html.Div(
        [_under(letter, side, pair.heeded) for letter, side in (("A", pair.first), ("B", pair.second))],
        className="two",
    )


def _under(letter: str, side: Side, heeded: tuple[str, ...]) -> html.Div:
    alternative = side.alternative
    return html.Div(
        [
            html.P(f"{letter}. {words.held_back(side, heeded)}", className="small muted"),
            plain_link(
                [f"Go on with {letter} ", icon("arrow-right")],
                "/policy" if alternative.conditions else "/profit",
                alternative.to_query(),
                className="no-print",
            ),
        ],
        className="stack-s",
    )
