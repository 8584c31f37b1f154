"""The frame's callbacks: what is looked at, which steps are done, and everything the pages share."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from components import ids
from components.paper import paper_lines
from components.rail import State as StepState
from components.rail import state
from components.shell import shell
from components.topbar import context
from core.advice.comparison import learner_title
from core.conditions import conditions_of
from core.data.store import DataSet
from core.errors import PersuadableError
from core.scenario import Scenario
from core.uplift.meta import ModelMeta
from core.workspace import Workspace
from pages import (
    clv,
    compare,
    contacts,
    data,
    design_test,
    job_watch,
    policy,
    profit,
    scenario_controls,
    sensitivity,
    start,
    uplift,
    work,
)
from pages.registration import in_browser

_ORDER = (start, data, uplift, profit, sensitivity, policy, contacts, compare, clv, design_test)
STEPS = tuple(page.STEP for page in _ORDER)


def frame(app: Dash, workspace: Workspace) -> Component:
    """Register what all pages share and return the layout of the app."""
    work.register(app, workspace)
    job_watch.register_watch(app, workspace)
    scenario_controls.register(app, workspace)
    _register(app, workspace)
    return shell(STEPS)


def looked_at(workspace: Workspace, scenario: Scenario) -> tuple[DataSet | None, ModelMeta | None]:
    """The campaign and the model of a scenario; None for what is not here."""
    data: DataSet | None = None
    meta: ModelMeta | None = None
    with suppress(PersuadableError):
        data = workspace.data.get(scenario.data) if scenario.data else None
        meta = workspace.meta(scenario.model) if data and scenario.model else None
    return data, meta


def model_title(meta: ModelMeta | None) -> str | None:
    """How people call a model; None without one."""
    return None if meta is None else learner_title(meta.learner)


def bar_and_paper(
    query: Mapping[str, str], data: DataSet | None, meta: ModelMeta | None
) -> tuple[list[Any], list[Any]]:
    """What the bar and the paper say of a scenario's query, its campaign and its model."""
    scenario, _ = Scenario.from_query(query)
    columns = data.columns if data else ()
    conditions, _ = conditions_of(query, scenario, columns)
    names = data.name if data else None, model_title(meta)
    binary = meta is not None and meta.binary
    return (
        context(*names, scenario, binary=binary, planned=conditions is not None),
        paper_lines(*names, scenario, conditions, binary=binary, columns=columns),
    )


def step_state(path: str, *, has_data: bool, has_model: bool) -> StepState:
    """Data is done once there is a model; without one it is what needs attention."""
    if path == data.STEP.path and has_data:
        return "done" if has_model else "attention"
    return ""


def _register(app: Dash, workspace: Workspace) -> None:
    @app.callback(
        Output(ids.CONTEXT, "children"),
        Output({"type": "state", "path": ALL}, "children"),
        Output(ids.PAPER, "children"),
        Input(ids.SCENARIO, "data"),
    )
    def look(query: dict[str, str] | None) -> tuple[Any, ...]:
        data, meta = looked_at(workspace, Scenario.from_query(query or {})[0])
        marks = [
            state(step_state(out["id"]["path"], has_data=data is not None, has_model=meta is not None))
            for out in ctx.outputs_list[1]
        ]
        bar, assumptions = bar_and_paper(query or {}, data, meta)
        return bar, marks, assumptions

    in_browser(
        app,
        "shell",
        "png",
        Output({"type": "png", "chart": ALL}, "title"),
        Input({"type": "png", "chart": ALL}, "n_clicks"),
        State({"type": "png", "chart": ALL}, "title"),
    )
    in_browser(
        app,
        "shell",
        "clearFault",
        Output(ids.FAULT, "children"),
        Input(ids.ADDRESS, "href"),
    )
