"""Start: what this does in one sentence, and the two ways in."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import ids
from components.empty import example_button, upload_link
from components.icons import icon
from components.page import page
from components.rail import Step
from components.term import term
from core.conditions import conditions
from core.scenario import Scenario
from core.workspace import Workspace
from pages import work
from pages.registration import add_page, in_browser

STEP = Step("/", "Start", "house")


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, notices = Scenario.from_query(query)
    asked, more = conditions(query, scenario)
    parts = (_opening(), _recent(), _path())
    return page("Start", scenario, *parts, notices=(*notices, *more), heading=False, conditions=asked)


def _opening() -> html.Section:
    return html.Section(
        [
            html.H1("Find out whom to contact so that your campaign earns more, and how sure that is."),
            html.P(
                [
                    "Give it a past campaign in which some customers, by chance, were not contacted. It "
                    "learns whom a contact changes (",
                    term("uplift"),
                    "), chooses the number of contacts that earns the most ",
                    term("incremental"),
                    " profit, checks that on customers it has not seen, and hands over the list.",
                ],
                className="opening-words",
            ),
            html.Div([example_button(), upload_link(quiet=True)], className="actions"),
            html.P(
                html.A(
                    [icon("filetype-csv"), " Template CSV: how the file should look"],
                    href="/api/template.csv",
                    download="campaign_template.csv",
                ),
                className="small",
            ),
            work.area("example"),
        ],
        className="opening stack",
    )


def _recent() -> html.Section:
    """Filled by the browser from what it remembers; the server lists no one's campaigns."""
    return html.Section(id=ids.RECENT_LIST, className="recent")


def _path() -> html.Section:
    steps: tuple[tuple[str, str, str | list[Any]], ...] = (
        (
            "database",
            "Data",
            [
                "Upload the file: a row per customer with who was contacted and what they did. Check what "
                "the columns are for, then press ",
                html.B("Train the model"),
                "; that takes a minute or two.",
            ],
        ),
        (
            "bar-chart-steps",
            "Uplift",
            "See whether the ranking holds on customers the model has not seen, tenth by tenth.",
        ),
        (
            "graph-up-arrow",
            "Profit",
            ["Set your ", term("margin"), " and cost. The decision and its uncertainty follow at once."],
        ),
        (
            "people",
            "Contacts",
            [
                html.B("Build the pack"),
                ": the list, an Excel workbook and a one-page summary to hand over.",
            ],
        ),
    )
    return html.Section(
        [
            html.H2("From your file to the list, in about five minutes"),
            html.Ol(
                [
                    html.Li([icon(picture), html.Div([html.H3(name), html.P(words)])])
                    for picture, name, words in steps
                ],
                className="path",
            ),
        ],
        className="stack",
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 1, layout, workspace)

    @app.callback(
        *work.BOOKED,
        Output(ids.GO, "href", allow_duplicate=True),
        Input(ids.EXAMPLE, "n_clicks"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def example(clicks: int | None, mine: list[dict[str, str]]) -> tuple[Any, Any, Any]:
        if not clicks:
            return no_update, no_update, no_update
        ready = work.example_link(workspace)
        if ready:
            return no_update, no_update, ready
        return *work.book(workspace, "example", {}, mine), "/"  # where its progress is shown

    in_browser(
        app,
        "start",
        "recent",
        Output(ids.RECENT, "data"),
        Input(ids.SCENARIO, "data"),
        Input(ids.CONTEXT, "children"),
        State(ids.RECENT, "data"),
        at_start=True,
    )
