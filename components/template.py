"""One Plotly template for every chart. It draws for paper; assets/theme.css re-inks it for light and dark.

Traces whose `uid` is one of the roles below take their colour from the theme: measured is always solid and
dark, predicted always dashed in the accent.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import plotly.graph_objects as go

INK = "#1b1f24"
INK_SOFT = "#565d66"
LINE = "#e6e6e2"
ACCENT = "#4338ca"
BAND = "rgba(27, 31, 36, 0.13)"

MEASURED, PREDICTED, UPPER, BAND_UID, EVERYONE, CURRENT, BEST = (
    "measured",
    "predicted",
    "upper",
    "band",
    "everyone",
    "current",
    "best",
)

# Vermilion - near white - blue (after Okabe & Ito): safe for the colour-blind, the middle is zero.
DIVERGING = [[0.0, "#b84300"], [0.25, "#ea9a6b"], [0.5, "#f4f3ee"], [0.75, "#7fb4dc"], [1.0, "#00538c"]]
SEQUENTIAL = [[0.0, "#f4f3ee"], [0.5, "#7fb4dc"], [1.0, "#00538c"]]

FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif'
_AXIS = {
    "gridcolor": LINE,
    "linecolor": LINE,
    "zeroline": False,
    "ticks": "",
    "automargin": True,
    "fixedrange": True,
    "title": {"font": {"size": 13, "color": INK_SOFT}, "standoff": 12},
    "tickfont": {"size": 13, "color": INK_SOFT},
}

TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": INK},
        "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": INK,
            "bordercolor": INK,
            "font": {"color": "#ffffff", "size": 13},
            "align": "left",
        },
        "xaxis": {**_AXIS, "showgrid": False},
        "yaxis": _AXIS,
        "modebar": {"bgcolor": "rgba(0,0,0,0)"},
        "separators": ".,",
    }
)


_PLAIN_TEMPLATE = TEMPLATE.to_plotly_json()


def figure(height: int = 400) -> go.Figure:
    """An empty figure in the house's template."""
    drawing = go.Figure()
    drawing.update_layout(template=TEMPLATE, height=height)
    return drawing


class Sketch:
    """A figure in the making, by the methods of go.Figure, for a chart that follows a slider.

    go.Figure checks and copies all that it holds with every addition: three quarters of the time of an
    answer. Here Plotly checks once, when `finished`, or not at all: `plain` is what a browser takes.
    """

    def __init__(self, height: int = 400) -> None:
        self._traces: list[dict[str, Any]] = []
        self._layout: dict[str, Any] = {"template": TEMPLATE, "height": height}
        self._layout |= {"shapes": [], "annotations": []}

    def add_scatter(self, **trace: Any) -> None:
        self._traces.append({"type": "scatter", **trace})

    def add_heatmap(self, **trace: Any) -> None:
        self._traces.append({"type": "heatmap", **trace})

    def add_shape(self, **shape: Any) -> None:
        self._layout["shapes"].append(shape)

    def add_annotation(self, **annotation: Any) -> None:
        self._layout["annotations"].append(annotation)

    def update_xaxes(self, **axis: Any) -> None:
        self._layout["xaxis"] = self._layout.get("xaxis", {}) | axis

    def update_yaxes(self, **axis: Any) -> None:
        self._layout["yaxis"] = self._layout.get("yaxis", {}) | axis

    def update_layout(self, **layout: Any) -> None:
        self._layout |= layout

    def finished(self) -> go.Figure:
        """The figure, checked by Plotly."""
        return go.Figure(self._traces, self._layout)

    def plain(self) -> dict[str, Any]:
        """The figure as JSON takes it, unchecked; numbers as typed arrays."""
        traces = [{name: _packed(value) for name, value in trace.items()} for trace in self._traces]
        return {"data": traces, "layout": self._layout | {"template": _PLAIN_TEMPLATE}}


def _packed(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim > 1 or not np.issubdtype(value.dtype, np.floating):
        return value.tolist()
    return {"dtype": "f8", "bdata": base64.b64encode(value.astype("<f8").tobytes()).decode("ascii")}


def line(
    drawing: go.Figure | Sketch, *, x: float | None = None, y: float | None = None, dash: str = "solid"
) -> None:
    """A line across the whole plot at one x or y; add_hline does the same at fifty times the cost."""
    along = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain"} if y is None else {}
    across = {"y0": y, "y1": y, "x0": 0, "x1": 1, "xref": "x domain"} if y is not None else {}
    style = {"color": INK_SOFT, "width": 1, "dash": dash}
    drawing.add_shape(**{"type": "line", "line": style, **along, **across})


def label(drawing: go.Figure | Sketch, x: float, y: float, text: str, **place: object) -> None:
    """A direct label at a point of the data."""
    drawing.add_annotation(
        **{"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 13, "color": INK}, **place}
    )
