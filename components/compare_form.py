"""Two scenarios to fill in, side by side; what is empty is left to the profit, or sets no condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from components.links import plain_link
from components.number_box import BY_SCRIPT, number_box
from core.advice import worth_counts, worth_title
from core.advice.alternatives import OTHER_CONDITIONS, unusable
from core.alternatives import SECOND, Alternative, both_to_query
from core.scenario import MAX_NAME
from core.settings import currency

SIDES = ("a", "b")
FIELDS = ("name", "margin", "cost", "value", "topn", "budget", "holdout")
_SHARES = {"margin", "holdout"}
_EMPTY = {"topn": "best", "budget": "none", "holdout": "none"}
_NEEDED = {"margin", "cost", "value"}


def compare_form(first: Alternative, second: Alternative, *, binary: bool) -> html.Section:
    """The two scenarios as number boxes; shares are shown as percents. binary: whether the outcome is yes or
    no, so that each scenario says what a yes is worth.
    """
    seen = any(worth_counts(side.scenario, binary=binary) for side in (first, second))
    worth = (worth_title(binary=binary), seen)
    return html.Section(
        [
            html.Div([_side("a", first, worth), _side("b", second, worth)], className="two"),
            html.Div(id=ids.COMPARE_TOLD, className="notices", **aria(live="polite")),
            html.Div(
                [
                    html.Button(
                        [icon("arrow-left-right"), "Swap A and B"],
                        id=ids.COMPARE_SWAP,
                        className="btn btn-sm btn-quiet",
                    ),
                    html.Span(
                        "Beside a budget or a hold-out, contacts are the most there may be.",
                        className="small muted",
                    ),
                ],
                className="row-of",
            ),
            html.P(other_conditions(first, second), id=ids.COMPARE_OTHERS, className="small muted"),
        ],
        className="panel stack no-print",
        **aria(label="The two scenarios"),
    )


def other_conditions(first: Alternative, second: Alternative) -> list[Any]:
    """Where the conditions that have no box here are changed: Policy, with either scenario."""
    return [
        f"{OTHER_CONDITIONS} ",
        plain_link("Change A on Policy", "/policy", both_to_query(first, second)),
        " · ",
        plain_link("Change B on Policy", "/policy", both_to_query(second, first)),
    ]


def _side(side: str, alternative: Alternative, worth: tuple[str, bool]) -> html.Fieldset:
    """worth: what the worth of an outcome unit is called, and whether it is seen."""
    shown = shown_values(alternative)
    money = currency()

    def field(name: str, words: str, unit: str = "", *, seen: bool = True) -> html.Div:
        return _field(side, name, words, unit, shown[name], seen=seen)

    return html.Fieldset(
        [
            html.Legend(f"Scenario {side.upper()}"),
            html.Div(
                [
                    html.Label(
                        "Name (may stay empty)", htmlFor=ids.compared(side, "name"), className="label"
                    ),
                    dbc.Input(
                        id=ids.compared(side, "name"),
                        type="text",
                        value=shown["name"],
                        maxLength=MAX_NAME,
                        debounce=BY_SCRIPT,
                        className="typed",
                        placeholder="Such as Spring push",
                    ),
                ]
            ),
            html.Div(
                [
                    field("margin", "Margin", "%"),
                    field("cost", "Cost per contact", money),
                    field("value", worth[0], money, seen=worth[1]),
                    field("topn", "Contacts"),
                    field("budget", "Budget", money),
                    field("holdout", "Hold-out", "%"),
                ],
                className="pairs",
            ),
        ],
        className="stack",
    )


def _field(side: str, name: str, words: str, unit: str, value: float | None, *, seen: bool) -> html.Div:
    return html.Div(
        [
            html.Label(
                [words, html.Span(f" in {unit}", className="visually-hidden") if unit else None],
                htmlFor=ids.compared(side, name),
                className="label",
            ),
            html.Div(
                [
                    number_box(
                        ids.compared(side, name),
                        value,
                        whole=name == "topn",
                        placeholder=_EMPTY.get(name, ""),
                    ),
                    html.Span(unit, className="unit", **aria(hidden="true")),
                ],
                className="amount",
            ),
        ],
        hidden=not seen,
    )


def shown_values(alternative: Alternative) -> dict[str, Any]:
    """The form's values of a scenario; shares as percents, None where it is empty."""
    scenario, conditions = alternative.scenario, alternative.conditions
    values: dict[str, Any] = {
        "name": scenario.name or "",
        "margin": scenario.margin,
        "cost": scenario.cost,
        "value": scenario.value,
        "topn": scenario.topn,
        "budget": conditions.budget if conditions else None,
        "holdout": (conditions.holdout or None) if conditions else None,
    }
    return {
        name: value if value is None or name not in _SHARES else float(f"{value * 100:.10g}")
        for name, value in values.items()
    }


def filled_in(
    query: Mapping[str, str], values: Mapping[str, Sequence[Any]]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The page's query with what stands in the form; conditions that the form does not show stay.

    values: for each side those of FIELDS. What cannot be used stays as it was, and is told.
    """
    found, wrong = dict(query), []
    for side in SIDES:
        before = "" if side == "a" else SECOND
        for name, value in zip(FIELDS, values[side], strict=True):
            key = f"{before}{name}"
            empty = value is None or not str(value).strip()
            text = "" if empty else _text(name, value)
            if (empty and name in _NEEDED) or Alternative.from_query({name: text})[1]:
                wrong.append(unusable(side.upper(), name, value))
            elif empty:
                found.pop(key, None)
            else:
                found[key] = text
                if name == "topn":
                    found[f"{before}policy"] = "bestN"
    return found, tuple(wrong)


def _text(name: str, value: Any) -> str:
    """What a box holds as the URL says it."""
    if name == "name":
        return " ".join(str(value).split())
    return format(float(value) / (100 if name in _SHARES else 1), ".10g")
