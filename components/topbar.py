"""The bar above every page: what one is looking at, running jobs, copy link, theme."""

from __future__ import annotations

from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from core.advice import count, money, worth_words
from core.advice.cost_axis import margin_words
from core.scenario import Scenario


def topbar() -> html.Header:
    return html.Header(
        [
            html.Div(id=ids.CONTEXT, className="context"),
            html.Div(id=ids.JOBS_BUTTON, className="jobs-button no-print"),
            html.Button(
                [icon("link-45deg"), html.Span("Copy link", className="word")],
                id=ids.COPY_LINK,
                className="btn btn-sm btn-quiet no-print",
                title="Copy a link to exactly this view",
                **aria(label="Copy link to this view"),
            ),
            html.Button(
                [icon("book"), html.Span("Glossary", className="word")],
                id=ids.GLOSSARY_BUTTON,
                className="btn btn-sm btn-plain no-print",
                **aria(label="Glossary", haspopup="dialog"),
            ),
            html.Button(
                icon("circle-half"),
                id=ids.THEME,
                className="btn btn-sm btn-plain no-print",
                title="Light or dark",
                **aria(label="Switch between light and dark"),
            ),
            html.Div(id=ids.JOBS_LIST, className="no-print"),
        ],
        className="bar",
    )


def context(
    data_name: str | None,
    model_name: str | None,
    scenario: Scenario,
    *,
    binary: bool = False,
    planned: bool = False,
) -> list[html.Span]:
    """Campaign, model and scenario in use; nothing while there is none. As `scenario_words`."""
    if data_name is None:
        return [html.Span("No campaign yet")]
    shown = [html.Span(data_name, className="name", title=data_name)]
    if model_name:
        said = scenario_words(scenario, binary=binary, planned=planned)
        shown.append(html.Span(model_name, className="chip", title="The model that ranks the customers"))
        shown.append(html.Span(said, className="chip", title="The scenario in use"))
    return shown


def scenario_words(scenario: Scenario, *, binary: bool = False, planned: bool = False) -> str:
    """The scenario in one short phrase: 'Spring push · 30 % margin · €0.05 a contact · best number'.

    binary: whether the outcome is yes or no, so that its worth is said too. planned: conditions choose whom.
    """
    contacts = "best number" if scenario.topn is None else f"{count(scenario.topn)} contacts"
    contacts = "plan with conditions" if planned else contacts
    margin, cost = margin_words(scenario.margin), money(scenario.cost, cents=True)
    named = f"{scenario.name} · " if scenario.name else ""
    worth = worth_words(scenario, binary=binary)
    return f"{named}{margin} margin · {cost} a contact · {f'{worth} · ' if worth else ''}{contacts}"
