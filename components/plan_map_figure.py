"""Predicted profit of the best plan within the conditions over margin × cost; empty where there is none."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.margin_cost_map import add_axes, add_current, colorbar, picked
from core.advice import count, money
from core.advice.cost_axis import cell_words, margin_words, span_words, tick_words
from core.policy.economics import SensitivityGrid
from core.scenario import Scenario


def plan_map_figure(grid: SensitivityGrid, scenario: Scenario, *, margin: bool = True) -> go.Figure:
    """Rows are margins, columns costs; a click on a cell carries what it sets as customdata. margin: whether
    the margin is part of it.
    """
    drawing = t.Sketch(height=420)
    finite = grid.profit[np.isfinite(grid.profit)]
    reach = (float(np.abs(finite).max()) if finite.size else 0.0) or 1.0
    drawing.add_heatmap(
        x=np.arange(grid.costs.size),
        y=np.arange(grid.margins.size),
        z=grid.profit,
        customdata=_said(grid, margin),
        hovertemplate="%{customdata[2]}<extra></extra>",
        xgap=1,
        ygap=1,
        colorbar=colorbar(-reach, reach),
        colorscale=t.DIVERGING,
        zmin=-reach,
        zmax=reach,
    )
    add_current(drawing, scenario, grid)
    add_axes(drawing, grid)
    return drawing.finished()


def _said(grid: SensitivityGrid, margin: bool) -> list[list[list[object]]]:
    return [
        [[*picked(grid, i, j, margin=margin), _cell(grid, i, j)] for j in range(grid.costs.size)]
        for i in range(grid.margins.size)
    ]


def _cell(grid: SensitivityGrid, i: int, j: int) -> str:
    place = f"{cell_words(grid.axis, float(grid.margins[i]), float(grid.costs[j]))}:"
    if not np.isfinite(grid.profit[i, j]):
        return f"{place}<br>no plan meets the conditions"
    return f"{place}<br>{count(grid.contacts[i, j])} contacts, {money(grid.profit[i, j])} predicted"


def plan_map_finding(grid: SensitivityGrid) -> str:
    """The title of the map."""
    finite = grid.profit[np.isfinite(grid.profit)]
    if not finite.size:
        return "No margin and cost on this map has a plan within the conditions"
    low, high = money(float(finite.min())), money(float(finite.max()))
    if grid.axis == "factor":
        least, most = (tick_words("factor", float(grid.costs[k])) for k in (0, -1))
        return f"With every cost {least} to {most}, the best plan is predicted to earn {low} to {high}"
    return f"Within these conditions the best plan is predicted to earn {low} to {high}"


def plan_map_summary(grid: SensitivityGrid) -> str:
    """The map in sentences."""
    none = int((~np.isfinite(grid.profit)).sum())
    margins = f"{margin_words(grid.margins[0])} to {margin_words(grid.margins[-1])}"
    costs = span_words(grid.axis, float(grid.costs[0]), float(grid.costs[-1]))
    said = f"Predicted profit of the best plan within the conditions for margins from {margins} and {costs}."
    return said if not none else f"{said} In {count(none)} of {grid.profit.size} cells there is no plan."
