"""The controls of a test's design: each a number with its unit; all of them stand in the URL."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components.aria import aria
from components.number_box import number_box
from components.term import term
from core.plan import Plan
from core.settings import currency

FIELDS = ("base", "deviation", "effect", "holdout", "power", "customers")
_SHARES = {"holdout", "power", "base"}


def design_form(plan: Plan) -> html.Section:
    """The form of a plan. Shares are shown as percents."""
    rate = plan.kind == "rate"
    shown = shown_values(plan)
    return html.Section(
        [
            html.Div(
                [
                    html.Span("Outcome", id="kind-label", className="small fw-semibold"),
                    dbc.RadioItems(
                        [
                            {"label": "Yes or no, such as a visit", "value": "rate"},
                            {"label": "An amount, such as revenue", "value": "amount"},
                        ],
                        value=plan.kind,
                        id=ids.design("kind"),
                        className="segments",
                        inline=True,
                    ),
                ],
                className="row-of",
                role="group",
                **aria(labelledby="kind-label"),
            ),
            html.Div(
                [
                    _field("base", "Response without contact", "%", shown["base"], hidden=not rate),
                    _field("deviation", "Standard deviation of the amount", currency(), shown["deviation"],
                           hidden=rate),
                    _field("effect", ["Smallest ", term("uplift"), " that matters, a customer"],
                           effect_unit(plan.kind), shown["effect"]),
                    _field("holdout", [term("hold-out", "Hold-out"), " share, not contacted"], "%",
                           shown["holdout"]),
                    _field("power", "Probability to see it", "%", shown["power"]),
                    _field("customers", "Customers you have (may stay empty)", "", shown["customers"]),
                ],
                className="form-grid",
            ),
        ],
        className="panel stack",
        **aria(label="What the test is to show"),
    )  # fmt: skip


def effect_unit(kind: str) -> str:
    return "points" if kind == "rate" else currency()


def shown_values(plan: Plan) -> dict[str, float | None]:
    """The form's numbers of a plan: shares as percents, a rate's effect in percentage points."""
    values: dict[str, float | None] = {name: getattr(plan, name) for name in FIELDS}
    scaled = _SHARES | ({"effect"} if plan.kind == "rate" else set())
    return {
        name: value if value is None or name not in scaled else float(f"{value * 100:.10g}")
        for name, value in values.items()
    }


def lacking(kind: str, numbers: dict[str, Any]) -> str | None:
    """The first number that the form shows and needs, and that is not there. customers may stay empty."""
    unused = {"customers", "deviation" if kind == "rate" else "base"}
    return next((name for name in FIELDS if name not in unused and numbers[name] in (None, "")), None)


def query_of(kind: str, numbers: dict[str, Any]) -> dict[str, str]:
    """The URL query of the form's numbers; what is empty is left out."""
    scaled = _SHARES | ({"effect"} if kind == "rate" else set())
    query = {"kind": kind}
    for name, value in numbers.items():
        if value not in (None, ""):
            query[name] = format(float(value) / 100 if name in scaled else float(value), ".10g")
    return query


def _field(name: str, words: Any, unit: str, value: float | None, *, hidden: bool = False) -> html.Div:
    return html.Div(
        [
            html.Label(words, htmlFor=ids.design(name), className="label"),
            html.Div(
                [
                    number_box(ids.design(name), value, whole=name == "customers"),
                    html.Span(unit, id=ids.design(f"{name}-unit"), className="unit"),
                ],
                className="amount",
            ),
        ],
        id=ids.design(f"{name}-field"),
        hidden=hidden,
    )
