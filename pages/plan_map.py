"""The Policy page's map: asked for, worked out by a job, and there by itself once it is kept."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.chart import chart, key
from components.icons import icon
from components.jobs_view import job_card
from components.plan_map_figure import plan_map_figure, plan_map_finding, plan_map_summary
from core.advice import policy_plans as words
from core.advice.cost_axis import click_words, own_margins_words
from core.contact_plan import actions_of
from core.job_records import JobRecord
from core.plan_map import kept_map, map_path
from core.policy.economics import SensitivityGrid
from core.workspace import Workspace
from pages import work
from pages.map_job import KIND
from pages.registration import in_browser
from pages.situation import Situation, situation


def map_part() -> list[Any]:
    """The part of the page as it appears at once; a callback puts in what is kept, or the job that runs."""
    return [
        html.H2("What if margin or cost turn out otherwise, under these conditions?"),
        html.P(words.MAP, className="muted"),
        html.Div(
            html.Button(
                [icon("grid-3x3"), "Work out the map"], id=ids.PLAN_MAP_BUTTON, className="btn btn-quiet"
            ),
            id=ids.PLAN_MAP_ASK,
            className="actions",
        ),
        html.Div(id=ids.PLAN_MAP_WORK, className="stack"),
        html.Div(id=ids.PLAN_MAP, **aria(live="polite")),
        dcc.Store(id=ids.PLAN_MAP_SHOWN),
    ]


def drawn_map(now: Situation, grid: SensitivityGrid) -> Component:
    """The plan's map of margin and cost as a chart."""
    own = now.conditions.margins
    moves = not {action for action, _ in own}.issuperset(actions_of(now.scored))
    return chart(
        ids.PLAN_MAP_CHART,
        plan_map_figure(grid, now.scenario, margin=moves),
        finding=plan_map_finding(grid),
        how=[
            *own_margins_words(own, all_of_them=not moves),
            *click_words(grid.axis, margin=moves),
            key(("ring", "you are here")),
        ],
        summary=plan_map_summary(grid),
        csv=("/api/plan_sensitivity.csv", now.scenario),
        className="pick",
    )


def _map_now(
    workspace: Workspace, query: dict[str, str], mine: list[dict[str, str]] | None, shown: str | None
) -> tuple[Any, ...]:
    """(job, whether there is nothing to ask for, map, what is shown then). shown: what is shown already,
    the name of a map or a job and its state; it is not put on the page again."""
    now = situation(workspace, query)
    asked = (now.scored, now.scenario, now.conditions)
    path = map_path(*asked)
    if shown == path.name and path.exists():  # drawn once: a job's ticks do not draw it again
        return [], True, no_update, no_update
    grid = kept_map(*asked)
    if grid is not None:
        return [], True, drawn_map(now, grid), path.name
    job = _job(workspace, mine, str(path))
    if job is None:
        return [], False, [], None  # the map [], not None: Dash would keep the gone chart's ids
    seen = f"{job.id} {job.state}"
    if shown == seen:
        return (no_update,) * 4
    return [job_card(job, where=KIND)], job.live, [], seen


def _job(workspace: Workspace, mine: list[dict[str, str]] | None, path: str) -> JobRecord | None:
    """The newest job of this browser for the map at `path`, unless it is done."""
    found = (record for record, _ in work.remembered(workspace, mine) if record.artifact == path)
    job = next(found, None)
    return None if job is not None and job.state == "done" else job


def register_map(app: Dash, workspace: Workspace) -> None:
    """Ask for the map, follow its job, show it; a click takes its cell."""
    in_browser(app, "policy", "pick", Input(ids.PLAN_MAP_CHART, "clickData"))

    @app.callback(
        *work.BOOKED,
        Input(ids.PLAN_MAP_BUTTON, "n_clicks"),
        State(ids.SCENARIO, "data"),
        State(ids.MY_JOBS, "data"),
        running=[(Output(ids.PLAN_MAP_BUTTON, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def ask(clicks: int | None, query: dict[str, str], mine: list[dict[str, str]] | None) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return work.book(workspace, KIND, {"query": query}, mine)

    @app.callback(
        Output(ids.PLAN_MAP_WORK, "children"),
        Output(ids.PLAN_MAP_ASK, "hidden"),
        Output(ids.PLAN_MAP, "children"),
        Output(ids.PLAN_MAP_SHOWN, "data"),
        Input(ids.SCENARIO, "data"),
        Input(ids.MY_JOBS, "data"),
        Input(ids.JOBS_TICK, "n_intervals"),
        Input(ids.JOBS_TICK, "disabled"),  # after the last tick of a job, which may have come too early
        State(ids.PLAN_MAP_SHOWN, "data"),
    )
    def follow(
        query: dict[str, str], mine: list[dict[str, str]] | None, _tick: int, _rest: bool, shown: str | None
    ) -> tuple[Any, ...]:
        return _map_now(workspace, query, mine, shown)
