"""Champion and challengers: every learner on the same customers."""

from __future__ import annotations

from dash import html

from components.plain_table import plain_table
from components.term import term
from components.words import unbroken
from core import advice
from core.uplift.comparison import Leaderboard


def leaderboard_panel(board: Leaderboard) -> html.Section:
    _, *more = advice.board_sentences(board)
    return html.Section(
        [
            html.H2(unbroken(advice.board_finding(board))),
            html.P([unbroken(" ".join(more)), " ", term("Qini")]),
            plain_table("Leaderboard", advice.BOARD_HEAD, advice.board_rows(board)),
        ],
        className="panel stack",
    )
