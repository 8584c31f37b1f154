"""What maps of margin × cost have in common: numbered cells, axes in words, scale, present scenario."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from components import template as t
from components.axis import named, nice_step
from core.advice import money, percent
from core.policy.economics import SensitivityGrid
from core.scenario import Scenario

FloatArray = NDArray[np.float64]


def add_axes(drawing: t.Sketch, grid: SensitivityGrid) -> None:
    """Costs across, margins upwards."""
    drawing.update_xaxes(
        title={"text": "Cost per contact", "standoff": 28},  # below the labels, also where none is above it
        tickangle=0,
        range=[-0.5, grid.costs.size - 0.5],
        **_ticks(grid.costs, cost_words),
    )
    drawing.update_yaxes(
        title={"text": "Margin"},
        range=[-0.5, grid.margins.size - 0.5],
        showgrid=False,
        **_ticks(grid.margins, margin_words),
    )


def add_current(drawing: t.Sketch, scenario: Scenario, grid: SensitivityGrid) -> None:
    """Mark where the scenario stands."""
    drawing.add_scatter(
        x=[float(position(grid.costs, scenario.cost))],
        y=[float(position(grid.margins, scenario.margin))],
        mode="markers",
        uid=t.CURRENT,
        marker={"symbol": "circle", "size": 15, "color": "#ffffff", "line": {"width": 4, "color": t.INK}},
        hoverinfo="skip",
    )


def position(axis: FloatArray, value: FloatArray | float) -> FloatArray:
    """Where a value stands on an axis whose cells are numbered; beyond the ends, straight on."""
    index = np.arange(axis.size, dtype=float)
    value = np.asarray(value, dtype=float)
    if axis.size < 2:
        return np.zeros_like(value)
    inside = np.interp(value, axis, index)
    step = axis[-1] - axis[-2]
    return np.asarray(np.where(value > axis[-1], index[-1] + (value - axis[-1]) / step, inside))


def _ticks(axis: FloatArray, words: Callable[[float], str]) -> dict[str, object]:
    """At most five ticks, at cells, so that they fit a narrow screen."""
    every = max(1, int(np.ceil(axis.size / 5)))
    places = list(range(0, axis.size, every))
    return {**named([float(p) for p in places], lambda p: words(float(axis[int(p)])))}


def margin_words(value: float) -> str:
    """A margin, with a digit only where it has one."""
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1)


def cost_words(value: float) -> str:
    """A cost of a contact, to a tenth of a cent where it is small."""
    if 0 < value < 0.1 and abs(value * 100 - round(value * 100)) > 1e-6:
        return money(1, cents=False).replace("1", f"{value:.3f}")
    return money(value, cents=True)


def colorbar(low: float, high: float, *, share: bool = False) -> dict[str, object]:
    """The scale above a map, in money or (share) in percent."""
    # Round numbers inside the ends, so that no label is cut off on a narrow screen.
    edge = nice_step(0.45 * high, 1)
    places = [0.15, 0.5, 0.85] if share else [-edge, 0.0, edge]
    return {
        "orientation": "h",
        "thickness": 8,
        "outlinewidth": 0,
        "len": 1.0,
        "y": 1.01,
        "yanchor": "bottom",
        "ticklabelposition": "outside top",
        "ticklabeloverflow": "hide past domain",
        **named(places, (lambda v: percent(v, 0)) if share else money),
    }
