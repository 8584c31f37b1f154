"""The Qini curve: what contacting the best share gains, measured with its band, beside a random choice."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.axis import extent, money_ticks, percent_ticks
from components.decile_figure import amount
from core.advice import percent, signed
from core.estimate import Estimate
from core.uplift.gain import GainCurve


def qini_figure(curve: GainCurve, *, binary: bool) -> go.Figure:
    """curve: gain per customer of the experiment against the share contacted."""
    drawn = curve.thinned(200)
    low, high = drawn.band()
    sure = np.isfinite(low) & np.isfinite(high)
    drawing = t.Sketch(height=360)
    drawing.add_scatter(
        x=drawn.share[sure],
        y=high[sure],
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
        uid=t.UPPER,
    )
    drawing.add_scatter(
        x=drawn.share[sure],
        y=low[sure],
        mode="lines",
        line={"width": 0},
        fill="tonexty",
        fillcolor=t.BAND,
        hoverinfo="skip",
        uid=t.BAND_UID,
    )
    whole = float(drawn.gain[-1])
    drawing.add_scatter(
        x=[0.0, 1.0],
        y=[0.0, whole],
        mode="lines",
        line={"color": t.INK_SOFT, "width": 2, "dash": "dot"},
        hoverinfo="skip",
        uid=t.EVERYONE,
        name="Random",
    )
    drawing.add_scatter(
        x=drawn.share,
        y=drawn.gain,
        mode="lines",
        line={"color": t.INK, "width": 2.5},
        uid=t.MEASURED,
        name="Measured",
        customdata=[
            (percent(s), amount(float(g), binary=binary))
            for s, g in zip(drawn.share, drawn.gain, strict=True)
        ],
        hovertemplate="Contacting the best %{customdata[0]} gains %{customdata[1]} a customer<extra></extra>",
    )
    bottom, top = extent(drawn.gain, low, high)
    y_ticks = percent_ticks(bottom, top) if binary else money_ticks(bottom, top)
    drawing.update_yaxes(range=[bottom, top], title={"text": "Gain per customer of the campaign"}, **y_ticks)
    drawing.update_xaxes(
        range=[0, 1.03], title={"text": "Share contacted, best first"}, **percent_ticks(0, 1)
    )
    t.line(drawing, y=0.0)
    return drawing.finished()


def qini_finding(qini: Estimate | None) -> str:
    """The title: whether the ranking beats a random one."""
    if qini is None:
        return "What contacting the best customers first gains"
    words = f"Qini {signed(qini.value)}, 90 % interval {signed(qini.lo)} to {signed(qini.hi)}"
    if qini.lo > 0:
        return f"The ranking beats a random one: {words}"
    if qini.hi < 0:
        return f"The ranking is worse than a random one: {words}"
    return f"The ranking cannot be told from a random one: {words}"


def qini_summary(curve: GainCurve, *, binary: bool) -> str:
    """The curve in sentences."""
    parts = [
        f"the best {percent(share, 0)}: {amount(curve.at(share).value, binary=binary)}"
        for share in (0.1, 0.25, 0.5, 0.75, 1.0)
    ]
    return "Measured gain per customer of the campaign when contacting " + "; ".join(parts) + "."
