"""The single controls of a plan's conditions: a number with its unit, a slider, a row of a quota."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from components import ids
from components.aria import aria, marks
from components.icons import icon
from components.number_box import number_box
from core.advice import worth_title
from core.policy.constraints import Constraints, Quota

PERCENTS = ("margin", "holdout", "roi_floor", "margins")
"""Shares that are shown as percents."""

WHOLE = ("topn", "max_per_customer", "max_per_period", "capacity", "min", "max")
"""Numbers of contacts."""

SPOKEN = {
    "margin": "Margin, percent of revenue kept",
    "cost": "Cost per contact",
    "value": worth_title(binary=True),
    "budget": "Budget",
    "topn": "Contacts in all, at most",
    "max_per_customer": "Contacts per customer, at most",
    "holdout": "Hold-out share, percent",
    "roi_floor": "Profit for what is spent, at least, percent",
    "max_per_period": "Contacts in the period, at most",
    "min_days_since_contact": "Days since the last contact, at least",
    "risk_aversion": "Caution, standard errors taken off",
    "weight": "Weigh customers by",
    "capacity": "Contacts, at most",
    "costs": "Cost per contact",
    "margins": "Margin",
}

ANY = "*"
"""The option of a choice that asks for nothing: all customers, any action, no column."""


def shown(name: str, value: float | None) -> float | None:
    """A condition as its box shows it."""
    return value if value is None or name not in PERCENTS else float(f"{value * 100:.10g}")


def taken(name: str, value: float) -> float:
    """The condition that a box means: `shown` the other way."""
    return float(f"{value / 100:.10g}") if name in PERCENTS else value


def shown_limit(asked: Constraints, name: str) -> float | None:
    """A condition for its box, empty where it is at its default (contacts a customer always say theirs)."""
    value = getattr(asked, name)
    if value == getattr(Constraints(), name) and name != "max_per_customer":
        return None
    return shown(name, value)


def label(id: Mapping[str, Any], words: Any) -> html.Label:
    """What is seen beside a control and names it."""
    return html.Label(words, htmlFor=ids.dom(id), className="label")


def number(id: Mapping[str, Any], value: float | None, unit: str = "", hint: str = "") -> html.Div:
    """A number box with its unit; hint: what an empty box means."""
    box = number_box(id, value, whole=id.get("name", id.get("part")) in WHOLE, placeholder=hint)
    return html.Div([box, html.Span(unit, className="unit")], className="amount")


def field(
    name: str, words: Any, value: float | None, unit: str = "", hint: str = "", why: str = ""
) -> html.Div:
    """A condition with its label and, where it needs one, a line of explanation."""
    id = ids.limit(name)
    parts = [label(id, words), number(id, value, unit, hint)]
    return html.Div([*parts, *([html.P(why, className="why")] if why else [])])


def slider(
    name: str, words: list[Any], value: float | None, top: float, step: float, unit: str, under: str = ""
) -> html.Div:
    """A slider with its box; without a value the slider stands at its right end."""
    spoken = f"{SPOKEN[name]}{'' if name == 'margin' else f' in {unit}'}"
    drag = dcc.Slider(
        id=ids.limit_slider(name),
        min=0,
        max=top,
        step=step,
        value=top if value is None else min(value, top),
        marks=None,
        included=True,
        updatemode="drag",
        allow_direct_input=False,
    )
    return html.Div(
        [
            label(ids.limit(name), words),
            html.Div(
                [
                    html.Div(drag, className="slide", **marks(names_slider=spoken)),
                    number(ids.limit(name), value, unit, "none" if name == "budget" else ""),
                ],
                className="track",
            ),
            html.Div(under, className="under"),
        ],
        className="control",
    )


def quota_row(
    row: int, quota: Quota | None, segments: Mapping[str, tuple[str, ...]], actions: tuple[str, ...]
) -> html.Li:
    """One quota: whom, by which action, from how many to how many, and whether it must be met."""
    who = ANY if quota is None or quota.column is None else json.dumps([quota.column, quota.value])
    known = {
        json.dumps([column, value]): f"{column} = {value}"
        for column, values in segments.items()
        for value in values
    }
    if quota is not None and who != ANY:
        known.setdefault(who, f"{quota.column} = {quota.value}")
    parts = [
        _choice("who", row, "For", {ANY: "all customers", **known}, who),
        _choice("action", row, "by", {ANY: "any action", **{a: a for a in actions}},
                (quota.action if quota else None) or ANY) if len(actions) > 1 else None,
        _bound("min", row, "at least", quota.min if quota else None),
        _bound("max", row, "at most", quota.max if quota else None),
        _choice("effort", row, "contacts;", {"hard": "must be met", "best": "as far as possible"},
                quota.effort if quota else "hard"),
        html.Button(
            icon("x-lg"), id=ids.quota_remove(row), className="btn btn-sm btn-plain",
            **aria(label="Remove this quota"),
        ),
    ]  # fmt: skip
    shown_parts = [part for part in parts if part is not None]
    group = html.Div(shown_parts, className="quota", role="group", **aria(label=f"Quota {row + 1}"))
    return html.Li(group, **marks(row=str(row)))


def _choice(part: str, row: int, words: str, options: Mapping[str, str], value: str) -> html.Div:
    id = ids.quota(part, row)
    choices = [{"label": shown_as, "value": key} for key, shown_as in options.items()]
    return html.Div([label(id, words), dbc.Select(choices, value, id=id)])


def _bound(part: str, row: int, words: str, value: int | None) -> html.Div:
    id = ids.quota(part, row)
    return html.Div([label(id, words), number(id, value)])
