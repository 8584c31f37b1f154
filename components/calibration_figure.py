"""Calibration: predicted against measured uplift, tenth by tenth, beside the line where both are the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components import template as t
from components.axis import extent, money_ticks, percent_ticks
from components.decile_figure import amount
from core.advice import signed
from core.estimate import Estimate


def calibration_figure(deciles: pd.DataFrame, *, binary: bool) -> go.Figure:
    """deciles: as core.uplift.deciles gives them."""
    predicted, measured, low, high = (
        deciles[c].to_numpy(float) for c in ("predicted_uplift", "measured_uplift", "lo", "hi")
    )
    drawing = t.Sketch(height=360)
    left, right = extent(predicted, pad=0.12)
    bottom, top = extent(measured, low, high, np.array([left, right]))
    ends = [max(left, bottom), min(right, top)]
    drawing.add_scatter(
        x=ends,
        y=ends,
        mode="lines",
        line={"color": t.ACCENT, "width": 1.5, "dash": "5px,5px"},
        hoverinfo="skip",
        uid=t.PREDICTED,
        name="As predicted",
    )
    drawing.add_scatter(
        x=predicted,
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
            (int(d), amount(p, binary=binary), amount(m, binary=binary))
            for d, p, m in zip(deciles["decile"], predicted, measured, strict=True)
        ],
        hovertemplate="Decile %{customdata[0]}: predicted %{customdata[1]}, measured %{customdata[2]}"
        "<extra></extra>",
    )
    ticks = percent_ticks if binary else money_ticks
    drawing.update_yaxes(
        range=[bottom, top], title={"text": "Measured uplift per customer"}, **ticks(bottom, top)
    )
    drawing.update_xaxes(
        range=[left, right], title={"text": "Predicted uplift per customer"}, **ticks(left, right)
    )
    t.line(drawing, y=0.0)
    return drawing.finished()


def calibration_finding(slope: Estimate | None) -> str:
    """The title: whether differences between customers are as large as predicted."""
    if slope is None:
        return "The model predicts the same for everyone: there is no slope to check"
    words = f"slope {signed(slope.value, 2)}, 90 % interval {signed(slope.lo, 2)} to {signed(slope.hi, 2)}"
    if slope.lo <= 0:
        return f"The predicted differences are not confirmed: {words}"
    if slope.hi < 1:
        return f"Differences between customers are smaller than predicted: {words}"
    if slope.lo > 1:
        return f"Differences between customers are larger than predicted: {words}"
    return f"Differences between customers are as large as predicted: {words}"


def calibration_summary(deciles: pd.DataFrame, *, binary: bool) -> str:
    """The chart in sentences."""
    parts = [
        f"predicted {amount(float(p), binary=binary)}, measured {amount(float(m), binary=binary)}"
        for p, m in zip(deciles["predicted_uplift"], deciles["measured_uplift"], strict=True)
    ]
    return "By tenth of customers, best first: " + "; ".join(parts) + "."
