"""The callbacks of the controls, the same on every page that has them."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State

from components import ids
from components.controls import best_marks, best_offer
from components.decision_box import decision_lines
from core import advice
from core.workspace import Workspace
from pages.registration import in_browser
from pages.situation import situation


def register(app: Dash, workspace: Workspace) -> None:
    """Controls to scenario, scenario to address and links (in the browser); scenario to decision."""
    margin, cost, contacts = ids.MARGIN, ids.COST, ids.CONTACTS
    in_browser(
        app,
        "controls",
        "move",
        [
            Output(ids.SCENARIO, "data"),
            Output(ids.SHOWN, "data"),
            *(
                Output(part(name), "value")
                for name in (margin, cost, contacts)
                for part in (ids.slider, ids.box)
            ),
            Output(ids.box(ids.WORTH), "value"),
        ],
        [
            *(
                Input(part(name), "value")
                for name in (margin, cost, contacts)
                for part in (ids.slider, ids.box)
            ),
            Input(ids.box(ids.WORTH), "value"),
            Input(ids.PICK, "data"),
            Input(ids.BEST_BUTTON, "n_clicks"),
            Input(ids.BEST_NEWS, "data"),
        ],
        [
            State(ids.BEST, "data"),
            State(ids.SCENARIO, "data"),
            State(ids.SHOWN, "data"),
            State(ids.slider(cost), "max"),
            State(ids.slider(contacts), "max"),
        ],
    )
    in_browser(
        app,
        "address",
        "write",
        [Output({"type": "carry", "path": ALL, "where": ALL}, "href")],
        Input(ids.SCENARIO, "data"),
        at_start=True,
    )
    in_browser(app, "controls", "follow", Input(ids.BEST, "data"))
    in_browser(
        app,
        "controls",
        "pick",
        Output(ids.PICK, "data"),
        Input(ids.SENSITIVITY_CHART, "clickData"),
    )

    @app.callback(
        Output(ids.DECISION, "children"),
        Output(ids.BEST, "data"),
        Output(ids.slider(contacts), "marks"),
        Output(ids.BEST_BUTTON, "children"),
        Output(ids.BEST_BUTTON, "hidden"),
        Input(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def decide_again(query: dict[str, str]) -> tuple[Any, ...]:
        here = situation(workspace, query)
        now = here.decision
        said = decision_lines(advice.verdict(now), *here.worth_assumed)
        return said, now.best_contacts, best_marks(now), *best_offer(now)
