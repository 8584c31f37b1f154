"""Customers needed against the change to detect: why half the effect needs four times the customers."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go

from components import template as t
from components.axis import named, percent_ticks, ticks
from core.advice import count, percent
from core.advice.plan import effect
from core.errors import SettingError
from core.plan import Solution


def design_figure(solution: Solution) -> go.Figure:
    """Probability to show the effect against the customers of the test; the plan's test marked."""
    asked = solution.plan
    sizes, power = solution.power_curve()
    top = float(sizes[-1])
    drawing = t.figure(height=340)
    drawing.add_scatter(
        x=sizes,
        y=power,
        mode="lines",
        uid=t.PREDICTED,
        line={"color": t.ACCENT, "width": 2, "dash": "5px,5px"},
        customdata=[(count(n), percent(p, 0)) for n, p in zip(sizes, power, strict=True)],
        hovertemplate="%{customdata[0]} customers show it with %{customdata[1]} probability<extra></extra>",
    )
    marks = [(solution.customers, asked.power, t.BEST, "needed")]
    if asked.customers is not None and solution.power is not None:
        marks.append((asked.customers, solution.power, t.CURRENT, "yours"))
    for x, y, uid, words in marks:
        hollow = uid == t.CURRENT
        drawing.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            uid=uid,
            marker={
                "size": 13,
                "color": "#ffffff" if hollow else t.INK,
                "line": {"width": 3, "color": t.INK if hollow else "#ffffff"},
            },
            hovertemplate=f"{count(x)} customers {words}: {percent(y, 0)}<extra></extra>",
        )
        t.label(drawing, x, y, f"{count(x)} {words}", xanchor="left", yanchor="top", xshift=10, yshift=-6)
    drawing.update_yaxes(range=[0, 1.04], title_text="Probability to show the change", **percent_ticks(0, 1))
    drawing.update_xaxes(
        range=[0, top], title_text="Customers in the test", ticklabelstandoff=8, **named(ticks(0, top), count)
    )
    return drawing


def design_finding(solution: Solution) -> str:
    """The title of the chart."""
    asked = solution.plan
    return (
        f"{count(solution.customers)} customers show {effect(asked, asked.effect)} with "
        f"{percent(asked.power, 0)} probability"
    )


def design_summary(solution: Solution) -> str:
    """The chart in sentences."""
    parts = [
        f"{count(n)} customers: {percent(solution.power_at(n), 0)}"
        for n in (round(solution.customers * f) for f in (0.25, 0.5, 1.0, 2.0))
    ]
    return "Probability that the test shows the change, by its number of customers. " + "; ".join(parts) + "."


def design_rows(solution: Solution) -> list[tuple[str, ...]]:
    """Customers needed for smaller and larger effects: (effect, customers, held out)."""
    rows: list[tuple[str, ...]] = []
    asked = solution.plan
    for factor in (0.5, 0.75, 1.0, 1.5, 2.0):
        try:
            one = replace(asked, effect=asked.effect * factor).solved()
        except SettingError:
            continue
        rows.append((effect(asked, asked.effect * factor), count(one.customers), count(one.held_out)))
    return rows
