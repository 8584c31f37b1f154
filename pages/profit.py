"""Profit: how many to contact, what it earns, and against whom that compares."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output
from dash.development.base_component import Component

from components import ids
from components.chart import chart, key
from components.controls import controls
from components.decision_box import decision_box
from components.page import next_steps
from components.paper import print_button
from components.profit_figure import POINTS, profit_finding, profit_sketch, profit_summary
from components.rail import Step
from components.template import Sketch
from components.term import term
from components.words import unbroken
from core import advice
from core.policy.economics import profit_curve
from core.workspace import Workspace
from pages.registration import add_page
from pages.situation import Situation, result_page, situation, unheeded

STEP = Step("/profit", "Profit", "graph-up-arrow")


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Profit", "show what contacting the best customers earns", _parts)


def _parts(now: Situation) -> list[Any]:
    return [
        *unheeded(now),
        decision_box(advice.verdict(now.decision), *now.worth_assumed),
        controls(now.decision, binary=now.binary),
        chart(
            ids.PROFIT_CHART,
            _sketch(now).finished(),
            finding=profit_finding(now.decision),
            how=_how(now),
            summary=profit_summary(now.decision),
            csv=("/api/curve.csv", now.scenario),
        ),
        print_button(),
        next_steps(
            now.scenario,
            ("/uplift", "Uplift", "Why these customers: uplift by decile"),
            ("/sensitivity", "Sensitivity", "What if margin or cost turn out otherwise"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
            ("/compare", "Compare", "Compare with another scenario"),
        ),
    ]


def _sketch(now: Situation) -> Sketch:
    scenario = now.scenario
    curve = profit_curve(now.scored.ranked, scenario.margin, scenario.cost, scenario.value, POINTS)
    return profit_sketch(now.decision, curve, now.scored.proof)


def _how(now: Situation) -> Any:
    lines = [("predicted", [term("predicted", "Predicted"), " by the model"])]
    if now.scored.proof is not None:
        words = " on the experiment, with its 90 % band for the whole curve"
        lines.insert(0, ("", [term("measured", "Measured"), words]))
    return key(*lines, ("everyone labelled", "Contact everyone"))


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 4, layout, workspace)

    @app.callback(
        Output(ids.PROFIT_CHART, "figure"),
        Output(ids.finding(ids.PROFIT_CHART), "children"),
        Output(ids.summary(ids.PROFIT_CHART), "children"),
        Input(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def draw(query: dict[str, str]) -> tuple[Any, ...]:
        now = situation(workspace, query)
        return _sketch(now).plain(), unbroken(profit_finding(now.decision)), profit_summary(now.decision)
