"""CLV: from a file of orders to each customer's value, with the checks that make it believable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import ids
from components.clv_form import NONE, ROLES, SETTINGS, clv_form
from components.icons import icon
from components.page import notice, page
from components.preview import preview
from components.rail import Step
from components.upload_box import upload_box
from core.clv.results import load
from core.clv.transaction_roles import propose
from core.conditions import conditions
from core.data.store import DataSet
from core.errors import DataError, PersuadableError
from core.scenario import Scenario
from core.workspace import Workspace
from pages import clv_use, work
from pages.clv_jobs import beside, clv_request, clv_work
from pages.clv_result import result_parts
from pages.registration import add_page
from pages.situation import reason

LEADS_ON = (*work.BOOKED, Output(ids.GO, "href", allow_duplicate=True))
"""What a callback that asks for customer values writes: the job, or the way to what is there already."""
STEP = Step("/clv", "CLV", "cash-coin", main=False)


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, notices = Scenario.from_query(query)
    asked, more = conditions(query, scenario)
    try:
        parts = _parts(workspace, scenario, query)
    except Exception as error:
        parts = [*reason(error), _begin(workspace)]
    return page("Customer value", scenario, *parts, notices=(*notices, *more), conditions=asked)


def _parts(workspace: Workspace, scenario: Scenario, query: dict[str, str]) -> list[Any]:
    if query.get("result"):
        return [
            *result_parts(workspace, scenario, load(workspace.settings, query["result"])),
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


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 9, layout, workspace)
    clv_use.register(app, workspace)
    for button, name in ((ids.CLV_CDNOW, "cdnow"), (ids.CLV_RETAIL, "online-retail")):
        _register_example(app, workspace, button, name)

    @app.callback(
        *LEADS_ON,
        Output(ids.CLV_ANSWER, "children"),
        Input(ids.CLV_RUN, "n_clicks"),
        *(State(ids.clv_role(role), "value") for role in ROLES),
        *(State(ids.clv_setting(name), "value") for name in SETTINGS),
        State(ids.ADDRESS, "search"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def compute(clicks: int | None, *answers: Any) -> tuple[Any, ...]:
        *given, search, mine = answers
        if not clicks:
            return (no_update,) * 4
        roles = {r: column for r, column in zip(ROLES, given, strict=False) if column and column != NONE}
        settings = dict(zip(SETTINGS, given[len(ROLES) :], strict=True))
        try:
            asked = clv_request(search, roles, settings)
        except PersuadableError as error:
            return no_update, no_update, no_update, notice(str(error), wrong=True)
        return *_begun(workspace, asked, mine), None

    @app.callback(
        *work.BOOKED,
        Input(ids.CLV_CHECK, "n_clicks"),
        State(ids.ADDRESS, "search"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def check(clicks: int | None, search: str | None, mine: list[dict[str, str]]) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        result = dict(parse_qsl((search or "").lstrip("?"))).get("result", "")
        return work.book(workspace, "clv-check", {"data": result}, mine)


def _begun(workspace: Workspace, asked: dict[str, Any], mine: list[dict[str, str]]) -> tuple[Any, Any, Any]:
    order = clv_work(workspace, asked)
    if Path(order.artifact).is_file():
        return no_update, no_update, beside(order.href, asked["search"])
    return *work.book(workspace, "clv", asked, mine), no_update


def _register_example(app: Dash, workspace: Workspace, button: str, name: str) -> None:
    @app.callback(
        *LEADS_ON,
        Input(button, "n_clicks"),
        State(ids.ADDRESS, "search"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def example(clicks: int | None, search: str | None, mine: list[dict[str, str]]) -> tuple[Any, ...]:
        if not clicks:
            return (no_update,) * 3
        asked = {"example": name, "roles": {}, "settings": {}, "search": search or ""}
        return _begun(workspace, asked, mine)
