"""What the columns of a file of orders are for, and what is asked of the model."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from core.clv.purchase import MODELS
from core.clv.transaction_roles import TransactionRoles

NONE = "(not in the file)"
ROLES: dict[str, tuple[str, str]] = {
    "customer": ("Customer", "Kept as text; leading zeros survive."),
    "date": ("Day of the order", "Several lines of a day are one order."),
    "amount": ("Amount", "Or quantity and price below."),
    "quantity": ("Quantity", "Pieces of a line."),
    "price": ("Price of a piece", "Times quantity: the amount."),
    "invoice": ("Order number", "Tells repeated lines and cancellations."),
    "product": ("Product", "Tells postage and fees from goods."),
}
SETTINGS = ("model", "horizon", "discount", "end", "dates", "cancellations", "services")
_CHOICES: dict[str, tuple[str, str, dict[str, str]]] = {
    "dates": (
        "Dates such as 03/04/2024",
        "Asked only where no row tells.",
        {"file": "as the file tells", "day": "the day first", "month": "the month first"},
    ),
    "cancellations": (
        "Cancellations",
        "Lines that take an order back.",
        {"drop": "leave them out", "net": "take them from the order they cancel"},
    ),
    "services": (
        "Postage, fees, vouchers",
        "Lines that are no goods, by their product code.",
        {"keep": "keep them", "drop": "leave them out"},
    ),
}


def clv_form(columns: list[str], roles: TransactionRoles | None) -> html.Section:
    """columns: of the file. roles: proposed by their names."""
    choices = [{"label": column, "value": column} for column in [NONE, *columns]]
    fields = [
        _field(
            words,
            why,
            dbc.Select(
                id=ids.clv_role(role),
                options=choices,
                value=(getattr(roles, role) if roles else None) or NONE,
            ),
        )
        for role, (words, why) in ROLES.items()
    ]
    models = [{"label": model.title, "value": key} for key, model in MODELS.items()]
    fields += [
        _field(
            "Model",
            "All three are checked on a holdout; this one predicts.",
            dbc.Select(id=ids.clv_setting("model"), options=models, value="bg-nbd"),
        ),
        _field("Horizon, days", "How far to predict; a year is 365.", _number("horizon", 365)),
        _field(
            "Discount rate, % a year",
            "What money next year is worth less today.",
            _number("discount", 10),
        ),
        _field(
            "End of observation",
            "YYYY-MM-DD; empty: the day of the last order.",
            dbc.Input(id=ids.clv_setting("end"), type="text", value="", placeholder="last order"),
        ),
    ]
    fields += [_choice(name) for name in _CHOICES]
    run = html.Button([icon("play-fill"), "Compute the values"], id=ids.CLV_RUN, className="btn btn-primary")
    return html.Section(
        [
            html.H2("What the columns are for"),
            html.Div(fields, className="form-grid"),
            html.Div(run, className="actions"),
            html.Div(id=ids.CLV_ANSWER),
        ],
        className="panel stack",
        **aria(label="What the columns are for"),
    )


def _number(name: str, value: float) -> dbc.Input:
    # without bounds of its own: the browser would keep quiet about a 0, the refusal says what is possible
    return dbc.Input(id=ids.clv_setting(name), type="number", value=value, step="any")


def _choice(name: str) -> html.Div:
    words, why, choices = _CHOICES[name]
    options = [{"label": label, "value": value} for value, label in choices.items()]
    return _field(
        words, why, dbc.Select(id=ids.clv_setting(name), options=options, value=next(iter(choices)))
    )


def _field(words: str, why: str, control: Any) -> html.Div:
    label = html.Label(words, htmlFor=control.id, className="label")
    return html.Div([label, control, html.P(why, className="why")])
