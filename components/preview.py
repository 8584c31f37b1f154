"""The first rows of a file, as they were read."""

from __future__ import annotations

import pandas as pd
from dash import html

from components.aria import aria
from core.advice.columns import first_columns

MOST = 60
"""Columns shown: a file may have thousands, and nobody reads them sideways."""


def preview(frame: pd.DataFrame) -> html.Section:
    columns = len(frame.columns)
    frame = frame.iloc[:, :MOST]
    head = [html.Th(str(column), scope="col") for column in frame.columns]
    rows = [
        html.Tr([html.Td("" if pd.isna(value) else str(value)) for value in row])
        for row in frame.itertuples(index=False)
    ]
    return html.Section(
        [
            html.H2("The first rows as they were read"),
            html.P(first_columns(MOST, columns), className="why") if columns > MOST else None,
            html.Div(
                html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="plain nowrap"),
                className="scroll",
                tabIndex=0,
                role="region",
                **aria(label="The first rows"),
            ),
        ],
        className="panel stack",
    )
