"""Profit against the share contacted: measured with its band, predicted dashed, everyone, best, current."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from components import template as t
from components.axis import extent, money_ticks, percent_ticks
from core.advice import count, interval, money, percent
from core.decision import Decision
from core.policy.economics import ProfitCurve
from core.uplift.gain import GainCurve

POINTS = 200


def profit_figure(decision: Decision, curve: ProfitCurve, measured: GainCurve | None) -> go.Figure:
    """curve: predicted, one point a block (thinned here). measured: gain per customer against the share."""
    return profit_sketch(decision, curve, measured).finished()


def profit_sketch(decision: Decision, curve: ProfitCurve, measured: GainCurve | None) -> t.Sketch:
    """The same unchecked, for the answer to a slider."""
    drawing = t.Sketch(height=420)
    drawn = curve.thinned(POINTS)
    customers = max(decision.customers, 1)
    share = drawn.contacts / customers
    heights = [drawn.profit]
    if measured is not None:
        heights += list(_add_measured(drawing, decision, measured))
    drawing.add_scatter(
        x=share,
        y=drawn.profit,
        mode="lines",
        uid=t.PREDICTED,
        name="Predicted",
        line={"color": t.ACCENT, "width": 2, "dash": "6px,5px"},
        customdata=_said((drawn.contacts, count), (drawn.profit, money)),
        hovertemplate="The model predicts %{customdata[1]}<br>"
        "from the best %{customdata[0]} customers<extra></extra>",
    )
    _add_everyone(drawing, decision)
    _add_marks(drawing, decision, drawn)
    low, high = extent(*heights)
    _label_lines(drawing, decision, drawn, measured, (low, high))
    drawing.update_xaxes(
        range=[-0.015, 1.015], title={"text": "Customers contacted, best first"}, **percent_ticks(0, 1, 4)
    )
    drawing.update_yaxes(
        range=[low, high], title={"text": "Profit against contacting no one"}, **money_ticks(low, high)
    )
    t.line(drawing, y=0)
    drawing.update_layout(margin={"r": 24, "t": 24})
    return drawing


def measured_profit(
    decision: Decision, measured: GainCurve, points: int = POINTS
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(share, profit, lower, upper) of the measured curve and its uniform band, money for this audience."""
    # The current point lies on the line, which may jump beside it: few customers bring most of the revenue.
    share = np.unique(np.append(measured.thinned(points).share, decision.share))
    gain, se = (np.interp(share, measured.share, values) for values in (measured.gain, measured.se))
    worth = decision.customers * decision.scenario.margin * decision.scenario.value
    profit = worth * gain - decision.customers * decision.scenario.cost * share
    half = worth * measured.critical * se
    return share, profit, profit - half, profit + half


def _add_measured(drawing: t.Sketch, decision: Decision, measured: GainCurve) -> tuple[np.ndarray, ...]:
    share, profit, low, high = measured_profit(decision, measured)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawing.add_scatter(x=share, y=high, uid=t.UPPER, **edge)
    drawing.add_scatter(x=share, y=low, uid=t.BAND_UID, fill="tonexty", fillcolor=t.BAND, **edge)
    drawing.add_scatter(
        x=share,
        y=profit,
        mode="lines",
        uid=t.MEASURED,
        name="Measured",
        line={"color": t.INK, "width": 2.5},
        customdata=_said((share, percent), (profit, money), (low, money), (high, money)),
        hovertemplate="The experiment shows %{customdata[1]}<br>"
        "(%{customdata[2]} to %{customdata[3]})<br>from the best %{customdata[0]}<extra></extra>",
    )
    return profit, low, high


def _said(*columns: tuple[np.ndarray, Callable[[float], str]]) -> np.ndarray:
    """(k, c) numbers as people read them; an array, because Plotly looks at each cell of a list."""
    return np.array([[say(value) for value in numbers.tolist()] for numbers, say in columns]).T


