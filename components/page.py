"""What every page has: its scenario, notices about the link, and the parts in order."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import ids
from components.aria import aria
from components.icons import icon
from core.policy.constraints import Constraints
from core.scenario import Scenario

NONE = Constraints()


def page(
    name: str,
    scenario: Scenario,
    *parts: Any,
    notices: tuple[str, ...] = (),
    heading: bool = True,
    conditions: Constraints = NONE,
) -> html.Div:
    """A page. heading False: the parts bring their own first heading. conditions: go along in every link."""
    return html.Div(
        [
            dcc.Store(id=ids.SCENARIO, data=conditions.to_query() | scenario.to_query()),
            html.Div([notice(text) for text in notices], className="notices") if notices else None,
            html.H1(name, className="kicker") if heading else None,
            *parts,
        ],
        className="page",
    )


def notice(text: str, *, wrong: bool = False, id: str | None = None) -> html.Div:
    """A line that must be read: an assumption that took a value's place, or (wrong) an error."""
    props: dict[str, Any] = {"id": id} if id else {}
    return html.Div(
        [icon("exclamation-octagon-fill" if wrong else "info-circle-fill"), html.Span(text)],
        className="notice wrong" if wrong else "notice",
        role="alert" if wrong else "note",
        **props,
    )


def next_steps(scenario: Scenario, *steps: tuple[str, str, str]) -> html.Nav:
    """Where to go from here: (path, name, the question it answers)."""
    from components.links import carrying

    return html.Nav(
        [
            carrying(
                [html.Span([name, " →"], className="where"), html.Span(question, className="why")],
                path,
                "next",
                scenario,
            )
            for path, name, question in steps
        ],
        className="next",
        **aria(label="Next"),
    )
