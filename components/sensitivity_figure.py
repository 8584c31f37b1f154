"""Profit over margin × cost: colours centred at zero, break-even lines, the current point."""

from __future__ import annotations

from typing import Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components import template as t
from components.margin_cost_map import add_axes, add_current, colorbar, picked, position
from core.advice import count, money, percent
from core.advice.cost_axis import (
    PREDICTED_ONLY,
    cell_words,
    limit_words,
    margin_words,
    now_words,
    span_words,
)
from core.decision import Decision
from core.policy.economics import SensitivityGrid
from core.uplift.gain import GainCurve

View = Literal["list", "best", "share"]
VIEWS: dict[View, str] = {
    "list": "This list",
    "best": "Best list at each point",
    "share": "Share to contact",
}
FloatArray = NDArray[np.float64]


def list_profit(decision: Decision, grid: SensitivityGrid, curve: GainCurve | None) -> FloatArray:
    """(m, c) money: profit of today's contacts under each margin and cost; measured where it can be."""
    gain = decision.predicted.revenue
    if curve is not None:
        gain = decision.customers * decision.scenario.value * curve.at(decision.share).value
    return np.asarray(grid.margins[:, None] * gain - _spent(decision, grid)[None, :])


def _spent(decision: Decision, grid: SensitivityGrid) -> FloatArray:
    """(c,) money: what today's contacts cost along the grid's costs."""
    if grid.axis == "factor":
        return np.asarray(grid.costs * decision.predicted.cost)
    own = decision.predicted.cost if grid.axis == "added" else 0.0
    return np.asarray(own + grid.costs * decision.contacts)


def best_profit(decision: Decision, grid: SensitivityGrid, curve: GainCurve | None) -> FloatArray:
    """(m, c) money: profit of the list the model would choose at each point; measured where it can be."""
    if curve is None:
        return grid.profit
    gain = np.interp(grid.share, curve.share, curve.gain)
    worth = decision.customers * decision.scenario.value * grid.margins[:, None]
    return np.asarray(worth * gain - grid.costs[None, :] * grid.contacts)


def sensitivity_figure(
    decision: Decision, grid: SensitivityGrid, curve: GainCurve | None, view: View = "list"
) -> go.Figure:
    """Rows are margins, columns costs; a click on a cell carries what it sets as customdata.

    decision: where customers have costs of their own, that of `core.own_costs`, and no curve.
    """
    return sensitivity_sketch(decision, grid, curve, view).finished()


def sensitivity_sketch(
    decision: Decision, grid: SensitivityGrid, curve: GainCurve | None, view: View = "list"
) -> t.Sketch:
    """The same unchecked, for the answer to a slider."""
    drawing = t.Sketch(height=480)
    if view == "share":
        values, scale, low, reach = grid.share, t.SEQUENTIAL, 0.0, 1.0
    else:
        values = (list_profit if view == "list" else best_profit)(decision, grid, curve)
        reach = float(np.abs(values).max()) or 1.0
        scale, low = t.DIVERGING, -reach
    drawing.add_heatmap(
        x=np.arange(grid.costs.size),
        y=np.arange(grid.margins.size),
        z=values,
        customdata=_said(grid, values, view, measured=curve is not None),
        hovertemplate="%{customdata[2]}<extra></extra>",
        xgap=1,
        ygap=1,
        colorbar=colorbar(low, reach, share=view == "share"),
        colorscale=scale,
        zmin=low,
        zmax=reach,
    )
    if view == "list":
        _add_break_even(drawing, decision, grid, curve)
    add_current(drawing, decision.scenario, grid)
    add_axes(drawing, grid)
    return drawing


def _said(
    grid: SensitivityGrid, values: FloatArray, view: View, *, measured: bool
) -> list[list[list[object]]]:
    source = "the experiment shows" if measured else "the model predicts"
    rows = []
    for i, margin in enumerate(grid.margins.tolist()):
        row: list[list[object]] = []
        for j, cost in enumerate(grid.costs.tolist()):
            place = f"{cell_words(grid.axis, margin, cost)}:"
            if view == "share":
                text = f"{place}<br>contact {percent(grid.share[i, j])} ({count(grid.contacts[i, j])})"
            elif view == "best":
                text = f"{place}<br>contact {percent(grid.share[i, j])}, {source} {money(values[i, j])}"
            else:
                text = f"{place}<br>{source} {money(values[i, j])}"
            row.append([*picked(grid, i, j), text])
        rows.append(row)
    return rows


