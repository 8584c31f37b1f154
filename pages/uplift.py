"""Uplift: whether the ranking finds the customers whom a contact changes, decile by decile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from dash import Dash, Input, Output, html, no_update
from dash.development.base_component import Component

from components import ids
from components.answer_box import answer_box, answer_parts
from components.calibration_figure import calibration_figure, calibration_finding, calibration_summary
from components.chart import chart, key
from components.controls import controls
from components.decile_figure import decile_figure, decile_finding, decile_summary, decile_table
from components.decision_box import decision_box
from components.facts import facts
from components.health_panel import health_panel
from components.leaderboard_panel import leaderboard_panel
from components.page import next_steps, notice
from components.qini_figure import qini_figure, qini_finding, qini_summary
from components.rail import Step
from components.term import term
from components.why_panel import why_panels
from core import advice
from core.estimate import Estimate
from core.uplift.health_report import HealthReport
from core.uplift.learners import LEARNERS
from core.uplift.likeness import Unmeasured
from core.uplift.why import Why
from core.workspace import Workspace
from pages.registration import add_page
from pages.situation import Situation, result_page, situation, unheeded

STEP = Step("/uplift", "Uplift", "bar-chart-steps")


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Uplift", "measure whom a contact changes", _parts)


def _parts(now: Situation) -> list[Any]:
    return [
        *unheeded(now),
        decision_box(advice.verdict(now.decision)),
        controls(now.decision, binary=now.binary),
        *_measured(now),
        *_board(now),
        *_why(now),
        _model(now),
        next_steps(
            now.scenario,
            ("/profit", "Profit", "How many to contact, and what it earns"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
        ),
    ]


def _measured(now: Situation) -> list[Any]:
    measured = now.scored.measured()
    if measured is None:
        return [_withheld(now)]
    scenario, binary = now.scenario, now.scored.meta.binary
    curve, judged, table = measured.curve, _ranking(now), measured.deciles
    parts: list[Any] = [
        answer_box(measured.verdict(scenario.margin, scenario.cost, scenario.value), *now.worth_assumed),
        _deciles(now, table),
    ]
    if judged["slope"] is None:  # one score for all: there is no ranking to draw
        return parts
    parts.append(
        chart(
            ids.QINI_CHART,
            qini_figure(curve, binary=binary),
            finding=qini_finding(judged["qini"]),
            how=key(
                (
                    "",
                    [
                        term("measured", "Measured"),
                        " gain of the best, its 90 % band for the whole curve",
                    ],
                ),
                ("everyone", ["as many at random; ", term("Qini"), " is the area between"]),
            ),
            summary=qini_summary(curve, binary=binary),
            csv=("/api/gain.csv", now.scenario),
        )
    )
    parts.append(
        chart(
            ids.CALIBRATION_CHART,
            calibration_figure(table, binary=binary),
            finding=calibration_finding(judged["slope"]),
            how=key(
                ("dot", [term("measured", "Measured"), " by ", term("decile"), ", with its 90 % interval"]),
                ("predicted", "where measured is as predicted"),
            ),
            summary=calibration_summary(table, binary=binary),
            csv=("/api/deciles.csv", now.scenario),
        )
    )
    return parts


def _withheld(now: Situation) -> Component:
    record = now.scored.record("health")
    if record and record["blocked"]:
        report = HealthReport.from_dict(record)
        return html.Div([notice(advice.WITHHELD, wrong=True), health_panel(report)], className="stack")
    return notice("This model keeps no customers to measure on, so its uplift cannot be measured here.")


def _ranking(now: Situation) -> dict[str, Estimate | None]:
    """Qini and calibration slope as they were measured when the model was trained."""
    record = now.scored.record("evaluation") or {}
    found = record.get("ranking", {})
    return {
        name: Estimate(**found[name]) if found.get(name) and found[name]["value"] is not None else None
        for name in ("qini", "slope")
    }


def _deciles(now: Situation, table: pd.DataFrame) -> Component:
    binary = now.scored.meta.binary
    finding = decile_finding(table, binary=binary)
    if np.ptp(table["predicted_uplift"]) == 0:
        finding = "The model predicts the same uplift for every customer"
    return chart(
        ids.DECILE_CHART,
        decile_figure(table, binary=binary),
        finding=finding,
        how=key(
            (
                "dot",
                [
                    term("measured", "Measured"),
                    " on customers the model had not seen, with its 90 % ",
                    term("interval"),
                ],
            ),
            ("predicted", [term("predicted", "Predicted"), " by the model, by ", term("decile")]),
        ),
        summary=decile_summary(table, binary=binary),
        csv=("/api/deciles.csv", now.scenario),
        below=decile_table(table, binary=binary),
    )


def _measured_on(now: Situation) -> str:
    meta = now.scored.meta
    unmeasured: Unmeasured = "" if now.scored.curve is not None else "blocked"  # of the campaign itself
    return advice.measured_on(meta.n_test, held_out=bool(meta.test_size), unmeasured=unmeasured)


def _board(now: Situation) -> list[Any]:
    board = now.scored.leaderboard()
    return [leaderboard_panel(board)] if board is not None else []


def _why(now: Situation) -> list[Any]:
    record = now.scored.record("why")
    return why_panels(Why.from_dict(record), binary=now.scored.meta.binary) if record else []


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
                ("Measured on", _measured_on(now)),
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

    @app.callback(Output(ids.ANSWER, "children"), Input(ids.SCENARIO, "data"), prevent_initial_call=True)
    def answer_again(query: dict[str, str]) -> Any:
        scored, scenario = (now := situation(workspace, query)).scored, now.scenario
        measured = scored.measured()
        if measured is None:
            return no_update
        found = measured.verdict(scenario.margin, scenario.cost, scenario.value)
        return answer_parts(found, *now.worth_assumed)
