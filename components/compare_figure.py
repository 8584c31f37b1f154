"""Two scenarios and their difference: measured with its interval, predicted beside it."""

from __future__ import annotations

import plotly.graph_objects as go

from components import template as t
from components.axis import extent, money_ticks, named
from core.advice import interval, money
from core.alternatives import Pair
from core.estimate import Estimate


def compare_figure(pair: Pair) -> go.Figure:
    """A row each for A, B and their difference; the difference at the foot, on the same scale of money."""
    rows: list[tuple[str, float, Estimate | None]] = [
        ("A", pair.first.decision.predicted.profit, pair.first.decision.measured),
        ("B", pair.second.decision.predicted.profit, pair.second.decision.measured),
        ("B less A", pair.predicted_gap, pair.gap),
    ]
    drawing = t.figure(height=300)
    places = [2.0, 1.0, 0.0]
    known = [(y, name, e) for y, (name, _, e) in zip(places, rows) if e is not None]
    drawing.add_scatter(
        x=[e.value for _, _, e in known],
        y=[y for y, _, _ in known],
        mode="markers",
        uid=t.MEASURED,
        marker={"size": 13, "color": t.INK},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [e.hi - e.value for _, _, e in known],
            "arrayminus": [e.value - e.lo for _, _, e in known],
            "color": t.INK,
            "thickness": 2.5,
            "width": 7,
        },
        customdata=[(name, money(e.value), interval(e)) for _, name, e in known],
        hovertemplate="%{customdata[0]}: the experiment shows %{customdata[1]}<br>"
        "%{customdata[2]}<extra></extra>",
    )
    drawing.add_scatter(
        x=[claim for _, claim, _ in rows],
        y=[y + 0.22 for y in places],
        mode="markers",
        uid=t.PREDICTED,
        marker={"size": 11, "color": "#ffffff", "line": {"width": 2.5, "color": t.ACCENT}},
        customdata=[(name, money(claim)) for name, claim, _ in rows],
        hovertemplate="%{customdata[0]}: the model predicts %{customdata[1]}<extra></extra>",
    )
    ends = [value for _, _, e in known for value in (e.lo, e.hi)]
    low, high = extent(ends, [claim for _, claim, _ in rows])
    t.line(drawing, x=0)
    drawing.update_xaxes(
        range=[low, high],
        title_text="Profit against contacting no one",
        showgrid=True,
        **money_ticks(low, high, 4),
    )
    drawing.update_yaxes(range=[-0.5, 2.6], showgrid=False, **named(places, lambda y: rows[2 - int(y)][0]))
    return drawing
