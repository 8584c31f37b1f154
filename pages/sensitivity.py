"""Sensitivity: what the decision earns where margin or cost turn out otherwise."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.chart import chart, key
from components.controls import controls
from components.decision_box import decision_box
from components.page import next_steps
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
from core.packs.pack import grid_axes
from core.policy.economics import SensitivityGrid, sensitivity
from core.workspace import Workspace
from pages.registration import add_page
from pages.situation import Situation, result_page, situation, unheeded

STEP = Step("/sensitivity", "Sensitivity", "grid-3x3")


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(
        workspace, query, "Sensitivity", "test the decision against other margins and costs", _parts
    )


def _parts(now: Situation) -> list[Any]:
    sketch, finding, summary = _drawn(now, "list")
    return [
        *unheeded(now),
        decision_box(advice.verdict(now.decision)),
        controls(now.decision),
        html.Div(
            [
                html.Span("Show", id="view-label", className="small fw-semibold"),
                dbc.RadioItems(
                    [{"label": words, "value": view} for view, words in VIEWS.items()],
                    value="list",
                    id=ids.SENSITIVITY_VIEW,
                    className="segments",
                    inline=True,
                ),
            ],
            className="row-of no-print",
            role="group",
            **aria(labelledby="view-label"),
        ),
        chart(
            ids.SENSITIVITY_CHART,
            sketch.finished(),
            finding=finding,
            how=[
                "Click a cell to move margin and cost there. Blue earns, orange loses, zero is white.",
                key(
                    ("", [term("break-even", "Break-even"), " measured"]),
                    ("predicted", "break-even by the model"),
                    ("ring", "you are here"),
                ),
            ],
            summary=summary,
            csv=("/api/sensitivity.csv", now.scenario),
            className="pick",
        ),
        next_steps(
            now.scenario,
            ("/profit", "Profit", "How many to contact, and what it earns"),
            ("/policy", "Policy", "The best plan within a budget and other conditions"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
        ),
    ]


def _drawn(now: Situation, view: View) -> tuple[Sketch, str, str]:
    grid, curve = _grid(now), now.scored.curve
    return (
        sensitivity_sketch(now.decision, grid, curve, view),
        unbroken(sensitivity_finding(now.decision, grid, curve, view)),
        sensitivity_summary(now.decision, grid, curve, view),
    )


def _grid(now: Situation) -> SensitivityGrid:
    margins, costs = grid_axes(now.scenario)
    return sensitivity(now.scored.ranked, margins, costs, now.scenario.value)


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 5, layout, workspace)

    @app.callback(
        Output(ids.SENSITIVITY_CHART, "figure"),
        Output(ids.finding(ids.SENSITIVITY_CHART), "children"),
        Output(ids.summary(ids.SENSITIVITY_CHART), "children"),
        Input(ids.SCENARIO, "data"),
        Input(ids.SENSITIVITY_VIEW, "value"),
        prevent_initial_call=True,
    )
    def draw(query: dict[str, str], view: View) -> tuple[Any, ...]:
        sketch, *words = _drawn(situation(workspace, query), view if view in VIEWS else "list")
        return sketch.plain(), *words
