"""Links between pages; a carrying link takes the scenario that the controls show at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from components import ids
from core.scenario import Scenario


def carrying(
    children: Any, path: str, where: str, scenario: Scenario | None = None, **props: Any
) -> dcc.Link:
    """A link to `path` with the current controls; it starts with `scenario` and is kept up to date."""
    query = f"?{scenario.query_string()}" if scenario else ""
    return dcc.Link(children, href=path + query, id=ids.carry(path, where), **props)


def download(children: Any, path: str, where: str, scenario: Scenario, **props: Any) -> html.A:
    """A file of the current scenario, made by the server when it is asked for."""
    return html.A(
        children, href=f"{path}?{scenario.query_string()}", id=ids.carry(path, where), download="", **props
    )


def plain_link(children: Any, path: str, query: Mapping[str, str], **props: Any) -> dcc.Link:
    """A link to `path` with a query of its own, whatever the controls show."""
    return dcc.Link(children, href=f"{path}?{urlencode(query)}", **props)
