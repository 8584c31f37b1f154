"""p(alive) over how often and how recently customers ordered."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.axis import named, ticks
from core.advice import count, percent
from core.clv.alive_map import AliveMap
from core.clv.result_words import repeats


def alive_figure(grid: AliveMap) -> go.Figure:
    drawing = t.figure(height=440)
    said = [
        [
            f"{int(x)} repeat orders, the last {count(days)} days ago:<br>"
            f"{percent(p)} chance of still being a customer"
            for x, p in zip(grid.orders, line, strict=True)
        ]
        for days, line in zip(grid.silence, grid.alive, strict=True)
    ]
    drawing.add_heatmap(
        x=grid.orders,
        y=grid.silence,
        z=grid.alive,
        customdata=said,
        hovertemplate="%{customdata}<extra></extra>",
        colorscale=t.SEQUENTIAL,
        zmin=0,
        zmax=1,
        colorbar={
            "thickness": 10,
            "outlinewidth": 0,
            "len": 0.9,
            **named([0.0, 0.5, 1.0], lambda v: percent(v, 0)),
        },
    )
    drawing.update_xaxes(title_text="Repeat orders", **named(ticks(0, float(grid.orders.max())), count))
    last = float(grid.silence.max())
    drawing.update_yaxes(
        title_text="Days since the last order",
        range=[0, last],
        showgrid=False,
        **named(ticks(0, last), count),
    )
    return drawing


def alive_finding(grid: AliveMap, usual: float) -> str:
    """The title: after how much silence a customer with the usual number of repeat orders is more likely gone
    than not."""
    middle = int(np.argmin(np.abs(grid.orders - usual)))
    x = int(grid.orders[middle])
    gone = np.flatnonzero(grid.alive[:, middle] < 0.5)
    if not len(gone):
        return f"With {repeats(x)} a customer is likelier still there than gone, however long the silence"
    return (
        f"With {repeats(x)}, after {count(grid.silence[gone[0]])} days of silence "
        "a customer is likelier gone than not"
    )


def alive_summary(grid: AliveMap) -> str:
    corners = (
        f"{int(grid.orders[-1])} repeat orders and none for {count(grid.silence[-1])} days: "
        f"{percent(float(grid.alive[-1, -1]))}; {int(grid.orders[0])} and an order just now: "
        f"{percent(float(grid.alive[0, 0]))}"
    )
    return (
        f"Chance of still being a customer for someone known for {count(grid.age)} days, "
        f"by repeat orders and days since the last one. {corners}."
    )
