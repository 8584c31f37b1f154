"""How the value is spread: what share of it the best customers hold."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components import template as t
from components.axis import named
from core.advice import count, money, percent
from core.clv.chart_tables import shares

FloatArray = NDArray[np.float64]


def values_figure(worth: FloatArray, *, in_money: bool) -> go.Figure:
    """worth: (n,) CLV, or expected orders where there are no amounts."""
    drawing = t.figure(height=400)
    x, y = shares(worth)
    ordered = np.sort(worth)[::-1]
    edge = ordered[np.clip((x * len(ordered)).astype(int) - 1, 0, len(ordered) - 1)]
    said = [
        [percent(a), percent(b), money(v) if in_money else f"{v:.1f} orders"]
        for a, b, v in zip(x, y, edge, strict=True)
    ]
    drawing.add_scatter(
        x=x,
        y=y,
        mode="lines",
        uid=t.PREDICTED,
        line={"color": t.ACCENT, "width": 2.5, "dash": "6px,5px"},
        customdata=said,
        hovertemplate="The best %{customdata[0]} hold %{customdata[1]} of it;<br>"
        "the last of them %{customdata[2]}<extra></extra>",
    )
    drawing.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        uid=t.EVERYONE,
        line={"color": t.INK_SOFT, "width": 1},
        hoverinfo="skip",
    )
    t.label(
        drawing,
        0.62,
        0.62,
        "all equal",
        xanchor="left",
        yanchor="top",
        font={"size": 13, "color": t.INK_SOFT},
    )
    places = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    drawing.update_xaxes(
        range=[0, 1],
        title_text="Customers, most valuable first",
        **named(places[1:], lambda v: percent(v, 0)),
    )
    drawing.update_yaxes(
        range=[0, 1.02], title_text="Share of the value", **named(places, lambda v: percent(v, 0))
    )
    return drawing


def values_finding(worth: FloatArray, *, in_money: bool) -> str:
    x, y = shares(worth)
    tenth = float(np.interp(0.1, x, y))
    of_what = "value" if in_money else "orders"
    return f"The best tenth of customers holds {percent(tenth, 0)} of the expected {of_what}"


def values_summary(worth: FloatArray, *, in_money: bool) -> str:
    x, y = shares(worth)
    parts = [
        f"the best {percent(s, 0)} hold {percent(float(np.interp(s, x, y)), 0)}" for s in (0.1, 0.2, 0.5)
    ]
    middle = float(np.median(worth))
    told = money(middle) if in_money else f"{middle:.2f} orders"
    return f"{count(len(worth))} customers: {', '.join(parts)}. Half of them are worth less than {told}."
