"""Uplift by decile: what the experiment measured with its interval, and what the model predicted."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components import template as t
from components.axis import extent, money_ticks, percent_ticks
from components.chart import as_table
from core.advice import count, money, percent

HEAD = ("Decile", "Customers", "Predicted", "Measured", "From", "To", "Contacted", "Control")


def amount(value: float, *, binary: bool) -> str:
    """An uplift per customer: a share for a yes/no outcome, money otherwise."""
    return percent(value, 2) if binary else money(value, cents=True)


def decile_figure(deciles: pd.DataFrame, *, binary: bool) -> go.Figure:
    """deciles: as core.uplift.evaluation gives them (1 = highest predicted). binary: outcome 0/1."""
    drawing = t.Sketch(height=400)
    measured, low, high = (deciles[c].to_numpy(float) for c in ("measured_uplift", "lo", "hi"))
    predicted, place = deciles["predicted_uplift"].to_numpy(float), deciles["decile"].to_numpy(float)

    def words(value: float) -> str:
        return amount(value, binary=binary)

    drawing.add_scatter(
        x=place + 0.14,
        y=predicted,
        mode="markers+lines",
        uid=t.PREDICTED,
        name="Predicted",
        line={"color": t.ACCENT, "width": 1.5, "dash": "5px,5px"},
        marker={"symbol": "circle", "size": 9, "color": "#ffffff", "line": {"width": 2, "color": t.ACCENT}},
        customdata=[[words(v)] for v in predicted],
        hovertemplate="Decile %{x:.0f}: the model predicts %{customdata[0]} a customer<extra></extra>",
    )
    drawing.add_scatter(
        x=place - 0.14,
        y=measured,
        mode="markers",
        uid=t.MEASURED,
        name="Measured",
        marker={"size": 10, "color": t.INK},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": high - measured,
            "arrayminus": measured - low,
            "color": t.INK,
            "thickness": 2,
            "width": 0,
        },
        customdata=[
            [int(d), words(m), words(a), words(b)]
            for d, m, a, b in zip(place, measured, low, high, strict=True)
        ],
        hovertemplate="Decile %{customdata[0]}: the experiment shows %{customdata[1]} a customer<br>"
        "(%{customdata[2]} to %{customdata[3]})<extra></extra>",
    )
    bottom, top = extent(measured, low, high, predicted)
    y_ticks = percent_ticks(bottom, top) if binary else money_ticks(bottom, top)
    drawing.update_yaxes(range=[bottom, top], title={"text": "Uplift per customer"}, **y_ticks)
    drawing.update_xaxes(
        range=[0.4, 10.6],
        title={"text": "Decile, highest predicted uplift first"},
        tickmode="array",
        tickvals=list(range(1, 11)),
        ticktext=[str(d) for d in range(1, 11)],
    )
    t.line(drawing, y=0)
    return drawing.finished()


def decile_finding(deciles: pd.DataFrame, *, binary: bool) -> str:
    """The title: whether the measured uplift falls from the best tenth to the worst."""
    first, last = deciles.iloc[0], deciles.iloc[-1]
    best, worst = (amount(float(row["measured_uplift"]), binary=binary) for row in (first, last))
    if float(first["lo"]) > float(last["hi"]):
        return f"The best tenth brings {best} a customer, the last {worst}"
    if float(first["measured_uplift"]) > float(last["measured_uplift"]):
        return (
            f"The best tenth brings {best} a customer, the last {worst}: chance could explain the difference"
        )
    return "The measured uplift does not fall from the first tenth to the last"


def decile_summary(deciles: pd.DataFrame, *, binary: bool) -> str:
    """The chart in sentences."""
    parts = [
        f"decile {d['decile']:.0f}: measured {amount(d['measured_uplift'], binary=binary)}, "
        f"predicted {amount(d['predicted_uplift'], binary=binary)}"
        for d in _records(deciles)
    ]
    return "Uplift per customer by tenth of customers, best first. " + "; ".join(parts) + "."


def decile_table(deciles: pd.DataFrame, *, binary: bool) -> html.Details:
    """The chart's numbers, folded away."""
    money_columns = ("predicted_uplift", "measured_uplift", "lo", "hi", "mean_treated", "mean_control")
    rows = [
        (
            f"{d['decile']:.0f}",
            count(d["customers"]),
            *(amount(d[column], binary=binary) for column in money_columns),
        )
        for d in _records(deciles)
    ]
    return as_table("Uplift per customer by decile; from and to: 90 % interval", HEAD, rows)


def _records(deciles: pd.DataFrame) -> list[dict[str, float]]:
    return [{str(k): float(v) for k, v in row.items()} for row in deciles.to_dict("records")]
