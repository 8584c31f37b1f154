"""Predicted profit of the best plan within the conditions over margin × cost; empty where there is none."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.axis import named
from core.advice import count, money, percent
from core.policy.economics import SensitivityGrid
from core.scenario import Scenario


def plan_map_figure(grid: SensitivityGrid, scenario: Scenario) -> go.Figure:
    """Rows are margins, columns costs; a click on a cell carries its margin and cost as customdata."""
    drawing = t.figure(height=420)
    finite = grid.profit[np.isfinite(grid.profit)]
    reach = float(np.abs(finite).max()) if finite.size else 0.0
    drawing.add_heatmap(
        x=np.arange(grid.costs.size),
        y=np.arange(grid.margins.size),
        z=grid.profit,
        text=[[money(v) if np.isfinite(v) else "no plan" for v in row] for row in grid.profit.tolist()],
        texttemplate="%{text}",
        textfont={"size": 12},
        customdata=_said(grid),
        hovertemplate="%{customdata[2]}<extra></extra>",
        xgap=1,
        ygap=1,
        showscale=False,
        colorscale=t.DIVERGING,
        zmin=-(reach or 1.0),
        zmax=reach or 1.0,
    )
    drawing.add_scatter(
        x=[int(np.abs(grid.costs - scenario.cost).argmin())],
        y=[int(np.abs(grid.margins - scenario.margin).argmin()) - 0.36],
        mode="markers",
        uid=t.CURRENT,
        marker={"symbol": "circle", "size": 9, "color": "#ffffff", "line": {"width": 3, "color": t.INK}},
        hoverinfo="skip",
    )
    drawing.update_xaxes(
        title_text="Cost per contact",
        **named([float(i) for i in range(grid.costs.size)], lambda i: _cost(grid.costs[int(i)])),
    )
    drawing.update_yaxes(
        title_text="Margin",
        showgrid=False,
        **named([float(i) for i in range(grid.margins.size)], lambda i: percent(grid.margins[int(i)], 0)),
    )
    return drawing


def _said(grid: SensitivityGrid) -> list[list[list[object]]]:
    return [
        [
            [float(margin), float(cost), _cell(grid, i, j, f"Margin {percent(margin)}, cost {_cost(cost)}:")]
            for j, cost in enumerate(grid.costs.tolist())
        ]
        for i, margin in enumerate(grid.margins.tolist())
    ]


def _cell(grid: SensitivityGrid, i: int, j: int, place: str) -> str:
    if not np.isfinite(grid.profit[i, j]):
        return f"{place}<br>no plan meets the conditions"
    return f"{place}<br>{count(grid.contacts[i, j])} contacts, {money(grid.profit[i, j])} predicted"


def _cost(value: float) -> str:
    return money(value, cents=True)


def plan_map_finding(grid: SensitivityGrid) -> str:
    """The title of the map."""
    finite = grid.profit[np.isfinite(grid.profit)]
    if not finite.size:
        return "No margin and cost on this map has a plan within the conditions"
    low, high = money(float(finite.min())), money(float(finite.max()))
    return f"Within these conditions the best plan is predicted to earn {low} to {high}"


def plan_map_summary(grid: SensitivityGrid) -> str:
    """The map in sentences."""
    none = int((~np.isfinite(grid.profit)).sum())
    said = (
        "Predicted profit of the best plan within the conditions for margins from "
        f"{percent(grid.margins[0])} to {percent(grid.margins[-1])} and costs from {_cost(grid.costs[0])} "
        f"to {_cost(grid.costs[-1])} a contact."
    )
    return said if not none else f"{said} In {count(none)} of {grid.profit.size} cells there is no plan."
