"""Data: upload a campaign, say what its columns are for, train."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.facts import facts
from components.health_panel import health_panel, health_waiting, shares_field
from components.links import carrying
from components.page import notice, page
from components.preview import preview
from components.problems import problem_panel
from components.rail import Step
from components.roles_form import ALIKE, EACH, NO_ID, roles_form, values_of
from components.upload_box import upload_box
from core import advice
from core.conditions import conditions
from core.data.schema import Roles
from core.data.store import DataSet
from core.errors import SettingError
from core.scenario import Scenario
from core.workspace import Workspace
from pages import work
from pages.registration import add_page, in_browser
from pages.situation import reason

STEP = Step("/data", "Data", "database")
ROLE_NAMES = ("treatment", "control", "outcome", "id", "drop", "arms", "propensity", "learner")
EXAMINED = ("treatment", "control", "outcome", "id", "drop", "arms", "propensity", "shares")


def layout(workspace: Workspace, /, **query: str) -> Component:
    scenario, notices = Scenario.from_query(query)
    asked, more = conditions(query, scenario)
    campaign: list[Any] = []
    if scenario.data is not None:
        try:
            campaign = _campaign(workspace, workspace.data.get(scenario.data), scenario)
        except Exception as error:
            campaign = reason(error)
    parts = (*campaign, _upload(workspace, first=not campaign))
    return page("Data", scenario, *parts, notices=(*notices, *more), conditions=asked)


def _upload(workspace: Workspace, *, first: bool) -> html.Section:
    head = "Upload a past campaign" if first else "Upload another campaign"
    return html.Section(
        [
            html.H2(head, className="h-section"),
            upload_box(workspace.settings.max_upload_mb, template="/api/template.csv"),
            html.Div(id=ids.UPLOADED),
        ],
        className="stack",
    )


def _campaign(workspace: Workspace, data: DataSet, scenario: Scenario) -> list[Any]:
    proposal = workspace.data.proposal(data.id)
    known = data.roles or proposal.roles
    parts: list[Any] = [
        html.Section(
            [
                html.H2(data.name, className="headline"),
                facts(
                    ("Customers", advice.count(data.rows)),
                    ("Columns", advice.count(len(data.columns))),
                    ("Model", _model_words(workspace, scenario)),
                ),
                notice(advice.SIMULATED) if data.simulated else None,
            ],
            className="stack",
        ),
        html.Section(
            [
                html.H2("What the columns are for"),
                roles_form(proposal, data.roles, data.id),
                work.area("train"),
            ],
            className="panel stack",
        ),
        html.Section(
            [
                html.Div(health_waiting(examining=known is not None), id=ids.HEALTH, **aria(live="polite")),
                shares_field(data.id),
            ],
            className="stack",
        ),
        preview(workspace.data.first(data.id, 5)),
    ]
    return parts


def examined(workspace: Workspace, query: dict[str, str], chosen: dict[str, Any]) -> Component:
    """The experiment's health with these roles, or what is wrong with them."""
    if not all(chosen[name] for name in ("treatment", "control", "outcome")):
        return health_waiting(examining=False)
    shares = chosen.pop("shares", None) or ""
    try:
        roles = roles_of(workspace, query["data"], chosen)
        try:
            return health_panel(workspace.health(query["data"], roles, shares))
        except SettingError as error:
            if not shares:
                raise
            unplanned = health_panel(workspace.health(query["data"], roles))
            return html.Div([notice(str(error), wrong=True), unplanned], className="stack")
    except Exception as error:
        return html.Div(reason(error), className="stack")


def roles_of(workspace: Workspace, data_id: str, chosen: dict[str, Any]) -> Roles:
    """The form's answers as roles."""
    own_id = None if chosen["id"] in (None, NO_ID) else chosen["id"]
    arms: tuple[str, ...] = ()
    if chosen["arms"] == EACH:
        values = values_of(workspace.data.proposal(data_id), chosen["treatment"])[0]
        arms = tuple(value["value"] for value in values if value["value"] != chosen["control"])
    drop, stated = tuple(chosen["drop"] or ()), chosen.get("propensity")
    own_chance = None if stated in (None, ALIKE) else stated
    named = (chosen["treatment"], chosen["control"], chosen["outcome"])
    return Roles(*named, own_id, arms, drop=drop, propensity=own_chance)


def _model_words(workspace: Workspace, scenario: Scenario) -> Any:
    if scenario.model is None:
        return html.Span("none yet", id=ids.TRAINED)
    return carrying("See the decision →", "/profit", "data", scenario)


