"""Value tiers against uplift deciles as a table whose fuller cells are darker."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html

from components.aria import aria
from components.term import term
from core.advice import count
from core.clv import result_words
from core.clv.tiers import GROUPS, TierTable

_DARKEST = 0.45  # of the accent: the figures keep their contrast on it in light and dark


def tiers_table(found: TierTable) -> html.Section:
    """Customers of a campaign by how much they are worth and how much a contact changes them."""
    most = max(int(found.customers.max()), 1)
    rows = [
        html.Tr(
            [html.Th(f"{tier} · {result_words.worth(mean, in_money=found.in_money)}", scope="row")]
            + [_cell(int(customers), most) for customers in line]
        )
        for tier, (line, mean) in enumerate(zip(found.customers, found.mean_worth, strict=True), start=1)
        if not np.isnan(mean)
    ]
    head = [html.Th("Tier · mean", scope="col")] + [
        html.Th(str(d), className="n", scope="col") for d in _deciles()
    ]
    return html.Section(
        [
            html.H2(result_words.best_of_both(found)),
            html.P(
                [
                    "Customers by value tier with its mean ",
                    term("CLV", "value"),
                    " (rows) and ",
                    term("decile"),
                    " of predicted uplift (columns), 1 = best.",
                ],
                className="muted small",
            ),
            html.Div(
                html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="plain tiers"),
                className="scroll",
                tabIndex=0,
                role="region",
                **aria(label="Customers by value tier and uplift decile"),
            ),
        ],
        className="panel stack",
    )


def _deciles() -> range:
    return range(1, GROUPS + 1)


def _cell(customers: int, most: int) -> Any:
    ground = f"rgba(var(--bs-primary-rgb), {_DARKEST * customers / most:.2f})"
    return html.Td(count(customers), className="n", style={"background": ground})
