"""Contacts: who they are and why, and the list and the pack to hand over."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.contacts_grid import Sorts, contacts_grid, sorts_of
from components.controls import controls
from components.decision_box import decision_box, decision_lines
from components.icons import icon
from components.links import carrying, download
from components.page import notice
from components.rail import Step
from core import advice
from core.advice.policy_plans import conflict_verdict
from core.conditions import planned
from core.contact_rows import WHY, ContactRows, listed
from core.errors import DataError, SettingError
from core.list_files import MOST_IN_EXCEL
from core.plan_rows import PlanRows
from core.workspace import Workspace
from pages import work
from pages.registration import add_page, in_browser
from pages.situation import Situation, result_page, situation

STEP = Step("/contacts", "Contacts", "people")


def layout(workspace: Workspace, /, **query: str) -> Component:
    build = partial(_parts, sort=query.get("sort", ""))
    return result_page(workspace, query, "Contacts", "list whom to contact", build)


def _rows(now: Situation) -> ContactRows:
    return listed(now.scored, now.scenario, planned(now.conditions, now.scored.data.columns))


def _parts(now: Situation, sort: str) -> list[Any]:
    try:
        rows = _rows(now)
    except (SettingError, DataError) as error:
        return _plan(now, conflict_verdict(error))
    opening = (
        _plan(now, rows.verdict)
        if isinstance(rows, PlanRows)
        else [
            decision_box(advice.verdict(now.decision), *now.worth_assumed),
            controls(now.decision, binary=now.binary),
        ]
    )
    sorts, notices = sorts_of(sort, rows.columns)
    return [*(notice(text) for text in notices), *opening, _take_away(now, rows), _list(now, rows, sorts)]


def _plan(now: Situation, verdict: advice.Verdict) -> list[Any]:
    """A plan's controls are on its own page."""
    return [
        html.Section(
            decision_lines(verdict, *now.worth_assumed), className="decision", **aria(label="Decision")
        ),
        html.P(carrying("Change the conditions of the plan", "/policy", "conditions", now.scenario)),
    ]


def _take_away(now: Situation, rows: ContactRows) -> html.Section:
    pack = html.Button(
        [icon("file-earmark-spreadsheet"), "Build the pack"], id=ids.PACK, className="btn btn-primary"
    )
    files = [
        download(
            [icon(image), words],
            f"/api/contacts.{kind}",
            "contacts",
            now.scenario,
            className="btn btn-quiet",
        )
        for kind, image, words in (
            ("csv", "filetype-csv", "List as CSV"),
            ("parquet", "file-earmark-binary", "List as Parquet"),
        )
    ]
    excel = download(
        [icon("filetype-xlsx"), "List as Excel"],
        "/api/contacts.xlsx",
        "contacts",
        now.scenario,
        className="btn btn-quiet",
    )
    small = rows.contacts <= MOST_IN_EXCEL
    return html.Section(
        [
            html.H2("Take it away"),
            html.P(advice.PLAN_FILES if isinstance(rows, PlanRows) else advice.PACK_HOLDS, className="muted"),
            html.Div(
                [
                    pack,
                    *files,
                    html.Span(excel, id=ids.EXCEL, hidden=not small),
                ],
                className="actions",
            ),
            html.P(advice.TOO_MANY_FOR_EXCEL, id=ids.EXCEL_NOTE, className="muted small", hidden=small),
            work.area("pack"),
        ],
        className="panel stack",
    )


def _list(now: Situation, rows: ContactRows, sorts: Sorts) -> html.Section:
    title, note = _title(now, rows)
    why = [] if isinstance(rows, PlanRows) else [(WHY, False)]
    columns = [*((name, rows.numeric(name)) for name in rows.columns), *why]
    return html.Section(
        [
            html.H2(title, id=ids.GRID_HEAD),
            html.P(note, id=ids.GRID_NOTE),
            html.P("", id=ids.GRID_FOUND, className="muted small", **aria(live="polite")),
            contacts_grid(columns, sorts),
        ],
        className="stack no-print",
        **aria(labelledby=ids.GRID_HEAD),
    )


def _title(now: Situation, rows: ContactRows) -> tuple[str, str]:
    by_plan = isinstance(rows, PlanRows)
    return advice.list_title(now.scenario, rows.contacts, planned=by_plan), advice.list_note(
        now.scenario, rows.contacts
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 7, layout, workspace)
    in_browser(
        app,
        "contacts",
        "fill",
        Output(ids.GRID, "className"),
        Input(ids.SCENARIO, "data"),
        at_start=True,
    )

    @app.callback(
        Output(ids.GRID_HEAD, "children"),
        Output(ids.GRID_NOTE, "children"),
        Output(ids.EXCEL, "hidden"),
        Output(ids.EXCEL_NOTE, "hidden"),
        Input(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def title_again(query: dict[str, str]) -> tuple[str, str, bool, bool]:
        rows = _rows(now := situation(workspace, query))
        return *_title(now, rows), rows.contacts > MOST_IN_EXCEL, rows.contacts <= MOST_IN_EXCEL

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
