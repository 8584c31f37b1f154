"""Orders in the check by how often a customer had ordered before: counted and predicted."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import html

from components import template as t
from components.axis import extent, named, ticks
from components.chart import as_table
from core.advice import count
from core.clv.words import TITLES


def frequency_figure(validation: dict[str, Any], model: str) -> go.Figure:
    """validation: Validation.as_dict. A point a group; the groups' sizes stand under them."""
    groups = validation["by_frequency"]
    drawing = t.figure(height=400)
    place = np.arange(len(groups))
    for column, uid, name, shift, marker in (
        ("actual", t.MEASURED, "came", -0.1, {"size": 10, "color": t.INK}),
        (
            model,
            t.PREDICTED,
            "predicted",
            0.1,
            {"size": 9, "color": "#ffffff", "line": {"width": 2, "color": t.ACCENT}},
        ),
    ):
        y = [g[column] for g in groups]
        said = [[g["frequency"], f"{v:.2f}", count(g["customers"])] for g, v in zip(groups, y, strict=True)]
        drawing.add_scatter(
            x=place + shift,
            y=y,
            mode="markers" if column == "actual" else "markers+lines",
            uid=uid,
            line={"color": t.ACCENT, "width": 1.5, "dash": "5px,5px"},
            marker=marker,
            customdata=said,
            hovertemplate=f"%{{customdata[0]}} repeat orders before (%{{customdata[2]}} customers): "
            f"%{{customdata[1]}} {name} a customer<extra></extra>",
        )
    _, top = extent([g["actual"] for g in groups], [g[model] for g in groups])
    drawing.update_yaxes(
        range=[0, top],
        title_text="Orders a customer in the check",
        **named(ticks(0, top), lambda v: f"{v:g}"),
    )
    drawing.update_xaxes(
        title_text="Repeat orders before, and customers",
        tickmode="array",
        tickvals=place,
        ticktext=[f"{g['frequency']}<br>{_short(g['customers'])}" for g in groups],
        tickangle=0,
    )
    return drawing


def _short(customers: int) -> str:
    """Under a tick on a telephone there is room for four figures; beyond, thousands."""
    return count(customers) if customers < 10_000 else f"{count(customers / 1000)}k"


def frequency_finding(validation: dict[str, Any], model: str) -> str:
    groups = [g for g in validation["by_frequency"] if g["customers"] >= 20] or validation["by_frequency"]
    worst = max(groups, key=lambda g: abs(g[model] - g["actual"]))
    side = "too many" if worst[model] > worst["actual"] else "too few"
    many = worst["frequency"]
    return (
        f"Furthest off for customers with {many} repeat order{'' if many == '1' else 's'}: "
        f"{worst[model]:.2f} predicted, {worst['actual']:.2f} came, {side}"
    )


def frequency_summary(validation: dict[str, Any], model: str) -> str:
    parts = [
        f"{g['frequency']} before ({count(g['customers'])} customers): {g['actual']:.2f} came, "
        f"{g[model]:.2f} predicted"
        for g in validation["by_frequency"]
    ]
    return "Orders a customer in the check by repeat orders before it. " + "; ".join(parts) + "."


def frequency_table(validation: dict[str, Any]) -> html.Details:
    models = [fit["model"] for fit in validation["fits"]]
    rows = [
        (g["frequency"], count(g["customers"]), f"{g['actual']:.3f}", *(f"{g[m]:.3f}" for m in models))
        for g in validation["by_frequency"]
    ]
    head = ("Repeat orders before", "Customers", "Came", *(TITLES[m] for m in models))
    return as_table("Orders a customer in the check, by repeat orders before it", head, rows)
