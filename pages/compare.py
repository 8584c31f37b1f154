"""Compare: two scenarios side by side, and whether the data can tell them apart.

Both stand in the URL: A by the keys of every page and of the constraints, B by the same keys with `b_`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from components import ids
from components.aria import aria
from components.chart import chart, key
from components.compare_figure import compare_figure
from components.compare_form import (
    FIELDS,
    SIDES,
    compare_form,
    filled_in,
    other_conditions,
    shown_values,
)
from components.compare_table import pair_table, under_sides
from components.decision_box import decision_lines
from components.facts import facts
from components.page import notice
from components.policy_waiting import decision_waiting, panel_waiting
from components.rail import Step
from components.term import term
from core.advice import alternatives as words
from core.alternatives import SECOND, Alternative, Pair, both_of, both_to_query, opponent, side_by_side
from core.errors import PersuadableError
from core.workspace import Workspace
from pages.registration import add_page, in_browser
from pages.situation import Situation, fitting, reason, result_page, situation

MEASURED = " on the experiment, with its 90 % interval"
STEP = Step("/compare", "Compare", "layout-split", main=False)
PURPOSE = "compare what two lists of customers earn"


def layout(workspace: Workspace, /, **query: str) -> Component:
    return result_page(workspace, query, "Compare", PURPOSE, lambda now: _parts(now, query))


def _parts(now: Situation, query: Mapping[str, str]) -> list[Any]:
    """The page as it appears at once: both forms, and the place of the answer, which a callback fills."""
    columns = now.scored.data.columns
    fits, beyond = fitting(query, now.decision.customers, SECOND)
    first, given, notices = both_of({**query, **fitting(query, now.decision.customers)[0], **fits}, columns)
    second = given or opponent(first, now.decision.customers, columns)
    own = notices[len(Alternative.from_query(query)[1]) :]
    return [
        *(notice(text) for text in (*own, *beyond)),
        html.Section(
            decision_waiting(words.COMPARING),
            id=ids.COMPARE,
            className="decision",
            **aria(label="Comparison", live="polite"),
        ),
        compare_form(first, second, binary=now.binary),
        html.Div(
            [_coming(words.FIGURES, 520), _coming(words.DIFFERENCE, 380)],
            id=ids.COMPARE_EVIDENCE,
            className="stack-l",
        ),
        dcc.Store(id=ids.COMPARE_STATE, data=both_to_query(first, second)),
    ]


def _coming(title: str, height: int) -> html.Div:
    return html.Div(panel_waiting(title, height, height), className="panel stack")


def worked_out(now: Situation, first: Alternative, second: Alternative) -> tuple[list[Any], list[Any]]:
    """The words and the evidence; where a plan cannot be made, why."""
    try:
        pair = side_by_side(now.scored, first, second)
    except PersuadableError as error:
        return [notice(str(error), wrong=True)], []
    except Exception as error:  # else the page would be working it out for ever
        return reason(error), []
    unsaid = now.worth_assumed if first.scenario.value == second.scenario.value else ()
    return decision_lines(words.pair_words(pair), *unsaid), _evidence(pair)


def _evidence(pair: Pair) -> list[Any]:
    query = both_to_query(pair.first.alternative, pair.second.alternative)
    return [
        html.Section(
            [
                html.H2(words.FIGURES),
                pair_table(pair),
                html.P(words.INTERVALS, className="small muted"),
                facts(*words.overlap_facts(pair)),
                under_sides(pair),
            ],
            className="panel stack",
        ),
        chart(
            ids.COMPARE_CHART,
            compare_figure(pair),
            finding=words.pair_finding(pair),
            how=key(
                *([("dot", [term("measured", "Measured"), MEASURED])] if pair.measured else []),
                ("hollow", [term("predicted", "Predicted"), " by the model"]),
            ),
            summary=words.pair_summary(pair),
            csv=f"/api/compare.csv?{urlencode(query)}",
        ),
    ]


def register(app: Dash, workspace: Workspace) -> None:
    add_page(__name__, STEP, 8, layout, workspace)

    @app.callback(  # apart from what takes longer, so that the address is never behind the form
        Output(ids.COMPARE_STATE, "data"),
        Output(ids.COMPARE_TOLD, "children"),
        Output(ids.COMPARE_OTHERS, "children"),
        Output(ids.SCENARIO, "data", allow_duplicate=True),
        *(Input(ids.compared(side, name), "value") for side in SIDES for name in FIELDS),
        State(ids.COMPARE_STATE, "data"),
        prevent_initial_call=True,
    )
    def fill(*given: Any) -> tuple[Any, ...]:
        values, query = given[:-1], given[-1]
        asked, wrong = filled_in(query, {"a": values[: len(FIELDS)], "b": values[len(FIELDS) :]})
        first, second = _both(asked, situation(workspace, asked).scored.data.columns)
        told, state = [notice(text, wrong=True) for text in wrong], both_to_query(first, second)
        others = other_conditions(first, second)
        return no_update if state == query else state, told, others, first.to_query()

    @app.callback(
        Output(ids.COMPARE, "children"),
        Output(ids.COMPARE_EVIDENCE, "children"),
        Input(ids.COMPARE_STATE, "data"),
    )
    def answer(query: dict[str, str]) -> tuple[Any, ...]:
        now = situation(workspace, query)
        return worked_out(now, *_both(query, now.scored.data.columns))

    @app.callback(
        *(Output(ids.compared(side, name), "value") for side in SIDES for name in FIELDS),
        Output(ids.COMPARE_STATE, "data", allow_duplicate=True),
        Input(ids.COMPARE_SWAP, "n_clicks"),
        State(ids.COMPARE_STATE, "data"),
        prevent_initial_call=True,
    )
    def swap(_clicks: int | None, query: dict[str, str]) -> tuple[Any, ...]:
        second, first = _both(query, situation(workspace, query).scored.data.columns)
        boxes = [shown_values(side)[name] for side in (first, second) for name in FIELDS]
        return (*boxes, both_to_query(first, second))

    in_browser(
        app,
        "compare",
        "write",
        Output(ids.COMPARE, "className"),
        Input(ids.COMPARE_STATE, "data"),
        at_start=True,
    )


def _both(query: Mapping[str, str], columns: Collection[str]) -> tuple[Alternative, Alternative]:
    """Both scenarios of the page's own query. columns: of the audience."""
    first, second, _ = both_of(query, columns)
    assert second is not None
    return first, second
