"""What a printed page carries beside its content: the assumptions, the day, and where to see it again."""

from __future__ import annotations

from collections.abc import Collection

from dash import html

from components import ids
from components.aria import aria, marks
from components.facts import facts
from components.icons import icon
from components.words import unbroken
from core.advice import count, money, percent, worth_counts, worth_title
from core.advice.conditions import condition_words, heeded_words, sentence
from core.conditions import heeded
from core.policy.constraints import Constraints
from core.scenario import Scenario


def paper() -> html.Section:
    """The place of the assumptions, seen on paper alone; a callback fills it."""
    return html.Section(id=ids.PAPER, className="only-print paper", **aria(label="Assumptions"))


def print_button() -> html.Div:
    """The page on one sheet: the browser's own dialogue prints it or keeps it as PDF."""
    return html.Div(
        html.Button(
            [icon("printer"), "Print this page, or keep it as PDF"],
            className="btn btn-quiet",
            **marks(prints="page"),
        ),
        className="actions",
    )


def paper_lines(
    data_name: str | None,
    model_name: str | None,
    scenario: Scenario,
    conditions: Constraints | None,
    *,
    binary: bool = False,
    columns: Collection[str] = (),
) -> list[html.H2 | html.Ul | html.P]:
    """The assumptions of a scenario; nothing while there is no campaign. Day and link are the browser's.

    binary: whether the outcome is yes or no. columns: of the audience, which a plan heeds some of.
    """
    if data_name is None:
        return []
    rules = (*condition_words(conditions), *heeded_words(heeded(columns))) if conditions else ()
    worth = (worth_title(binary=binary), money(scenario.value, cents=True))
    told = [
        *([("Scenario", scenario.name)] if scenario.name else []),
        ("Campaign", data_name),
        *([("Model", f"{model_name} ({scenario.model})")] if model_name else []),
        ("Margin", percent(scenario.margin)),
        ("Cost per contact", money(scenario.cost, cents=True)),
        *([worth] if worth_counts(scenario, binary=binary) else []),
        ("Contacts", "as many as pay" if scenario.topn is None else count(scenario.topn)),
        *([("Conditions", sentence("; ".join(rules)))] if rules else []),
        ("Printed", html.Span(**marks(paper="day"))),
    ]
    return [
        html.H2("Assumptions"),
        facts(*((name, unbroken(said) if isinstance(said, str) else said) for name, said in told)),
        html.P(["See it again: ", html.Span(**marks(paper="link"))], className="small"),
    ]
