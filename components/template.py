"""One Plotly template for every chart. It draws for paper; assets/theme.css re-inks it for light and dark.

Traces whose `uid` is one of the roles below take their colour from the theme: measured is always solid and
dark, predicted always dashed in the accent.
"""

from __future__ import annotations

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


def figure(height: int = 400) -> go.Figure:
    """An empty figure in the house's template."""
    drawing = go.Figure()
    drawing.update_layout(template=TEMPLATE, height=height)
    return drawing


def line(drawing: go.Figure, *, x: float | None = None, y: float | None = None, dash: str = "solid") -> None:
    """A line across the whole plot at one x or y; add_hline does the same at fifty times the cost."""
    along = {"x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain"} if y is None else {}
    across = {"y0": y, "y1": y, "x0": 0, "x1": 1, "xref": "x domain"} if y is not None else {}
    style = {"color": INK_SOFT, "width": 1, "dash": dash}
    drawing.add_shape(**{"type": "line", "line": style, **along, **across})


def label(drawing: go.Figure, x: float, y: float, text: str, **place: object) -> None:
    """A direct label at a point of the data."""
    drawing.add_annotation(
        **{"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 13, "color": INK}, **place}
    )
