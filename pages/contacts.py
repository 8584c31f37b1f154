"""Contacts: who they are, and the pack to hand over."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.contacts_grid import contacts_grid, rows_answer
from components.controls import controls
from components.decision_box import decision_box
from components.icons import icon
from components.links import download
from components.rail import Step
from core import advice
from core.decision import Decision
from core.policy.contacts import SCORE_COLUMNS, chosen
from core.workspace import Workspace
from pages import work
from pages.registration import add_page, in_browser
from pages.situation import Situation, result_page, situation

STEP = Step("/contacts", "Contacts", "people")


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Contacts", "list whom to contact", _parts)


def _parts(now: Situation) -> list[Any]:
    return [
        decision_box(advice.verdict(now.decision)),
        controls(now.decision),
        html.Section(
            [
                html.H2("Take it away"),
                html.P(
                    "The pack is an Excel workbook with summary, contacts, profit curve, deciles, "
                    "sensitivity and assumptions, and a one-page summary as text.",
                    className="muted",
                ),
                html.Div(
                    [
                        html.Button(
                            [icon("file-earmark-spreadsheet"), "Build the pack"],
                            id=ids.PACK,
                            className="btn btn-primary",
                        ),
                        download(
                            [icon("filetype-csv"), "Contact list as CSV"],
                            "/api/contacts.csv",
                            "contacts",
                            now.scenario,
                            className="btn btn-quiet",
                        ),
                    ],
                    className="actions",
                ),
                work.area("pack"),
            ],
            className="panel stack",
        ),
        html.Section(
            [html.H2(list_title(now.decision), id=ids.GRID_HEAD), contacts_grid(_columns(now))],
            className="stack no-print",
            **aria(labelledby=ids.GRID_HEAD),
        ),
    ]


def list_title(decision: Decision) -> str:
    """What the table holds, in words."""
    if decision.contacts == 0:
        return "No one is contacted in this scenario"
    return f"The {advice.count(decision.contacts)} customers to contact, best first"


def _columns(now: Situation) -> list[str]:
    arms = ["arm"] if len(now.scored.meta.arms) > 2 else []
    ours = [*SCORE_COLUMNS, *arms]
    return [*ours, *(c for c in now.scored.data.columns if c not in ours and c != now.scored.meta.id_column)]


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 7, layout, workspace)

    @app.callback(
        Output(ids.GRID, "getRowsResponse"),
        Input(ids.GRID, "getRowsRequest"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def rows(request: dict[str, Any] | None, query: dict[str, str]) -> Any:
        if not request:
            return no_update
        now = situation(workspace, query)
        return rows_answer(chosen(now.scored.table(now.scenario)), request)

    @app.callback(Output(ids.GRID_HEAD, "children"), Input(ids.SCENARIO, "data"), prevent_initial_call=True)
    def title_again(query: dict[str, str]) -> str:
        return list_title(situation(workspace, query).decision)

    in_browser(
        app,
        "contacts",
        "refill",
        Output(ids.GRID, "className"),
        Input(ids.SCENARIO, "data"),
    )

    @app.callback(
        *work.BOOKED,
        Input(ids.PACK, "n_clicks"),
        State(ids.SCENARIO, "data"),
        State(ids.MY_JOBS, "data"),
        State(ids.ADDRESS, "href"),
        prevent_initial_call=True,
    )
    def build(clicks: int | None, query: dict[str, str], mine: list[Any], link: str) -> tuple[Any, ...]:
        if not clicks:
            return no_update, no_update
        return work.book(workspace, "pack", {"query": query, "link": link or ""}, mine)
