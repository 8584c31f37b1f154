"""What the CLV page shows of a result: the decision, the checks, the customers, and what to do with them."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html
from dash.development.base_component import Component

from components import clv_tables as tables
from components import ids
from components.chart import chart, key
from components.clv_alive_map import alive_figure, alive_finding, alive_summary
from components.clv_frequency import (
    frequency_figure,
    frequency_finding,
    frequency_summary,
    frequency_table,
)
from components.clv_lifetimes import lifetimes_offer, lifetimes_panel
from components.clv_tiers import tiers_table
from components.clv_tracking import (
    tracking_figure,
    tracking_finding,
    tracking_summary,
    tracking_table,
    weekly_figure,
    weekly_finding,
    weekly_summary,
)
from components.clv_use import use_form
from components.clv_values import values_figure, values_finding, values_summary
from components.decision_box import decision_box
from components.icons import icon
from components.page import notice
from core.clv import result_words, words
from core.clv.chart_tables import Chart, alive_grid, worth_of
from core.clv.joining import own_ids
from core.clv.results import Result
from core.clv.tiers import tiers_by_uplift
from core.errors import PersuadableError
from core.scenario import Scenario
from core.workspace import Workspace
from pages import work
from pages.clv_use import target


def result_parts(workspace: Workspace, scenario: Scenario, found: Result) -> list[Any]:
    report = found.report
    customers = found.customers()
    parts: list[Any] = [decision_box(result_words.verdict(report)), _take_away(found)]
    parts.append(tables.doubts(report["notes"]))
    if found.determined:
        if report["validation"]:
            parts += _check(found)
        parts += [_alive(found, customers), _spread(found, customers), tables.top_customers(customers)]
        parts += [
            _tiers(workspace, scenario, customers),
            use_form(str(customers["computed_until"].iloc[0]), target(workspace, scenario, found)),
        ]
    parts += [
        tables.model_card(report["model"]),
        _spend_card(report),
        _second_opinion(found),
        tables.ledger_table(report["cleaning"], report["settings"]["observation_end"]),
    ]
    return parts


def _take_away(found: Result) -> html.Div:
    return html.Div(
        [
            html.A(
                [icon("filetype-csv"), "Every customer as CSV"],
                href=f"/api/clv/{found.id}/customers.csv",
                download="customer_values.csv",
                className="btn btn-primary",
            ),
            html.A(
                [icon("filetype-json"), "The findings as JSON"],
                href=f"/api/clv/{found.id}/report.json",
                download="customer_values.json",
                className="btn btn-quiet",
            ),
        ],
        className="actions",
    )


def _csv(found: Result, name: Chart) -> str:
    return f"/api/clv/{found.id}/{name}.csv"


def _check(found: Result) -> list[Any]:
    validation, model = found.report["validation"], found.fit.model
    expected = ("predicted", ["Expected by the model"])
    lines, dots = key(("", ["Counted"]), expected), key(("dot", ["Counted"]), expected)
    return [
        chart(
            ids.CLV_TRACKING,
            tracking_figure(validation, model),
            finding=tracking_finding(validation, model),
            how=lines,
            summary=tracking_summary(validation, model),
            csv=_csv(found, "tracking"),
            below=tracking_table(validation),
        ),
        chart(
            ids.CLV_WEEKLY,
            weekly_figure(validation, model),
            finding=weekly_finding(validation, model),
            how=lines,
            summary=weekly_summary(validation, model),
            csv=_csv(found, "weekly"),
        ),
        chart(
            ids.CLV_FREQUENCY,
            frequency_figure(validation, model),
            finding=frequency_finding(validation, model),
            how=dots,
            summary=frequency_summary(validation, model),
            csv=_csv(found, "frequency"),
            below=frequency_table(validation),
        ),
        tables.check_table(validation),
    ]


def _spend_card(report: dict[str, Any]) -> Component | None:
    if not report["spend_model"]:
        return None
    checks = [result_words.assumption(report["spend_assumption"])] if report["spend_assumption"] else []
    return tables.model_card(report["spend_model"], *checks)


def _alive(found: Result, customers: Any) -> Component:
    repeat = customers["orders"].to_numpy() - 1
    grid = alive_grid(found, customers)
    how = words.ONE_TIME if found.fit.model == "bg-nbd" else None
    return chart(
        ids.CLV_ALIVE,
        alive_figure(grid),
        finding=alive_finding(grid, float(np.median(repeat[repeat > 0]))),
        how=how,
        summary=alive_summary(grid),
        csv=_csv(found, "alive"),
    )


def _spread(found: Result, customers: Any) -> Component:
    worth = worth_of(found, customers)
    return chart(
        ids.CLV_VALUES,
        values_figure(worth, in_money=found.has_value),
        finding=values_finding(worth, in_money=found.has_value),
        summary=values_summary(worth, in_money=found.has_value),
        csv=_csv(found, "values"),
    )


def _second_opinion(found: Result) -> Component:
    comparisons = found.comparisons
    return lifetimes_panel(comparisons) if comparisons else lifetimes_offer(work.area("clv-check"))


def _tiers(workspace: Workspace, scenario: Scenario, customers: Any) -> Any:
    """Value against uplift, where a scored campaign is in the link and shares ids with the orders."""
    if scenario.data is None or scenario.model is None:
        return None
    try:
        scored = workspace.scored(scenario.data, scenario.model)
    except PersuadableError:
        return None
    own = own_ids(scored)
    if own is None:
        return notice(result_words.NO_OWN_IDS)
    cells = tiers_by_uplift(own, scored.scores().uplift.max(axis=1), customers)
    return notice(result_words.NO_COMMON_IDS) if cells is None else tiers_table(cells)