def _add_break_even(
    drawing: t.Sketch, decision: Decision, grid: SensitivityGrid, curve: GainCurve | None
) -> None:
    """Cost at which today's list earns exactly nothing, for each margin: solid measured, dashed predicted."""
    if decision.contacts == 0:
        return
    margins = np.linspace(float(grid.margins[0]), float(grid.margins[-1]), 60)
    lines: list[tuple[str, float, dict[str, object]]] = [
        (t.PREDICTED, decision.predicted.revenue, {"color": t.ACCENT, "width": 2.5, "dash": "6px,5px"})
    ]
    if curve is not None:
        earned = decision.customers * decision.scenario.value * curve.at(decision.share).value
        lines.append((t.MEASURED, earned, {"color": t.INK, "width": 3}))
    for uid, revenue, style in lines:
        cost = _limit(decision, grid, margins * revenue)
        keep = (cost >= 0) & (cost <= grid.costs[-1] * 1.02)
        if not keep.any():
            continue
        x, y = position(grid.costs, cost[keep]), position(grid.margins, margins[keep])
        drawing.add_scatter(x=x, y=y, mode="lines", uid=uid, line=style, hoverinfo="skip")


def _limit(decision: Decision, grid: SensitivityGrid, earned: FloatArray) -> FloatArray:
    """Where along the grid's costs today's list, which earns so much before them, earns exactly nothing."""
    if grid.axis == "factor":
        spent = decision.predicted.cost
        return earned / spent if spent else np.full(np.shape(earned), np.inf)
    own = decision.predicted.cost if grid.axis == "added" else 0.0
    return (earned - own) / decision.contacts


def sensitivity_finding(
    decision: Decision, grid: SensitivityGrid, curve: GainCurve | None, view: View
) -> str:
    """The title: how far margin and cost can move before the decision changes."""
    if view == "share":
        low, high = float(grid.share.min()), float(grid.share.max())
        return f"From {percent(low)} to {percent(high)} of customers pay, by margin and cost"
    if view == "best":
        values = best_profit(decision, grid, curve)
        if grid.axis != "cost":
            least, most = money(float(values.min())), money(float(values.max()))
            return f"A list chosen anew is predicted to earn {least} to {most}"
        losing = float((values < 0).mean())
        if losing == 0:
            return "Choosing the list anew never loses money on this map"
        return f"Even a list chosen anew loses money in {percent(losing, 0)} of this map"
    if decision.contacts == 0:
        return "No one is contacted, so margin and cost change nothing"
    earned = decision.predicted.revenue
    if curve is not None:
        earned = decision.customers * decision.scenario.value * curve.at(decision.share).value
    if earned <= 0:
        return "This list loses money at every margin and cost"
    limit = float(_limit(decision, grid, np.asarray(decision.scenario.margin * earned)))
    margin = margin_words(decision.scenario.margin)
    if grid.axis == "cost":
        return f"At {margin} margin this list breaks even {limit_words(grid.axis, limit)}"
    if not np.isfinite(limit):
        return "Every contact of this list is free, so no factor on the costs changes what it earns"
    of = count(decision.contacts)
    return f"At {margin} margin the list of {of} breaks even {limit_words(grid.axis, limit)}"


def sensitivity_summary(
    decision: Decision, grid: SensitivityGrid, curve: GainCurve | None, view: View
) -> str:
    """The chart in sentences."""
    values = list_profit(decision, grid, curve) if view == "list" else best_profit(decision, grid, curve)
    span = f"margins from {margin_words(grid.margins[0])} to {margin_words(grid.margins[-1])} and "
    span += span_words(grid.axis, float(grid.costs[0]), float(grid.costs[-1]))
    if view == "share":
        low, high = percent(grid.share.min()), percent(grid.share.max())
        return f"Share of customers to contact for {span}: {low} to {high}."
    said = (
        f"Profit for {span}: from {money(float(values.min()))} to {money(float(values.max()))}. "
        f"Now at {now_words(grid.axis, decision.scenario.margin, decision.scenario.cost)}."
    )
    return said if grid.axis == "cost" else f"{said} {PREDICTED_ONLY}"
