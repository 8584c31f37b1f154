"""The conditions of a plan as a form; every one of them stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from components import ids
from components.aria import aria
from components.axis import nice_step
from components.controls import cost_top
from components.icons import icon
from components.policy_fields import ANY, SPOKEN, field, label, number, quota_row, shown, shown_limit, slider
from components.term import term
from core.advice import worth_counts, worth_title
from core.policy.constraints import PER_ACTION, Constraints
from core.scenario import Scenario
from core.settings import currency


@dataclass(frozen=True)
class Offered:
    """What an audience can be asked for.

    actions: by name. segments: values by column. columns: of the audience's file. weights: numeric columns
    that a model does not read. spend: what contacting all who pay costs, money. binary: whether the outcome
    is yes or no.
    """

    actions: tuple[str, ...]
    segments: Mapping[str, tuple[str, ...]]
    columns: frozenset[str]
    weights: tuple[str, ...]
    spend: float
    binary: bool = False


NEEDS = {
    "max_per_period": ("contacts_in_period",),
    "min_days_since_contact": ("last_contacted_days",),
    "risk_aversion": ("uplift_se", "uplift_lo"),
}
"""The columns of the audience that a condition reads, any of them."""


def policy_form(scenario: Scenario, asked: Constraints, offered: Offered) -> html.Section:
    """The panel of controls; on a narrow screen it is a drawer that leaves the decision visible."""
    return html.Section(
        [
            html.Div(_sliders(scenario, asked, offered), className="fields"),
            html.Details(
                [
                    html.Summary("More conditions"),
                    html.Div(
                        [
                            html.Div(_numbers(asked, offered), className="form-grid"),
                            _not_to_be_had(asked, offered),
                            _actions(asked, offered),
                            _quotas(asked, offered),
                        ],
                        className="stack",
                    ),
                ],
                open=True,
                className="conditions",
            ),
            html.Div(id=ids.POLICY_NOTICE, **aria(live="polite")),
            dcc.Store(id=ids.POLICY_FORM),
        ],
        id=ids.CONTROLS,
        className="controls",
        **aria(label="Controls"),
    )


def _sliders(scenario: Scenario, asked: Constraints, offered: Offered) -> list[Any]:
    money, spend, costly = currency(), budget_top(offered.spend, asked.budget), cost_top(scenario.cost)
    return [
        slider("margin", [term("margin", "Margin"), " (% of revenue kept)"],
               shown("margin", scenario.margin), 100, 0.5, "%"),
        slider("cost", [f"Cost per contact ({money})"], scenario.cost, costly, nice_step(costly, 200), money),
        _worth(scenario, money, binary=offered.binary),
        slider("budget", [f"Budget ({money})"], asked.budget, spend, nice_step(spend, 200), money,
               under="Empty, or the slider at its right end: no limit."),
    ]  # fmt: skip


def _worth(scenario: Scenario, currency: str, *, binary: bool) -> html.Div | None:
    """What one response brings in; nothing where the outcome is money, which is worth what it is."""
    if not worth_counts(scenario, binary=binary):
        return None
    id = ids.limit("value")
    words = f"{worth_title(binary=binary)} ({currency})"
    return html.Div(
        [label(id, words), html.Div(number(id, scenario.value, currency), className="track alone")],
        className="control",
    )


def budget_top(spend: float, budget: float | None) -> float:
    """The right end of the budget slider: a round number that holds the budget and all that pays."""
    return 10 * nice_step(max(1.2 * spend, 1.5 * (budget or 0.0), 1.0), 10)


def _numbers(asked: Constraints, offered: Offered) -> list[Any]:
    one = "" if len(offered.actions) > 1 else "This model knows one action."
    plain: list[tuple[str, Any, str, str]] = [
        ("topn", "Contacts in all, at most", "", ""),
        ("max_per_customer", "Contacts per customer, at most", "", one),
        ("holdout", [term("hold-out", "Hold-out"), " share, never contacted"], "%", ""),
        ("roi_floor", "Profit for what is spent, at least", "%", ""),
        ("max_per_period", "Contacts per customer in the period, at most", "", ""),
        ("min_days_since_contact", "Days since the last contact, at least", "days", ""),
        ("risk_aversion", "Caution: standard errors taken off", "s.e.", ""),
    ]
    return [
        *(
            field(
                name, words, shown_limit(asked, name), unit, "" if name == "max_per_customer" else "none", why
            )
            for name, words, unit, why in plain
            if not _unasked(name, asked, offered)
        ),
        _weight(asked, offered),
    ]


def _unasked(name: str, asked: Constraints, offered: Offered) -> bool:
    """Whether the audience lacks what a condition reads; one of the link is shown all the same."""
    needs = NEEDS.get(name, ())
    there = any(column.split("[")[0] in needs for column in offered.columns)
    return bool(needs) and not there and getattr(asked, name) == getattr(Constraints(), name)


def _not_to_be_had(asked: Constraints, offered: Offered) -> html.P | None:
    """Why some conditions cannot be asked for."""
    lacking = [
        f"{SPOKEN[name].split(',')[0].lower()} (no column {needs[0]})"
        for name, needs in NEEDS.items()
        if _unasked(name, asked, offered)
    ]
    if not offered.weights and not asked.weight:
        lacking.append("weighing customers by their value (no column of numbers that the model does not use)")
    if not lacking:
        return None
    return html.P(f"What this audience has no data for: {'; '.join(lacking)}.", className="small muted")


def _weight(asked: Constraints, offered: Offered) -> html.Div | None:
    names = list(dict.fromkeys([*offered.weights, *([asked.weight] if asked.weight else [])]))
    if not names:
        return None
    words = ["Weigh customers by a column, such as ", term("CLV")]
    options = [{"label": "nothing: all alike", "value": ANY}, *({"label": n, "value": n} for n in names)]
    id = ids.limit("weight")
    return html.Div([label(id, words), dbc.Select(options, asked.weight or ANY, id=id)])


def _actions(asked: Constraints, offered: Offered) -> html.Div | None:
    """A row an action; with one action its number is the number in all."""
    if len(offered.actions) < 2:
        return None
    given = {part: dict(getattr(asked, part)) for part in PER_ACTION}
    units = {"capacity": "", "costs": currency(), "margins": "%"}
    rows = [
        html.Li(
            html.Div(
                [
                    html.Span(action, className="who"),
                    *(_of_action(part, place, given[part].get(action), units[part]) for part in PER_ACTION),
                ],
                className="quota",
                role="group",
                **aria(label=action),
            )
        )
        for place, action in enumerate(offered.actions)
    ]
    return html.Div(
        [html.H3("Each action", className="label"), html.Ul(rows, className="quotas")], className="stack-s"
    )


def _of_action(part: str, place: int, value: float | None, unit: str) -> html.Div:
    id, hint = ids.per_action(part, place), "none" if part == "capacity" else "same"
    return html.Div([label(id, SPOKEN[part]), number(id, shown(part, value), unit, hint)])


def _quotas(asked: Constraints, offered: Offered) -> html.Div:
    rows = [
        quota_row(row, quota, offered.segments, offered.actions) for row, quota in enumerate(asked.quotas)
    ]
    return html.Div(
        [
            html.H3("Quotas: at least or at most so many contacts in a segment", className="label"),
            html.Ul(rows, id=ids.QUOTAS, className="quotas"),
            html.Div(
                html.Button(
                    [icon("plus-lg"), "Add a quota"], id=ids.QUOTA_ADD, className="btn btn-sm btn-quiet"
                )
            ),
        ],
        className="stack-s",
    )
