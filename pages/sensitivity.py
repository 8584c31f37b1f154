"""Sensitivity: what the decision earns where margin or cost turn out otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.chart import chart, key
from components.controls import controls
from components.decision_box import decision_box
from components.page import next_steps, notice
from components.rail import Step
from components.sensitivity_figure import (
    VIEWS,
    View,
    sensitivity_finding,
    sensitivity_sketch,
    sensitivity_summary,
)
from components.template import Sketch
from components.term import term
from components.words import unbroken
from core import advice
from core.advice.cost_axis import CLICK, PREDICTED_ONLY, WAYS
from core.chart_tables import sensitivity_grid
from core.conditions import heeded
from core.own_costs import has_own_costs, own_costs
from core.policy.economics import CostAxis
from core.scenario import chosen
from core.workspace import Workspace
from pages.registration import add_page, in_browser
from pages.situation import Situation, result_page, situation, unheeded

STEP = Step("/sensitivity", "Sensitivity", "grid-3x3")
ALIKE: CostAxis = "cost"
"""How costs vary where no customer has costs of their own."""


def layout(workspace: Workspace, /, **query: str) -> Component:
    build = partial(_parts, query=query)
    return result_page(
        workspace, query, "Sensitivity", "test the decision against other margins and costs", build
    )


def _parts(now: Situation, query: Mapping[str, str]) -> list[Any]:
    own = has_own_costs(now.scored)
    view, unknown = chosen(query, "view", VIEWS)
    across, more = chosen(query, "across", WAYS) if own else (ALIKE, ())
    return [
        *(notice(text) for text in (*unknown, *more)),
        *(_heeded(now) if own else unheeded(now)),
        decision_box(advice.verdict(now.decision), *now.worth_assumed),
        controls(now.decision, binary=now.binary),
        html.Div(
            [
                _segments(ids.SENSITIVITY_VIEW, "Show", VIEWS, view),
                *([_segments(ids.SENSITIVITY_AXIS, "Across", WAYS, across)] if own else []),
            ],
            className="row-of no-print",
        ),
        html.Div(_map(now, view, across), id=ids.SENSITIVITY_MAP),
        next_steps(
            now.scenario,
            ("/profit", "Profit", "How many to contact, and what it earns"),
            ("/policy", "Policy", "The best plan within a budget and other conditions"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
        ),
    ]


def _heeded(now: Situation) -> list[Component]:
    return [notice(advice.own_costs_heeded(heeded(now.scored.data.columns)))]


def _segments(id: str, name: str, choices: Mapping[Any, str], chosen: str) -> Component:
    """One of a few, as buttons in a row."""
    return html.Div(
        [
            html.Span(name, id=f"{id}-label", className="small fw-semibold"),
            dbc.RadioItems(
                [{"label": words, "value": value} for value, words in choices.items()],
                value=chosen,
                id=id,
                className="segments",
                inline=True,
            ),
        ],
        className="row-of",
        role="group",
        **aria(labelledby=f"{id}-label"),
    )


def _map(now: Situation, view: View, axis: CostAxis) -> Component:
    """The chart, with what is said of it where the costs vary in that way."""
    sketch, finding, summary = _drawn(now, view, axis)
    alike = axis == ALIKE
    measured = alike and now.scored.proof is not None
    name = "sensitivity" if alike else f"sensitivity_{axis}"
    return chart(
        ids.SENSITIVITY_CHART,
        sketch.finished(),
        finding=finding,
        how=[
            f"{CLICK[axis]} Blue earns, orange loses, zero is white.",
            *([] if alike else [f" {PREDICTED_ONLY}"]),
            key(
                *([("", [term("break-even", "Break-even"), " measured"])] if measured else []),
                ("predicted", "break-even by the model"),
                ("ring", "you are here"),
            ),
        ],
        summary=summary,
        csv=(f"/api/{name}.csv", now.scenario),
        className="pick",
    )


def _drawn(now: Situation, view: View, axis: CostAxis) -> tuple[Sketch, str, str]:
    decision, curve = now.decision, now.scored.proof
    if axis != "cost":
        decision, curve = own_costs(now.scored).decided(decision), None
    grid = sensitivity_grid(now.scored, now.scenario, axis)
    return (
        sensitivity_sketch(decision, grid, curve, view),
        unbroken(sensitivity_finding(decision, grid, curve, view)),
        sensitivity_summary(decision, grid, curve, view),
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 5, layout, workspace)
    in_browser(
        app,
        "address",
        "looked_at",
        Input(ids.SENSITIVITY_VIEW, "value"),
        Input(ids.SENSITIVITY_AXIS, "value", allow_optional=True),
    )

    @app.callback(
        Output(ids.SENSITIVITY_CHART, "figure"),
        Output(ids.finding(ids.SENSITIVITY_CHART), "children"),
        Output(ids.summary(ids.SENSITIVITY_CHART), "children"),
        Input(ids.SCENARIO, "data"),
        Input(ids.SENSITIVITY_VIEW, "value"),
        State(ids.SENSITIVITY_AXIS, "value", allow_optional=True),
        prevent_initial_call=True,
    )
    def draw(query: dict[str, str], view: View, axis: CostAxis | None) -> tuple[Any, ...]:
        now = situation(workspace, query)
        sketch, *words = _drawn(now, view if view in VIEWS else "list", axis if axis in WAYS else "cost")
        return sketch.plain(), *words

    @app.callback(
        Output(ids.SENSITIVITY_MAP, "children"),
        Input(ids.SENSITIVITY_AXIS, "value"),
        State(ids.SENSITIVITY_VIEW, "value"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def vary(axis: CostAxis, view: View, query: dict[str, str]) -> Component:
        return _map(situation(workspace, query), view if view in VIEWS else "list", axis)
