"""CLV: from a file of orders to each customer's value, with the checks that make it believable."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import clv_tables as tables
from components import ids
from components.chart import chart, key
from components.clv_alive_map import alive_figure, alive_finding, alive_summary
from components.clv_form import NONE, ROLES, SETTINGS, clv_form
from components.clv_frequency import (
    frequency_figure,
    frequency_finding,
    frequency_summary,
    frequency_table,
)
from components.clv_tracking import tracking_figure, tracking_finding, tracking_summary, tracking_table
from components.clv_values import values_figure, values_finding, values_summary
from components.decision_box import decision_box
from components.icons import icon
from components.page import notice, page
from components.preview import preview
from components.rail import Step
from components.upload_box import upload_box
from core.clv import words
from core.clv.alive_map import alive_map
from core.clv.results import Result, load
from core.clv.tiers import tiers_by_uplift
from core.clv.transaction_roles import propose
from core.data.store import DataSet
from core.errors import DataError, PersuadableError
from core.scenario import Scenario
from core.workspace import Workspace
from pages import work
from pages.registration import add_page
from pages.situation import reason

STEP = Step("/clv", "CLV", "cash-coin", main=False)


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, notices = Scenario.from_query(query)
    try:
        parts = _parts(workspace, scenario, query)
    except Exception as error:
        parts = [*reason(error), _begin(workspace)]
    return page("Customer value", scenario, *parts, notices=notices)


def _parts(workspace: Workspace, scenario: Scenario, query: dict[str, str]) -> list[Any]:
    if query.get("result"):
        return [
            *_result(workspace, scenario, load(workspace.settings, query["result"])),
            _begin(workspace, again=True),
        ]
    if query.get("orders"):
        return [
            *_orders(workspace, workspace.data.get(query["orders"])),
            _begin(workspace, again=True),
        ]
    return [_opening(), work.area("clv"), _begin(workspace)]


def _opening() -> html.Section:
    return html.Section(
        [
            html.H2(
                "Learn from past orders who will come back, how often, and what that is worth.",
                className="headline",
            ),
            html.P(
                "Give it a file with a line per order: customer, day, amount. It cleans the lines and says "
                "what it left out, fits a model of how customers order and leave, checks it on days it had "
                "not seen, and hands over every customer's expected orders and value.",
                className="muted",
            ),
            html.Div(
                [
                    html.Button(
                        [icon("play-fill"), "Try CDNOW"], id=ids.CLV_CDNOW, className="btn btn-primary"
                    ),
                    html.Button(
                        [icon("play-fill"), "Try Online Retail II"],
                        id=ids.CLV_RETAIL,
                        className="btn btn-quiet",
                    ),
                ],
                className="actions",
            ),
        ],
        className="stack",
    )


def _begin(workspace: Workspace, *, again: bool = False) -> html.Section:
    return html.Section(
        [
            html.H2("Other orders" if again else "Your orders", className="h-section"),
            upload_box(
                workspace.settings.max_upload_mb,
                template="/api/orders-template.csv",
                what="orders",
                row="order line",
                hint="customer, day and amount of every order.",
            ),
            html.Div(id=ids.UPLOADED),
        ],
        className="stack",
    )


def _orders(workspace: Workspace, data: DataSet) -> list[Any]:
    columns = list(data.columns)
    try:
        roles = propose(columns)
    except DataError:
        roles = None
    return [
        html.H2(data.name, className="headline"),
        clv_form(columns, roles),
        work.area("clv"),
        preview(workspace.data.first(data.id, 5)),
    ]


def _result(workspace: Workspace, scenario: Scenario, found: Result) -> list[Any]:
    report, validation = found.report, found.report["validation"]
    customers = found.customers()
    parts: list[Any] = [decision_box(words.verdict(report)), _take_away(found)]
    parts.append(tables.doubts(report["notes"]))
    if validation:
        parts += _check(validation, found.fit.model)
    parts += [_alive(found, customers), _spread(found, customers), tables.top_customers(customers)]
    both = _tiers(workspace, scenario, customers)
    parts += [
        both,
        tables.model_card(report["model"]),
        tables.model_card(report["spend_model"]) if report["spend_model"] else None,
        tables.lifetimes_table(report["lifetimes"]),
        tables.ledger_table(report["cleaning"]),
    ]
    return parts


def _take_away(found: Result) -> html.Div:
    return html.Div(
        [
            html.A(
                [icon("filetype-csv"), "Every customer as CSV"],
                href=f"/api/clv/{found.id}/customers.csv",
                download="customer_values.csv",
                className="btn btn-primary",
            ),
            html.A(
                [icon("filetype-json"), "The findings as JSON"],
                href=f"/api/clv/{found.id}/report.json",
                download="customer_values.json",
                className="btn btn-quiet",
            ),
        ],
        className="actions",
    )


def _check(validation: dict[str, Any], model: str) -> list[Any]:
    swatches = key(("dot", ["Counted"]), ("predicted", ["Expected by the model"]))
    return [
        chart(
            ids.CLV_TRACKING,
            tracking_figure(validation, model),
            finding=tracking_finding(validation, model),
            how=swatches,
            summary=tracking_summary(validation, model),
            below=tracking_table(validation),
        ),
        chart(
            ids.CLV_FREQUENCY,
            frequency_figure(validation, model),
            finding=frequency_finding(validation, model),
            how=swatches,
            summary=frequency_summary(validation, model),
            below=frequency_table(validation),
        ),
        tables.check_table(validation),
    ]


def _alive(found: Result, customers: Any) -> Component:
    repeat = customers["orders"].to_numpy() - 1
    most = int(max(np.quantile(repeat[repeat > 0], 0.99), 2))
    grid = alive_map(found.fit, found.report["longest_age"], most)
    how = words.ONE_TIME if found.fit.model == "bg-nbd" else None
    return chart(
        ids.CLV_ALIVE, alive_figure(grid), finding=alive_finding(grid), how=how, summary=alive_summary(grid)
    )


def _spread(found: Result, customers: Any) -> Component:
    worth = customers["clv" if found.has_value else "expected_orders"].to_numpy()
    return chart(
        ids.CLV_VALUES,
        values_figure(worth, in_money=found.has_value),
        finding=values_finding(worth, in_money=found.has_value),
        summary=values_summary(worth, in_money=found.has_value),
    )


def _tiers(workspace: Workspace, scenario: Scenario, customers: Any) -> Any:
    """Value against uplift, where a scored campaign is in the link and shares ids with the orders."""
    if scenario.data is None or scenario.model is None:
        return None
    try:
        scores = workspace.scored(scenario.data, scenario.model).scores()
    except PersuadableError:
        return None
    cells = tiers_by_uplift(scores.ids, scores.uplift.max(axis=1), customers)
    return notice(words.NO_COMMON_IDS) if cells is None else tables.tiers_table(cells)


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 9, layout, workspace)
    for button, name in ((ids.CLV_CDNOW, "cdnow"), (ids.CLV_RETAIL, "online-retail")):
        _register_example(app, workspace, button, name)

    @app.callback(
        *work.BOOKED,
        Output(ids.CLV_ANSWER, "children"),
        Input(ids.CLV_RUN, "n_clicks"),
        *(State(ids.clv_role(role), "value") for role in ROLES),
        *(State(ids.clv_setting(name), "value") for name in SETTINGS),
        State(ids.ADDRESS, "search"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def compute(clicks: int | None, *answers: Any) -> tuple[Any, Any, Any]:
        *given, search, mine = answers
        if not clicks:
            return no_update, no_update, no_update
        chosen = dict(zip(ROLES, given, strict=False))
        model, horizon, discount, end = given[len(ROLES) :]
        roles = {role: column for role, column in chosen.items() if column and column != NONE}
        settings = {"model": model, "horizon": horizon, "discount": discount, "end": (end or "").strip()}
        try:
            asked = work.clv_request(search, roles, settings)
        except PersuadableError as error:
            return no_update, no_update, notice(str(error), wrong=True)
        return *work.book(workspace, "clv", asked, mine), None


def _register_example(app: Dash, workspace: Workspace, button: str, name: str) -> None:
    @app.callback(
        *work.BOOKED, Input(button, "n_clicks"), State(ids.MY_JOBS, "data"), prevent_initial_call=True
    )
    def example(clicks: int | None, mine: list[dict[str, str]]) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return work.book(workspace, "clv", {"example": name, "roles": {}, "settings": {}}, mine)
