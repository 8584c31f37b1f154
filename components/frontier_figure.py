"""The best predicted profit for every budget, with the plan's own budget marked."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.axis import extent, money_ticks
from core.advice import money
from core.policy.shadow import Frontier


def frontier_figure(frontier: Frontier, spent: float, profit: float) -> go.Figure:
    """spent, profit: of the plan as it stands, money. A click on a point carries its budget as x."""
    drawing = t.Sketch(height=360)
    said = [
        f"A budget of {money(budget)}:<br>at best {money(worth)} predicted,<br>one more "
        f"{money(1, cents=False)} earns {money(price)}"
        for budget, worth, price in zip(
            frontier.budget.tolist(), frontier.profit.tolist(), frontier.price.tolist(), strict=True
        )
    ]
    drawing.add_scatter(
        x=frontier.budget,
        y=frontier.profit,
        mode="lines+markers",
        uid=t.PREDICTED,
        name="Predicted",
        line={"color": t.ACCENT, "width": 2, "dash": "6px,5px"},
        marker={"size": 7, "color": "#ffffff", "line": {"width": 2, "color": t.ACCENT}},
        customdata=np.array(said, dtype=object)[:, None],
        hovertemplate="%{customdata[0]}<extra></extra>",
    )
    drawing.add_scatter(
        x=[spent],
        y=[profit],
        mode="markers",
        uid=t.CURRENT,
        name="You are here",
        marker={"symbol": "circle", "size": 15, "color": "#ffffff", "line": {"width": 4, "color": t.INK}},
        hovertemplate=f"You are here: {money(spent)} spent, {money(profit)} predicted<extra></extra>",
    )
    low, high = extent(frontier.profit, [profit])
    right = max(float(frontier.budget[-1]), spent, 1e-9)
    t.line(drawing, y=0)
    t.line(drawing, x=spent, dash="dot")
    side = "left" if spent < 0.7 * right else "right"
    t.label(
        drawing, spent, 0, f"you are here · {money(spent)}", xanchor=side, yanchor="bottom",
        xshift=6 if side == "left" else -6, yshift=3,
    )  # fmt: skip
    drawing.update_xaxes(
        range=[-0.02 * right, 1.04 * right], title={"text": "Budget"}, **money_ticks(0, right, 4)
    )
    drawing.update_yaxes(range=[low, high], title={"text": "Predicted profit"}, **money_ticks(low, high))
    drawing.update_layout(margin={"r": 24, "t": 24})
    return drawing.finished()
