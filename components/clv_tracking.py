"""Repeat orders over time: counted, and expected by the models from the days before the line."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import html

from components import template as t
from components.axis import extent, named, ticks
from components.chart import as_table
from core.advice import count, percent
from core.clv.words import TITLES, days

Validation = dict[str, Any]


def tracking_figure(validation: Validation, model: str) -> go.Figure:
    """Cumulative repeat orders of the customers known at the split; validation: Validation.as_dict."""
    drawing = _drawn(validation, ("actual_cumulative", f"{model}_cumulative"), model, "Repeat orders so far")
    t.label(
        drawing,
        validation["calibration_end"],
        0,
        "the model saw no further",
        xanchor="left",
        yanchor="bottom",
        xshift=6,
    )
    return drawing


def weekly_figure(validation: Validation, model: str) -> go.Figure:
    """Repeat orders week by week; a last week of fewer days is left out, it would look like a fall."""
    return _drawn(validation, ("actual", model), model, "Repeat orders a week")


def weekly_finding(validation: Validation, model: str) -> str:
    """The title: the week in which the model was furthest off, season or chance."""
    weeks = [w for w in _whole(validation) if w["until"] > validation["calibration_end"]] or _whole(
        validation
    )
    worst = max(weeks, key=lambda w: abs(w["actual"] - w[model]))
    return (
        f"Furthest off in the week until {worst['until']}: {count(worst['actual'])} orders came, "
        f"{count(worst[model])} were expected"
    )


def weekly_summary(validation: Validation, model: str) -> str:
    """The chart in sentences."""
    weeks = _whole(validation)
    most = max(weeks, key=lambda w: w["actual"])
    return (
        f"Repeat orders in each of {len(weeks)} weeks, counted and expected by {TITLES[model]}. Most came "
        f"in the week until {most['until']}: {count(most['actual'])}, with {count(most[model])} expected."
    )


def _whole(validation: Validation) -> list[dict[str, Any]]:
    weeks: list[dict[str, Any]] = validation["weeks"]
    if len(weeks) < 3:
        return weeks
    last = date.fromisoformat(weeks[-1]["until"]) - date.fromisoformat(weeks[-2]["until"])
    return weeks if last.days >= 7 else weeks[:-1]


def _drawn(validation: Validation, columns: tuple[str, str], model: str, words: str) -> go.Figure:
    weeks = validation["weeks"] if columns[0].endswith("cumulative") else _whole(validation)
    drawing = t.figure(height=400)
    x = [w["until"] for w in weeks]
    lines = (
        (columns[0], t.MEASURED, "counted", {"color": t.INK, "width": 3}),
        (columns[1], t.PREDICTED, TITLES[model], {"color": t.ACCENT, "width": 2.5, "dash": "6px,5px"}),
    )
    for column, uid, name, style in lines:
        y = [w[column] for w in weeks]
        drawing.add_scatter(
            x=x,
            y=y,
            mode="lines",
            uid=uid,
            name=name,
            line=style,
            customdata=[[count(v)] for v in y],
            hovertemplate=f"Until %{{x}}: %{{customdata[0]}} {name}<extra></extra>",
        )
    # plotly places a line on a date axis by its text
    drawing.add_shape(
        type="line",
        x0=validation["calibration_end"],
        x1=validation["calibration_end"],
        y0=0,
        y1=1,
        yref="y domain",
        line={"color": t.INK_SOFT, "width": 1, "dash": "2px,3px"},
    )
    _, top = extent(np.array([w[column] for column in columns for w in weeks]))
    drawing.update_yaxes(range=[0, top], title_text=words, **named(ticks(0, top), count))
    # two lines a label: side by side they would not fit a telephone
    drawing.update_xaxes(type="date", nticks=6, tickformat="%b<br>%Y", tickangle=0, range=[x[0], x[-1]])
    return drawing


def tracking_finding(validation: Validation, model: str) -> str:
    """The title: how far off the total was at the end."""
    score = next(s for s in validation["scores"] if s["model"] == model)
    actual = validation["actual_orders"]
    if not actual:
        return f"No order came in the {days(validation['holdout_days'])} of the check"
    off = score["predicted"] / actual - 1
    side = "more" if off > 0 else "fewer"
    if abs(off) < 0.02:
        unseen = days(validation["holdout_days"])
        return f"In the {unseen} it had not seen, the model was right to within {percent(abs(off))}"
    return (
        f"In the {days(validation['holdout_days'])} it had not seen, the model expected "
        f"{percent(abs(off))} {side} orders than came"
    )


def tracking_summary(validation: Validation, model: str) -> str:
    """The chart in sentences."""
    last = validation["weeks"][-1]
    return (
        f"Cumulative repeat orders by week until {last['until']}: "
        f"counted {count(last['actual_cumulative'])}, "
        f"expected by {TITLES[model]} {count(last[f'{model}_cumulative'])}. "
        f"The model learnt from the days until {validation['calibration_end']}."
    )


def tracking_table(validation: Validation) -> html.Details:
    models = [fit["model"] for fit in validation["fits"]]
    rows = [
        (
            str(week["until"]),
            count(week["actual"]),
            *(f"{week[m]:,.1f}" for m in models),
            count(week["actual_cumulative"]),
            *(f"{week[f'{m}_cumulative']:,.1f}" for m in models),
        )
        for week in validation["weeks"]
    ]
    head = (
        "Week until",
        "Orders",
        *(TITLES[m] for m in models),
        "So far",
        *(f"{TITLES[m]}, so far" for m in models),
    )
    return as_table("Repeat orders by week, counted and expected", head, rows)
