"""Long work started from a page: booked, and supervised in the background.

The browser keeps the ids of the jobs it started (they cannot be guessed); all else is read from disk, so a
reload, another page or another server worker shows the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dash import Dash, Input, Output, html, no_update

from components import ids
from components.clv_lifetimes import lifetimes_parts
from components.jobs_view import job_card, pack_links, result_link
from components.topbar import scenario_words
from core import jobs
from core.conditions import conditions, planned
from core.data.name_list import line_of
from core.data.schema import Roles
from core.errors import NotFoundError
from core.example_record import prepared, record_path
from core.job_records import JobRecord
from core.keeping import tidy
from core.scenario import Scenario
from core.workspace import Workspace
from pages import map_job
from pages.clv_jobs import beside, check_work, clv_work
from pages.registration import in_browser
from pages.work_order import Work, named

BOOKED = (
    Output(ids.MY_JOBS, "data", allow_duplicate=True),
    Output(ids.START_JOB, "data", allow_duplicate=True),
)
"""What a callback that books a job writes: the value of `book`."""

_REMEMBERED = 20


def train_work(workspace: Workspace, data_id: str, roles: Roles, learner: str, shares: str = "") -> Work:
    """Training a campaign of the store. The same campaign, roles and learner are the same work."""
    data = workspace.data.get(data_id)
    source = workspace.data.path(data_id)
    options = ["--outcome", roles.outcome, "--treatment", roles.treatment, "--control", roles.control]
    for option, value in (
        ("--id_col", roles.id),
        ("--arms", line_of(roles.arms)),
        ("--features", line_of(roles.features)),
        ("--drop", line_of(roles.drop)),
        ("--shares", shares),
        ("--propensity", roles.propensity),
    ):
        options += [option, value] if value else []
    options += ["--learner", learner]
    model = named(data_id, *options)
    folder = workspace.models_folder / model
    argv = ("train", "--in", str(source), *options, "--out", str(folder))
    href = f"/profit?{Scenario(data=data_id, model=model).query_string()}"
    return Work("train", f"Training on {data.name}", argv, str(folder), href)


def pack_work(workspace: Workspace, query: Mapping[str, str], link: str) -> Work:
    """Building the contact pack of a scenario, or of its plan where the query sets conditions."""
    scenario, _ = Scenario.from_query(query)
    assert scenario.data is not None and scenario.model is not None
    data, model = workspace.data.get(scenario.data), workspace.model_path(scenario.model)
    asked = planned(conditions(query, scenario)[0], data.columns)
    controls = {"margin": scenario.margin, "cost": scenario.cost, "value": scenario.value}
    options = [part for name, number in controls.items() for part in (f"--{name}", format(number, ".10g"))]
    options += ["--topn", str(scenario.topn)] if scenario.topn is not None else []
    options += ["--policy", scenario.policy, "--name", data.name, "--link", _seen_again(query, link)]
    options += ["--scenario", scenario.name] if scenario.name else []
    options += ["--constraints", asked.to_json()] if asked is not None else []
    pack = named(scenario.data, scenario.model, *options)
    folder = workspace.settings.artifacts / "packs" / pack
    source = str(workspace.data.path(scenario.data))
    argv = ("pack", "--in", source, "--models", str(model), "--out", str(folder), *options)
    binary = workspace.meta(scenario.model).binary
    said = scenario_words(scenario, binary=binary, planned=asked is not None)
    title = f"Contact pack of {data.name} · {said}"
    return Work("pack", title, argv, str(folder), "")


def _seen_again(query: Mapping[str, str], link: str) -> str:
    """The address of what is handed over: the page's own, with the controls as they are now.

    The browser's location does not follow an address that is written without a history entry.
    """
    here = urlsplit(link)
    return urlunsplit((here.scheme, here.netloc, here.path, urlencode(query), "")) if here.netloc else ""


def example_work(workspace: Workspace) -> Work:
    """Preparing the example campaign and its model; again where its data or its model are gone."""
    artifact = record_path(workspace)
    if prepared(workspace) is None:
        artifact.unlink(missing_ok=True)
    return Work("example", "The example campaign", ("prepare-example",), str(artifact), "/profit")


Maker = Callable[[Workspace, Mapping[str, Any]], Work]

MAKERS: dict[str, Maker] = {
    "train": lambda workspace, asked: train_work(
        workspace,
        asked["data"],
        Roles(**{**asked["roles"], **_tuples(asked["roles"])}),
        asked["learner"],
        asked.get("shares", ""),
    ),
    "pack": lambda workspace, asked: pack_work(workspace, asked["query"], asked["link"]),
    "example": lambda workspace, asked: example_work(workspace),
    "clv": clv_work,
    "clv-check": check_work,
    map_job.KIND: map_job.map_work,
}
"""How a request becomes work. The browser sends requests, never command lines."""


def _tuples(roles: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(roles.get(name) or ()) for name in ("arms", "features", "drop")}


def book(
    workspace: Workspace, kind: str, asked: Mapping[str, Any], mine: list[dict[str, str]] | None
) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """Book the work that is asked for and remember it in the browser; asked twice it is one job."""
    work = MAKERS[kind](workspace, asked)
    record = jobs.start(work.kind, work.argv, work.title, artifact=work.artifact, settings=workspace.settings)
    entry = {"id": record.id, "kind": kind, "href": work.href, "data": str(asked.get("data") or "")}
    known = [entry, *(m for m in mine or [] if m["id"] != record.id)][:_REMEMBERED]
    return known, {"id": record.id, "kind": kind, "asked": dict(asked)}


def followed(workspace: Workspace, booked: Mapping[str, Any]) -> dict[str, Any]:
    """See to it that what was booked runs, wait for its end, and say how it ended.

    The job that was booked and never another one: cancelled meanwhile, it is not to run after all.
    """
    work = MAKERS[booked["kind"]](workspace, booked["asked"])
    ended = jobs.supervise(work.argv, jobs.job(booked["id"], workspace.settings), settings=workspace.settings)
    tidy(workspace.settings)
    href = example_link(workspace) if ended.kind == "example" else work.href
    href = beside(href or "", booked["asked"].get("search"))
    return {"id": ended.id, "state": ended.state, "title": ended.title, "href": href}


def area(kind: str) -> html.Div:
    """Where a page shows its jobs of a kind."""
    return html.Div(id=ids.job_area(kind), className="stack")


def remembered(workspace: Workspace, mine: list[dict[str, str]] | None) -> list[tuple[JobRecord, str]]:
    """The browser's jobs that are still on record, newest first, with the page of their result."""
    found = []
    for entry in mine or []:
        with suppress(NotFoundError, KeyError, TypeError):
            found.append((jobs.job(entry["id"], workspace.settings), _result(workspace, entry)))
    return found


