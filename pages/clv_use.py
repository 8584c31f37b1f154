"""The callbacks of joining customer values to a campaign or an audience."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from components import ids
from components.clv_use import Target, audiences, id_options, id_words, joined_answer
from components.page import notice
from core.clv.dates import parse_date
from core.clv.joining import join_values, likely_id
from core.clv.merge import Use
from core.clv.results import Result, load
from core.errors import NotFoundError
from core.scenario import Scenario
from core.workspace import Workspace
from pages.situation import reason


def target(workspace: Workspace, scenario: Scenario, kept: Result) -> Target | None:
    """The data set of a scenario as what values may be joined to; None where it is not here."""
    name = _name(workspace, scenario)
    if name is None or scenario.data is None:
        return None
    data, frame = workspace.data.get(scenario.data), workspace.data.frame(scenario.data)
    return Target(name, scenario, data.columns, likely_id(data, frame, kept))


def _name(workspace: Workspace, scenario: Scenario) -> str | None:
    try:
        return workspace.data.get(scenario.data).name if scenario.data else None
    except NotFoundError:
        return None


def joined(workspace: Workspace, result: str, chosen: dict[str, str]) -> list[Any]:
    """Join and say what came of it. chosen: audience (a query), id, use, treated (a date or '')."""
    known, _ = Scenario.from_query(dict(parse_qsl(chosen["audience"])))
    treated = chosen["treated"].strip()
    found = join_values(
        workspace.data,
        load(workspace.settings, result),
        str(known.data),
        id_column=chosen["id"],
        use=cast(Use, chosen["use"]),
        treated_on=parse_date(treated, "The first day of the campaign") if treated else None,
    )
    return joined_answer(found, chosen["use"], result, Scenario(data=found.data.id, model=known.model))


def _result(search: str | None) -> str:
    return dict(parse_qsl((search or "").lstrip("?"))).get("result", "")


def register(app: Dash, workspace: Workspace) -> None:
    """The data sets to choose from, their columns, and the join."""

    @app.callback(
        Output(ids.CLV_AUDIENCE, "options"),
        Input(ids.RECENT, "data"),
        State(ids.SCENARIO, "data"),
    )
    def choices(recent: list[dict[str, str]] | None, query: dict[str, str] | None) -> Any:
        scenario, _ = Scenario.from_query(query or {})
        return audiences(scenario, _name(workspace, scenario), recent or [])

    @app.callback(
        Output(ids.CLV_ID, "options"),
        Output(ids.CLV_ID, "value"),
        Output(ids.why(ids.CLV_ID), "children"),
        Input(ids.CLV_AUDIENCE, "value"),
        State(ids.ADDRESS, "search"),
        prevent_initial_call=True,
    )
    def columns(audience: str | None, search: str | None) -> Any:
        known, _ = Scenario.from_query(dict(parse_qsl(audience or "")))
        found = target(workspace, known, load(workspace.settings, _result(search)))
        if found is None:
            return [], None, id_words(None)
        return id_options(found.columns), found.id_column, id_words(found)

    @app.callback(
        Output(ids.CLV_JOINED, "children"),
        Input(ids.CLV_JOIN, "n_clicks"),
        *(State(name, "value") for name in (ids.CLV_AUDIENCE, ids.CLV_ID, ids.CLV_USE, ids.CLV_TREATED)),
        State(ids.ADDRESS, "search"),
        running=[(Output(ids.CLV_JOIN, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def join(clicks: int | None, *answers: Any) -> Component | Any:
        *given, search = answers
        if not clicks:
            return no_update
        chosen = dict(zip(("audience", "id", "use", "treated"), (str(v or "") for v in given), strict=True))
        if not chosen["audience"] or not chosen["id"]:
            return notice("Choose a campaign or an audience, and its id column.", wrong=True)
        try:
            return html.Div(joined(workspace, _result(search), chosen), className="stack")
        except Exception as error:
            return html.Div(reason(error), className="stack")
