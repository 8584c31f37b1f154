"""Uplift: whether the ranking finds the customers whom a contact changes, decile by decile."""

from __future__ import annotations

from typing import Any

from dash import Dash, html
from dash.development.base_component import Component

from components import ids
from components.chart import chart, key
from components.controls import controls
from components.decile_figure import decile_figure, decile_finding, decile_summary, decile_table
from components.decision_box import decision_box
from components.facts import facts
from components.page import next_steps, notice
from components.rail import Step
from components.term import term
from core import advice
from core.uplift.deciles import deciles
from core.uplift.learners import LEARNERS
from core.workspace import Workspace
from pages.registration import add_page
from pages.situation import Situation, result_page

STEP = Step("/uplift", "Uplift", "bar-chart-steps")


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Uplift", "measure whom a contact changes", _parts)


def _parts(now: Situation) -> list[Any]:
    return [
        decision_box(advice.verdict(now.decision)),
        controls(now.decision),
        *_deciles(now),
        _model(now),
        next_steps(
            now.scenario,
            ("/profit", "Profit", "How many to contact, and what it earns"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
        ),
    ]


def _deciles(now: Situation) -> list[Any]:
    evidence = now.scored.evidence()
    if evidence is None:
        return [notice("This model keeps no held-out customers, so its uplift cannot be measured here.")]
    table, binary = deciles(evidence), now.scored.meta.binary
    return [
        chart(
            ids.DECILE_CHART,
            decile_figure(table, binary=binary),
            finding=decile_finding(table, binary=binary),
            how=key(
                (
                    "dot",
                    [
                        term("measured", "Measured"),
                        " on customers held out, with its 90 % ",
                        term("interval"),
                    ],
                ),
                ("predicted", [term("predicted", "Predicted"), " by the model, by ", term("decile")]),
            ),
            summary=decile_summary(table, binary=binary),
            csv=("/api/deciles.csv", now.scenario),
            below=decile_table(table, binary=binary),
        )
    ]


def _model(now: Situation) -> html.Section:
    meta = now.scored.meta
    info = LEARNERS.get(meta.learner)
    caution = f" It {info.caution}: go by the measured figures." if info and info.caution else ""
    left_out = [html.Li([html.B(c.column), f": {c.reason}"]) for c in meta.left_out]
    return html.Section(
        [
            html.H2("What this rests on"),
            facts(
                ("Model", info.title if info else meta.learner),
                ("Learnt from", f"{advice.count(meta.n_train)} customers"),
                ("Measured on", f"{advice.count(meta.n_test)} customers held out"),
                ("Outcome", meta.outcome),
                ("Control group", meta.control),
                ("Contacted", ", ".join(meta.arms[1:])),
            ),
            html.P(caution) if caution else None,
            html.Div([html.P("Columns left out of the model:"), html.Ul(left_out)]) if left_out else None,
        ],
        className="panel stack",
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 3, layout, workspace)
