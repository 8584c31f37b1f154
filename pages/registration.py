"""The two calls of Dash that carry no types, typed here once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dash
from dash import ClientsideFunction, Dash, html
from dash.development.base_component import Component

from components.rail import Step
from core.workspace import Workspace


def add_page(
    module: str, step: Step, order: int, layout: Callable[..., Component], workspace: Workspace
) -> None:
    """Register a page; its layout is called with the workspace and the URL's query. order: its own."""
    title = "Persuadable" if step.path == "/" else f"{step.name} · Persuadable"
    dash.register_page(  # type: ignore[no-untyped-call]
        module,
        path=step.path,
        name=step.name,
        title=title,
        order=order,
        layout=lambda **query: _in_its_place(order, layout(workspace, **query)),
    )


def _in_its_place(order: int, content: Component) -> html.Div:
    """No two pages put anything at the same place of the tree.

    Dash knows what is being loaded by its place there: after a page was left before an answer came, what
    stood at the same place of the next page counted as loading until then.
    """
    return html.Div([*([None] * order), content])


def in_browser(app: Dash, room: str, name: str, *arguments: Any, at_start: bool = False) -> None:
    """A callback that `room.name` of assets/*.js answers. at_start: also when the page appears."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(room, name), *arguments, prevent_initial_call=not at_start
    )
