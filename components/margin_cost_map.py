"""What maps of margin × cost have in common: numbered cells, axes in words, scale, present scenario."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from components import template as t
from components.axis import named, nice_step
from core.advice import money, percent
from core.advice.cost_axis import TITLES, margin_words, tick_words
from core.policy.economics import SensitivityGrid
from core.scenario import Scenario

FloatArray = NDArray[np.float64]


def add_axes(drawing: t.Sketch, grid: SensitivityGrid) -> None:
    """Costs across, margins upwards."""
    drawing.update_xaxes(
        title={"text": TITLES[grid.axis], "standoff": 28},  # below the labels, also where none is above it
        tickangle=0,
        range=[-0.5, grid.costs.size - 0.5],
        **_ticks(grid.costs, partial(tick_words, grid.axis), whole=grid.axis == "factor"),
    )
    drawing.update_yaxes(
        title={"text": "Margin"},
        range=[-0.5, grid.margins.size - 0.5],
        showgrid=False,
        **_ticks(grid.margins, margin_words, most=10),
    )


def add_current(drawing: t.Sketch, scenario: Scenario, grid: SensitivityGrid) -> None:
    """Mark where the scenario stands."""
    drawing.add_scatter(
        x=[float(position(grid.costs, grid.here(scenario.cost)))],
        y=[float(position(grid.margins, scenario.margin))],
        mode="markers",
        uid=t.CURRENT,
        marker={"symbol": "circle", "size": 15, "color": "#ffffff", "line": {"width": 4, "color": t.INK}},
        hoverinfo="skip",
    )


def picked(grid: SensitivityGrid, i: int, j: int, *, margin: bool = True) -> list[object]:
    """Margin and cost that a click on a cell sets; no cost where customers have costs of their own, no margin
    where it would set none.
    """
    cost = float(grid.costs[j]) if grid.axis == "cost" else None
    return [float(grid.margins[i]) if margin else None, cost]


def position(axis: FloatArray, value: FloatArray | float) -> FloatArray:
    """Where a value stands on an axis whose cells are numbered; beyond the ends, straight on."""
    index = np.arange(axis.size, dtype=float)
    value = np.asarray(value, dtype=float)
    if axis.size < 2:
        return np.zeros_like(value)
    inside = np.interp(value, axis, index)
    step = axis[-1] - axis[-2]
    return np.asarray(np.where(value > axis[-1], index[-1] + (value - axis[-1]) / step, inside))


def _ticks(
    axis: FloatArray, words: Callable[[float], str], *, whole: bool = False, most: int = 5
) -> dict[str, object]:
    """Ticks at cells, by default as many as fit a narrow screen. whole: at whole numbers alone."""
    every = max(1, int(np.ceil(axis.size / most)))
    places = np.flatnonzero(axis == np.round(axis)).tolist() if whole else list(range(0, axis.size, every))
    return {**named([float(p) for p in places], lambda p: words(float(axis[int(p)])))}


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
