"""The frame around every page: skip link, rail, bar, the page itself, and what must outlive a page change."""

from __future__ import annotations

from typing import Any

import dash
from dash import dcc, html

from components import ids
from components.aria import aria, marks
from components.glossary import glossary
from components.icons import icon
from components.paper import paper
from components.rail import Step, rail
from components.topbar import topbar
from core.advice import connection as words

INDEX = """<!DOCTYPE html>
<html lang="en" data-bs-theme="light">
<head>
{%metas%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{%title%}</title>
{%favicon%}
<script>
(function () {
  var kept = null;
  try { kept = localStorage.getItem("persuadable-theme"); } catch (e) {}
  var dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
</script>
{%css%}
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>
"""
"""The document of the app (`index_string`). The theme is set before the first paint, so it never flashes."""


def shell(steps: tuple[Step, ...]) -> html.Div:
    """The layout of the app; the pages appear in its container."""
    return html.Div(
        [
            html.A("Skip to the content", href="#content", className="skip"),
            html.Div(
                [
                    rail(steps),
                    html.Div(
                        [
                            topbar(),
                            html.Div(id=ids.FAULT, className="notice wrong", role="alert"),
                            html.Div(  # filled by assets/connection.js alone
                                id=ids.AWAY,
                                className="notice wrong no-print",
                                role="alert",
                                **marks(words=words.AWAY, back=words.BACK),
                            ),
                            html.Main(dash.page_container, id="content", className="content", tabIndex=-1),
                            paper(),
                        ],
                        className="beside",
                    ),
                ],
                className="frame",
            ),
            _foot(),
            glossary(),
            html.Div(id=ids.ANNOUNCE, className="visually-hidden", role="status", **aria(live="polite")),
            *_kept(),
        ]
    )


def _foot() -> html.Div:
    """On a narrow screen: the rail and the controls behind a button each."""
    return html.Div(
        [
            html.Div(className="scrim", id="scrim"),
            html.Div(
                [
                    _sheet_button("Steps", "list", ids.SHEET_RAIL, "rail"),
                    _sheet_button("Adjust", "sliders", ids.SHEET_CONTROLS, "controls", "for-controls"),
                ],
                className="foot",
            ),
        ],
        className="no-print",
    )


def _sheet_button(words: str, picture: str, id: str, opens: str, className: str = "") -> html.Button:
    return html.Button(
        [icon(picture), words],
        id=id,
        className=f"btn btn-quiet {className}".strip(),
        **aria(expanded="false", controls=opens),
        **marks(opens=opens),
    )


def _kept() -> list[Any]:
    return [
        dcc.Store(id=ids.MY_JOBS, storage_type="local", data=[]),
        dcc.Store(id=ids.RECENT, storage_type="local", data=[]),
        dcc.Store(id=ids.START_JOB),
        dcc.Store(id=ids.FINISHED),
        dcc.Store(id=ids.JOBS_SHOWN),
        dcc.Location(id=ids.GO, refresh="callback-nav"),
        dcc.Interval(id=ids.JOBS_TICK, interval=1000),
    ]