def _result(workspace: Workspace, entry: Mapping[str, str]) -> str:
    if entry.get("kind") == "example":
        return example_link(workspace) or ""
    return str(entry.get("href", ""))


def example_link(workspace: Workspace) -> str | None:
    """The page of the example's decision; None while the example is not prepared."""
    ready = prepared(workspace)
    return f"/profit?{Scenario(data=ready[0], model=ready[1]).query_string()}" if ready else None


def concerning(
    mine: list[dict[str, str]] | None, data_id: str | None, result: str | None = None
) -> list[dict[str, str]]:
    """The browser's jobs without the training of other data sets, and the checks of other customer values,
    than the page's."""
    page = {"train": data_id, "clv-check": result}
    return [m for m in mine or [] if m.get("kind") not in page or m.get("data") == page[m["kind"]]]


def trained(workspace: Workspace, mine: list[dict[str, str]] | None, data_id: str) -> str | None:
    """The decision of the newest model this browser had trained on a data set; None without one."""
    for entry in concerning(mine, data_id):
        scenario, _ = Scenario.from_query(dict(parse_qsl(str(entry.get("href", "")).partition("?")[2])))
        if entry.get("kind") == "train" and scenario.model and scenario.data == data_id:
            with suppress(NotFoundError):
                workspace.model_path(scenario.model)
                return str(entry["href"])
    return None


def cards(workspace: Workspace, kind: str, found: list[tuple[JobRecord, str]]) -> list[Any]:
    """The cards of one kind: all that run, or else the one that ended last."""
    of_kind = [(record, href) for record, href in found if record.kind == kind]
    live = [(record, href) for record, href in of_kind if record.live] or of_kind[:1]
    return [job_card(record, where=kind, result=_offer(record, href)) for record, href in live]


def _offer(record: JobRecord, href: str) -> Any:
    if record.kind == "clv-check" and record.state == "done" and record.artifact:
        found = json.loads(Path(record.artifact).read_text(encoding="utf-8"))
        return html.Div(lifetimes_parts(found), className="stack")
    if record.kind != "pack" or not record.artifact:
        words = "See the values" if record.kind == "clv" else "See the decision"
        return result_link(href, words) if href else None
    folder = Path(record.artifact)
    names = sorted(path.name for path in folder.glob("contact_pack_*")) if folder.is_dir() else []
    return pack_links(folder.name, names)


def register(app: Dash, workspace: Workspace) -> None:
    """Supervise what was booked, and say how it ended."""

    @app.callback(
        Output(ids.FINISHED, "data"),
        Input(ids.START_JOB, "data"),
        background=True,
        prevent_initial_call=True,
    )
    def supervise(booked: dict[str, Any] | None) -> Any:
        if not booked:
            return no_update
        return followed(workspace, booked)

    in_browser(app, "shell", "finished", Input(ids.FINISHED, "data"))
