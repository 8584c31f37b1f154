"""What the columns of a file of orders are for, and what is asked of the model."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import ids
from components.aria import aria, marks
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
SETTINGS = ("model", "horizon", "discount", "end")


def clv_form(columns: list[str], roles: TransactionRoles | None) -> html.Section:
    """columns: of the file. roles: proposed by their names."""
    choices = [{"label": c, "value": c} for c in [NONE, *columns]]
    fields = [
        _field(
            f"clv-{role}",
            words,
            why,
            dcc.Dropdown(
                choices,
                (getattr(roles, role) if roles else None) or NONE,
                id=ids.clv_role(role),
                clearable=False,
            ),
        )
        for role, (words, why) in ROLES.items()
    ]
    models = [{"label": model.title, "value": key} for key, model in MODELS.items()]
    fields += [
        _field(
            "clv-model",
            "Model",
            "All three are checked on a holdout; this one predicts.",
            dcc.Dropdown(models, "bg-nbd", id=ids.clv_setting("model"), clearable=False),
        ),
        _field(
            "clv-horizon",
            "Horizon, days",
            "How far to predict; a year is 365.",
            _number("horizon", 365, 1, 36_525),
        ),
        _field(
            "clv-discount",
            "Discount rate, % a year",
            "What money next year is worth less today.",
            _number("discount", 10, 0, 900),
        ),
        _field(
            "clv-end",
            "End of observation",
            "YYYY-MM-DD; empty: the day of the last order.",
            dcc.Input(
                id=ids.clv_setting("end"),
                type="text",
                value="",
                placeholder="last order",
                className="form-control",
                debounce=True,
            ),
        ),
    ]
    return html.Section(
        [
            html.H2("What the columns are for"),
            html.Div(fields, className="form-grid"),
            html.Div(
                html.Button(
                    [icon("play-fill"), "Compute the values"], id=ids.CLV_RUN, className="btn btn-primary"
                ),
                className="actions",
            ),
            html.Div(id=ids.CLV_ANSWER),
        ],
        className="panel stack",
        **aria(label="What the columns are for"),
    )


def _number(name: str, value: float, low: float, high: float) -> dcc.Input:
    return dcc.Input(
        id=ids.clv_setting(name),
        type="number",
        value=value,
        min=low,
        max=high,
        step="any",
        className="form-control",
    )


def _field(name: str, words: str, why: str, control: Any) -> html.Div:
    return html.Div(
        [
            html.Div(words, className="label", id=f"{name}-label"),
            html.Div(control, **marks(names_dropdown=f"{name}-label")),
            html.P(why, className="why"),
        ]
    )
