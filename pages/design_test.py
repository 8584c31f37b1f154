"""Design a test: how many customers and how large a hold-out show what matters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.chart import as_table, chart, key
from components.decision_box import words_of
from components.design_figure import design_figure, design_finding, design_rows, design_summary
from components.design_form import FIELDS, design_form, effect_unit, lacking, query_of
from components.page import notice, page
from components.rail import Step
from core import advice
from core.errors import SettingError
from core.plan import Plan, Solution
from core.scenario import Scenario
from core.workspace import Workspace
from pages.registration import add_page, in_browser

STEP = Step("/design", "Design a test", "clipboard2-data", main=False)
HEAD = ("Change to detect", "Customers", "Held out")


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, _ = Scenario.from_query(query)
    plan, notices = Plan.from_query(query)
    return page(
        "Design a test",
        scenario,
        html.Div(_words(plan.solved()), id=ids.DESIGN, **aria(live="polite")),
        design_form(plan),
        html.Div(_evidence(plan.solved()), id=ids.DESIGN_EVIDENCE),
        dcc.Store(id=ids.DESIGN_STATE, data=plan.to_query()),
        notices=notices,
    )


def _words(solution: Solution) -> Component:
    return words_of(advice.plan(solution), label="The test")


def _evidence(solution: Solution) -> Component:
    return chart(
        ids.DESIGN_CHART,
        design_figure(solution),
        finding=design_finding(solution),
        how=key(("predicted", "expected, by the normal approximation of the difference of two means")),
        summary=design_summary(solution),
        csv=f"/api/design.csv?{urlencode(solution.plan.to_query())}",
        below=as_table("Customers needed for other changes", HEAD, design_rows(solution)),
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 10, layout, workspace)

    @app.callback(
        Output(ids.DESIGN, "children"),
        Output(ids.DESIGN_EVIDENCE, "children"),
        Output(ids.DESIGN_STATE, "data"),
        Output(ids.design("base-field"), "hidden"),
        Output(ids.design("deviation-field"), "hidden"),
        Output(ids.design("effect-unit"), "children"),
        Input(ids.design("kind"), "value"),
        *(Input(ids.design(name), "value") for name in FIELDS),
        prevent_initial_call=True,
    )
    def answer(kind: str, *numbers: Any) -> tuple[Any, ...]:
        rate, unit = kind == "rate", effect_unit(kind)
        given = dict(zip(FIELDS, numbers, strict=True))
        query, empty = query_of(kind, given), lacking(kind, given)
        if empty:
            return notice(advice.not_given(empty), wrong=True), no_update, no_update, not rate, rate, unit
        try:
            solution = Plan.stated_by(query).solved()
        except SettingError as error:
            said = f"{error} {advice.BEFORE}"
            return notice(said, wrong=True), no_update, no_update, not rate, rate, unit
        return _words(solution), _evidence(solution), query, not rate, rate, unit

    in_browser(
        app,
        "design",
        "write",
        Input(ids.DESIGN_STATE, "data"),
    )