def refusal(answer: dict[str, Any]) -> Component:
    """What the page shows of a problem details answer to an upload."""
    problems = answer.get("problems") or []
    return problem_panel(
        str(answer.get("detail") or answer.get("title") or "The file could not be read."),
        problems,
        total=int(answer.get("problem_count") or len(problems)),
        saves=bool(problems),
    )


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 2, layout, workspace)

    @app.callback(
        Output(ids.UPLOADED, "children"),
        Output(ids.GO, "href", allow_duplicate=True),
        Input(ids.UPLOAD_RESULT, "data"),
        State(ids.ADDRESS, "pathname"),
        prevent_initial_call=True,
    )
    def uploaded(answer: dict[str, Any] | None, here: str | None) -> tuple[Any, Any]:
        if not answer:
            return no_update, no_update
        if "id" in answer and here == "/clv":  # its box is this one's twin
            return None, f"/clv?orders={answer['id']}"
        if "id" in answer:
            return None, f"/data?{Scenario(data=answer['id']).query_string()}"
        return refusal(answer), no_update

    @app.callback(
        Output(ids.role("control"), "options"),
        Output(ids.role("control"), "value"),
        Input(ids.role("treatment"), "value"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def control_values(column: str | None, query: dict[str, str]) -> tuple[Any, Any]:
        return values_of(workspace.data.proposal(query["data"]), column)

    @app.callback(
        Output(ids.HEALTH, "children"),
        *(Input(ids.role(name), "value") for name in EXAMINED[:-1]),
        Input(ids.SHARES, "value"),
        State(ids.SCENARIO, "data"),
    )
    def health(*answers: Any) -> Component:
        *given, query = answers
        return examined(workspace, query, dict(zip(EXAMINED, given, strict=True)))

    @app.callback(
        *work.BOOKED,
        Output(ids.TRAIN_ANSWER, "children"),
        Input(ids.TRAIN, "n_clicks"),
        *(State(ids.role(name), "value") for name in ROLE_NAMES),
        State(ids.SHARES, "value"),
        State(ids.SCENARIO, "data"),
        State(ids.MY_JOBS, "data"),
        prevent_initial_call=True,
    )
    def train(clicks: int | None, *answers: Any) -> tuple[Any, Any, Any]:
        *given, query, mine = answers
        chosen = dict(zip((*ROLE_NAMES, "shares"), given, strict=True))
        if not clicks:
            return no_update, no_update, no_update
        missing = [words for words in ("treatment", "control", "outcome", "learner") if not chosen[words]]
        if missing:
            return no_update, no_update, notice(f"Choose the {', '.join(missing)} first.", wrong=True)
        learner, shares = chosen.pop("learner"), (chosen.pop("shares") or "").strip()
        roles = roles_of(workspace, query["data"], chosen)
        asked = {"data": query["data"], "roles": asdict(roles), "learner": learner, "shares": shares}
        booked = work.book(workspace, "train", asked, mine)
        workspace.data.set_roles(query["data"], roles)  # the page is the same after a reload
        return *booked, None

    @app.callback(
        Output(ids.TRAINED, "children"),
        Input(ids.MY_JOBS, "data"),
        Input(ids.JOBS_TICK, "n_intervals"),  # FINISHED would wait for the end of all that runs
        State(ids.SCENARIO, "data"),
        State(ids.TRAINED, "children"),
    )
    def trained(mine: list[dict[str, str]] | None, _: Any, query: dict[str, str], there: Any) -> Any:
        href = work.trained(workspace, mine, query.get("data", ""))
        if href == (there["props"]["href"] if isinstance(there, dict) else None):
            return no_update  # a link put there anew would lose the focus, and the click on its way
        return dcc.Link("See the decision →", href=href) if href else "none yet"

    @app.callback(
        Output(ids.SCENARIO, "data", allow_duplicate=True),
        Input(ids.TRAINED, "children"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def lead(link: Any, query: dict[str, str]) -> Any:
        """The steps lead to the results of what was trained, without a further click."""
        if not isinstance(link, dict) or query.get("model"):
            return no_update
        return query | {"model": dict(parse_qsl(link["props"]["href"].partition("?")[2]))["model"]}

    in_browser(
        app,
        "data",
        "problemsAsCsv",
        Output(ids.SAVE_PROBLEMS, "title"),
        Input(ids.SAVE_PROBLEMS, "n_clicks"),
        State(ids.UPLOAD_RESULT, "data"),
    )
