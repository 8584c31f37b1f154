"""The page of an address that leads nowhere; Dash finds it by its name."""

from __future__ import annotations

from dash import Dash
from dash.development.base_component import Component

from components.empty import not_found
from components.page import page
from components.rail import Step
from core.scenario import Scenario
from core.workspace import Workspace
from pages.registration import add_page

STEP = Step("/404", "Not found", "signpost-split")


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, _ = Scenario.from_query(query)
    return page("Not found", scenario, not_found(), heading=False)


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 99, layout, workspace)