def _add_everyone(drawing: t.Sketch, decision: Decision) -> None:
    drawing.add_scatter(
        x=[0, 1],
        y=[everyone_profit(decision)] * 2,
        mode="lines",
        uid=t.EVERYONE,
        name="Contact everyone",
        line={"color": t.INK_SOFT, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )


def everyone_profit(decision: Decision) -> float:
    """Measured where there is an experiment, else predicted."""
    if decision.measured_everyone is not None:
        return decision.measured_everyone.value
    return decision.predicted_everyone.profit


def here(decision: Decision) -> float:
    """The profit at the current point: measured where there is an experiment, else predicted."""
    return decision.measured.value if decision.measured is not None else decision.predicted.profit


def _add_marks(drawing: t.Sketch, decision: Decision, drawn: ProfitCurve) -> None:
    customers = max(decision.customers, 1)
    drawing.add_scatter(
        x=[decision.best_contacts / customers],
        y=[float(drawn.profit[drawn.best])],
        mode="markers",
        uid=t.BEST,
        name="Best",
        marker={"symbol": "diamond", "size": 12, "color": t.INK, "line": {"width": 2, "color": "#ffffff"}},
        hovertemplate=f"Best by the model: {count(decision.best_contacts)} contacts<extra></extra>",
    )
    drawing.add_scatter(
        x=[decision.share],
        y=[here(decision)],
        mode="markers",
        uid=t.CURRENT,
        name="You are here",
        marker={"symbol": "circle", "size": 15, "color": "#ffffff", "line": {"width": 4, "color": t.INK}},
        hovertemplate=f"You are here: {count(decision.contacts)} contacts, "
        f"{money(here(decision))}<extra></extra>",
    )
    t.line(drawing, x=decision.share, dash="dot")


def _label_lines(
    drawing: t.Sketch,
    decision: Decision,
    drawn: ProfitCurve,
    measured: GainCurve | None,
    span: tuple[float, float],
) -> None:
    """Words beside the lines, where these stand furthest apart (theme.css hides them on a narrow screen)."""
    gap = (span[1] - span[0]) * 0.045
    everyone = everyone_profit(decision)
    t.label(drawing, 0.012, everyone + gap, f"contact everyone {money(everyone)}", xanchor="left")
    where = np.linspace(0.22, 0.85, 64)
    predicted = np.interp(where * max(decision.customers, 1), drawn.contacts, drawn.profit)
    shown = np.zeros_like(where) + everyone
    if measured is not None:
        share, profit, _, _ = measured_profit(decision, measured)
        shown = np.interp(where, share, profit)
    # Not under the line of the current point, and not on the line of contacting everyone.
    free = (np.abs(where - decision.share) > 0.12) & (np.abs(predicted - everyone) > 1.5 * gap)
    apart = np.where(free, np.abs(predicted - shown), -1.0)
    at = int(apart.argmax())
    above = 1.0 if predicted[at] >= shown[at] else -1.0
    for name, line, over in (("predicted", predicted, above), ("measured", shown, -above)):
        if name == "predicted" or measured is not None:
            # What stands above a line that rises ends at its point, below it begins there; else the reverse.
            rises = 1.0 if line[min(at + 8, 63)] >= line[max(at - 8, 0)] else -1.0
            anchor = "right" if over == rises else "left"
            t.label(drawing, where[at], line[at] + over * gap, name, xanchor=anchor)
    side = "left" if decision.share < 0.7 else "right"
    t.label(
        drawing,
        decision.share,
        span[0],
        f"you are here · {percent(decision.share)}",
        xanchor=side,
        yanchor="bottom",
        xshift=6 if side == "left" else -6,
    )


def profit_finding(decision: Decision) -> str:
    """The chart's title: what it shows."""
    if decision.customers == 0:
        return "There is no one to contact"
    if decision.best_contacts == 0:
        return "No contact pays by the model"
    if decision.best_contacts == decision.customers:
        return "By the model, profit grows to the last customer"
    share = decision.best_contacts / decision.customers
    if decision.measured is None:
        return f"Predicted profit peaks at {percent(share)} of customers"
    return f"Predicted profit peaks at {percent(share)} of customers; solid is what the experiment shows"


def profit_summary(decision: Decision) -> str:
    """The chart in sentences, for those who do not see it."""
    said = [
        f"Profit against the share of customers contacted. At {count(decision.contacts)} contacts "
        f"({percent(decision.share)}) the model predicts {money(decision.predicted.profit)}"
    ]
    if decision.measured is not None:
        said.append(f", the experiment shows {money(decision.measured.value)}, {interval(decision.measured)}")
    said.append(f". Contacting everyone: {money(everyone_profit(decision))}. ")
    said.append(f"The model's best number of contacts is {count(decision.best_contacts)}.")
    return "".join(said)
