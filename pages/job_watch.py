"""What runs is seen from every page and can be cancelled there.

While a job runs only its progress is written. The card with its Cancel button, and the list in the bar, are
put on the page when a job starts, ends or changes its state: an element that is put there anew loses the
focus, the click that is on its way to it, and whether it was open.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from components import ids
from components.jobs_view import job_percent, jobs_button, progress
from core import jobs
from core.errors import NotFoundError
from core.job_records import JobRecord
from core.workspace import Workspace
from pages.clv_jobs import beside
from pages.work import cards, concerning, remembered

Shown = dict[str, list[list[str]]]
"""Where jobs are shown (a kind's area, or the bar) -> id, state and result of each."""

_BAR = "bar"


def register_watch(app: Dash, workspace: Workspace) -> None:
    """Show what runs, follow it, cancel it."""

    @app.callback(
        Output(ids.JOBS_BUTTON, "children"),
        Output(ids.job_area(ALL), "children"),
        Output(ids.JOBS_TICK, "disabled"),
        Output(ids.JOBS_SHOWN, "data"),
        Input(ids.JOBS_TICK, "n_intervals"),
        Input(ids.MY_JOBS, "data"),
        Input(ids.job_area(ALL), "id"),
        Input(ids.ADDRESS, "search"),
        State(ids.JOBS_SHOWN, "data"),
    )
    def show(
        _tick: int,
        mine: list[dict[str, str]] | None,
        areas: list[dict[str, str]],
        search: str | None,
        shown: Shown | None,
    ) -> tuple[Any, ...]:
        # Not an input of FINISHED: Dash would hold this back until the background callback has ended.
        found = remembered(workspace, mine)
        live = [record for record, _ in found if record.live]
        here = dict(parse_qsl((search or "").lstrip("?")))
        of_page = remembered(workspace, concerning(mine, here.get("data"), here.get("result")))
        of_page = [(record, beside(href, search)) for record, href in of_page]
        kinds = [area["kind"] for area in areas]
        now = {kind: _seen([(r, href) for r, href in of_page if r.kind == kind]) for kind in kinds}
        now[_BAR] = _seen([(record, "") for record in live])
        known = shown or {}
        same_page = set(ctx.triggered_prop_ids) == {f"{ids.JOBS_TICK}.n_intervals"}
        return (
            no_update if known.get(_BAR) == now[_BAR] else jobs_button(live),
            [
                no_update if same_page and known.get(kind) == now[kind] else cards(workspace, kind, of_page)
                for kind in kinds
            ],
            not live,
            no_update if known == now else now,
        )

    @app.callback(
        Output(ids.progress(ALL, ALL), "children"),
        Output(ids.job_percent(ALL), "children"),
        Input(ids.JOBS_TICK, "n_intervals"),
        State(ids.progress(ALL, ALL), "id"),
        State(ids.job_percent(ALL), "id"),
        prevent_initial_call=True,
    )
    def follow(
        _tick: int, bars: list[dict[str, str]], percents: list[dict[str, str]]
    ) -> tuple[list[Any], list[Any]]:
        records = {job: _record(workspace, job) for job in {place["job"] for place in (*bars, *percents)}}
        return (
            [progress(r) if (r := records[place["job"]]) else no_update for place in bars],
            [job_percent(r) if (r := records[place["job"]]) else no_update for place in percents],
        )

    @app.callback(
        Output(ids.FINISHED, "data", allow_duplicate=True),
        Input(ids.cancel(ALL, ALL), "n_clicks"),
        prevent_initial_call=True,
    )
    def cancel(clicks: list[int | None]) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        record = jobs.cancel(ctx.triggered_id["job"], workspace.settings)
        return {"id": record.id, "state": record.state, "title": record.title}


def _seen(found: list[tuple[JobRecord, str]]) -> list[list[str]]:
    return [[record.id, record.state, href] for record, href in found]


def _record(workspace: Workspace, job: str) -> JobRecord | None:
    """A job that runs; None once it has ended, for then its card is another."""
    try:
        record = jobs.job(job, workspace.settings)
    except NotFoundError:
        return None
    return record if record.live else None
