"""Policy: the most profitable plan within a budget, capacities and other conditions, and what each costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids
from components.aria import aria
from components.chart import chart, key
from components.decision_box import decision_lines
from components.frontier_figure import frontier_figure
from components.icons import icon
from components.links import download
from components.page import next_steps, notice
from components.paper import print_button
from components.policy_asked import asked_of
from components.policy_fields import quota_row
from components.policy_form import Offered, policy_form
from components.policy_limits import limits_table
from components.policy_waiting import decision_waiting, later_waiting, limits_waiting, worth_waiting
from components.policy_worth import rivals, split_panel, worth_panel
from components.rail import Step
from components.term import term
from core.advice import TOO_MANY_FOR_EXCEL
from core.advice import policy_plans as words
from core.contact_plan import (
    actions_of,
    best_share,
    contacts_by_segment,
    measured,
    segments,
    stored_plan,
    weights,
)
from core.errors import Cancelled, DataError, SettingError
from core.list_files import MOST_IN_EXCEL
from core.policy.constraints import Quota
from core.policy.plan import Plan
from core.policy.plan_report import PlanReport, plain_report, plan_report
from core.turns import Turn, take_turn, turn_of
from core.workspace import Workspace
from pages.plan_map import map_part, register_map
from pages.registration import add_page, in_browser
from pages.situation import Situation, reason, result_page, situation

STEP = Step("/policy", "Policy", "sliders2")
SHOWN_SEGMENTS = 2
"""Columns by which contacts are counted where no quota names one."""


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Policy", "find the best plan within a budget", _parts)


def _parts(now: Situation) -> list[Any]:
    """The page as it appears at once: its controls, and the place of the plan, which a callback fills."""
    return [
        html.Section(
            decision_waiting(),
            id=ids.POLICY_DECISION,
            className="decision",
            **aria(label="Decision", live="polite"),
        ),
        policy_form(now.scenario, now.conditions, _offered(now)),
        html.Section(limits_waiting(now.conditions), id=ids.POLICY_LIMITS, className="panel stack"),
        html.Section(
            worth_waiting(experiment=now.scored.proof is not None),
            id=ids.POLICY_WORTH,
            className="panel stack",
        ),
        html.Div(later_waiting(), id=ids.POLICY_LATER, className="stack-l"),
        html.Section(map_part(), id=ids.PLAN_MAP_PART, className="stack no-print"),
        html.Section(_take_away(now), id=ids.POLICY_FILES, className="panel stack no-print"),
        print_button(),
        next_steps(
            now.scenario,
            ("/sensitivity", "Sensitivity", "What if margin or cost turn out otherwise"),
            ("/contacts", "Contacts", "Who they are, and the pack to hand over"),
            ("/compare", "Compare", "Compare with another scenario"),
        ),
        dcc.Store(id=ids.POLICY_ASKED),
        dcc.Store(id=ids.POLICY_SOLVED),
        dcc.Store(id=ids.POLICY_CALM),
    ]


def _offered(now: Situation) -> Offered:
    scored = now.scored
    spend = now.scenario.cost * now.decision.best_contacts
    columns = frozenset(scored.data.columns)
    known = segments(scored) if now.conditions.quotas else {}  # read only where a quota is shown
    return Offered(actions_of(scored), known, columns, weights(scored), spend, now.binary)


def _plan(now: Situation, turn: Turn) -> Plan:
    return stored_plan(now.scored, now.scenario, now.conditions, turn.checkpoint)


def _answer(now: Situation, turn: Turn) -> tuple[list[Any], list[Any], list[Any], int, dict[str, str] | None]:
    """Decision, conditions, worth, contacts, and what is solved; where there is no plan, why, and None.

    Raises Cancelled where the page has asked for another plan meanwhile.
    """
    try:
        found = _plan(now, turn)
        known = measured(now.scored, found)
    except (SettingError, DataError) as error:
        return decision_lines(words.conflict_verdict(error)), [], [], 0, None
    except Cancelled:
        raise
    except Exception as error:  # else the page would be finding its plan for ever
        return reason(error), [], [], 0, None
    return (
        decision_lines(
            words.plan_verdict(found, known, unmeasured=now.scored.unmeasured), *now.worth_assumed
        ),
        limits_table(plain_report(found), working=True),
        worth_panel(found, known),
        found.contacts,
        now.conditions.to_query() | now.scenario.to_query(),
    )


def _compared(now: Situation, report: PlanReport) -> list[Any]:
    """What takes longer: the frontier, the simple rules, and who is contacted."""
    found, names = report.plan, _segments_shown(now)
    return [
        _frontier(now, report),
        html.Section(rivals(found, report.baselines, best_share(now.scored, found)), className="panel stack"),
        html.Section(
            split_panel(found, contacts_by_segment(now.scored, found, names)), className="panel stack"
        ),
    ]


def _frontier(now: Situation, report: PlanReport) -> Component | None:
    frontier, budget = report.frontier, now.conditions.budget
    if frontier is None:
        return None
    return chart(
        ids.FRONTIER_CHART,
        frontier_figure(frontier, report.plan.cost, report.plan.solution.value),
        finding=words.frontier_finding(frontier, budget),
        how=[
            "Click a point to take its budget. All other conditions stay.",
            key(("predicted", [term("predicted", "Predicted"), " by the model"]), ("ring", "you are here")),
        ],
        summary=words.frontier_summary(frontier, budget),
        csv=("/api/frontier.csv", now.scenario),
        className="pick-point",
    )


def _segments_shown(now: Situation) -> tuple[str, ...]:
    named = dict.fromkeys(quota.column for quota in now.conditions.quotas if quota.column)
    known = [name for name in segments(now.scored) if name in now.scored.meta.cat_cols]
    return tuple(named) or tuple(known[:SHOWN_SEGMENTS])


def _take_away(now: Situation) -> list[Any]:
    files = (
        ("filetype-csv", "Plan as CSV", "/api/plan.csv"),
        ("filetype-xlsx", "Plan as Excel", "/api/plan.xlsx"),
        ("file-earmark-binary", "Plan as Parquet", "/api/plan.parquet"),
        ("filetype-json", "Conditions as JSON", "/api/constraints.json"),
    )
    csv, excel, *others = (
        download([icon(picture), name], path, "policy", now.scenario, className="btn btn-quiet")
        for picture, name, path in files
    )
    links = [csv, html.Span(excel, id=ids.POLICY_EXCEL), *others]
    return [
        html.H2("Take it away"),
        html.P([html.Code("persuadable plan --constraints"), " ", words.TAKE_AWAY], className="muted"),
        html.Div(links, className="actions"),
        html.P(TOO_MANY_FOR_EXCEL, id=ids.POLICY_EXCEL_NOTE, className="muted small", hidden=True),
    ]


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 6, layout, workspace)
    _register_form(app, workspace)
    register_map(app, workspace)

    @app.callback(
        Output(ids.POLICY_DECISION, "children"),
        Output(ids.POLICY_LIMITS, "children"),
        Output(ids.POLICY_LIMITS, "hidden"),
        Output(ids.POLICY_WORTH, "children"),
        Output(ids.POLICY_WORTH, "hidden"),
        Output(ids.POLICY_LATER, "hidden"),
        Output(ids.POLICY_LATER, "className"),
        Output(ids.PLAN_MAP_PART, "hidden"),
        Output(ids.POLICY_FILES, "hidden"),
        Output(ids.POLICY_EXCEL, "hidden"),
        Output(ids.POLICY_EXCEL_NOTE, "hidden"),
        Output(ids.POLICY_SOLVED, "data"),
        Input(ids.POLICY_ASKED, "data"),
    )
    def answer(asked: dict[str, str] | None) -> tuple[Any, ...]:
        with _wanted(workspace, asked) as (now, turn):
            decision, limits, worth, contacts, stand = _answer(now, turn)
        none, large = stand is None, contacts > MOST_IN_EXCEL
        stand = None if stand is None else stand | turn_of(asked or {})
        return decision, limits, none, worth, none, none, "stack-l stale", none, none, large, not large, stand

    @app.callback(
        Output(ids.POLICY_LATER, "children"),
        Output(ids.POLICY_LATER, "className", allow_duplicate=True),
        Output(ids.POLICY_LIMITS, "children", allow_duplicate=True),
        Input(ids.POLICY_CALM, "data"),
        prevent_initial_call=True,
    )
    def compare(asked: dict[str, str] | None) -> tuple[Any, ...]:
        with _wanted(workspace, asked) as (now, turn):
            report = plan_report(_plan(now, turn), turn.checkpoint)
            limits = limits_table(report, working=False)
            return _compared(now, report), "stack-l", limits


@contextmanager
def _wanted(workspace: Workspace, asked: dict[str, str] | None) -> Iterator[tuple[Situation, Turn]]:
    """The situation that the page asks about, and its turn; once it asks for another, nothing is answered."""
    if asked is None:
        raise PreventUpdate
    turn = take_turn(workspace.settings, asked)
    try:
        turn.checkpoint()
        yield situation(workspace, asked), turn
    except Cancelled:
        raise PreventUpdate from None


def _register_form(app: Dash, workspace: Workspace) -> None:
    """Boxes and sliders to the form's store (in the browser), that to the scenario; rows of quotas."""
    in_browser(
        app,
        "policy",
        "move",
        Input(ids.limit(ALL), "value"),
        Input(ids.limit_slider(ALL), "value"),
        Input(ids.per_action(ALL, ALL), "value"),
        Input(ids.quota(ALL, ALL), "value"),
        Input(ids.QUOTAS, "children"),
        State(ids.limit_slider(ALL), "max"),
    )
    in_browser(
        app,
        "policy",
        "asked",
        Output(ids.POLICY_ASKED, "data"),
        Input(ids.SCENARIO, "data"),
        at_start=True,
    )
    in_browser(
        app,
        "policy",
        "rest",
        Output(ids.POLICY_CALM, "data"),
        Input(ids.POLICY_SOLVED, "data"),
        at_start=True,
    )
    in_browser(app, "policy", "spend", Input(ids.FRONTIER_CHART, "clickData"))

    @app.callback(
        Output(ids.SCENARIO, "data", allow_duplicate=True),
        Output(ids.POLICY_NOTICE, "children"),
        Input(ids.POLICY_FORM, "data"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def ask(sent: list[dict[str, Any]], query: dict[str, str]) -> tuple[Any, Any]:
        now = situation(workspace, query)
        try:
            scenario, asked = asked_of(sent, now.scenario, now.conditions, actions_of(now.scored))
        except SettingError as error:
            return no_update, notice(str(error), wrong=True)
        wanted = asked.to_query() | scenario.to_query()
        return no_update if wanted == query else wanted, []

    @app.callback(
        Output(ids.QUOTAS, "children"),
        Input(ids.QUOTA_ADD, "n_clicks"),
        Input(ids.quota_remove(ALL), "n_clicks"),
        State(ids.QUOTAS, "children"),
        State(ids.SCENARIO, "data"),
        prevent_initial_call=True,
    )
    def rows(
        _add: int | None, gone: list[int | None], shown: list[dict[str, Any]], query: dict[str, str]
    ) -> Any:
        if ctx.triggered_id == ids.QUOTA_ADD:
            scored = situation(workspace, query).scored
            last = max((int(row["props"]["data-row"]) for row in shown or []), default=-1)
            new: Quota | None = None
            return [*(shown or []), quota_row(last + 1, new, segments(scored), actions_of(scored))]
        if not any(gone):
            return no_update
        return [row for row in shown if row["props"]["data-row"] != str(ctx.triggered_id["row"])]
