"""What each column of a campaign file is for: proposed, and open to correction."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from components import ids
from components.aria import aria, marks
from components.icons import icon
from components.term import term
from core.data.roles import Proposal
from core.data.schema import Roles
from core.uplift.learners import DEFAULT, LEARNERS
from core.uplift.training import AUTO

NO_ID = "(number the rows)"
ALIKE = "(the same for all)"
EACH = "each"
"""Every contact value is an arm of its own."""


def roles_form(proposal: Proposal, roles: Roles | None, data_id: str = "") -> html.Section:
    """roles: what is already known of the campaign; else the proposal's guess, role by role.

    The browser remembers the model chosen for `data_id` until it is closed.
    """
    return html.Section(
        [
            html.Div(_fields(proposal, roles, data_id), className="form-grid"),
            html.Div(
                html.Button(
                    [icon("play-fill"), "Train the model"], id=ids.TRAIN, className="btn btn-primary"
                ),
                className="actions",
            ),
            html.Div(id=ids.TRAIN_ANSWER),
        ],
        className="stack",
        **aria(label="What the columns are for"),
    )


def _fields(proposal: Proposal, chosen: Roles | None, data_id: str) -> list[html.Div]:
    columns = [column for column, _ in proposal.kinds]
    likely = [choice.column for choice in proposal.treatments]
    guess = proposal.guess
    treatment = chosen.treatment if chosen else guess.get("treatment")
    controls, control = values_of(proposal, treatment)
    learners = [{"label": info.title, "value": name} for name, info in LEARNERS.items()]
    learners.append({"label": "All compared, the best kept (takes minutes)", "value": AUTO})
    return [
        _field(
            "treatment",
            "Who was contacted",
            _options(_first(likely, columns)),
            treatment,
            "The column that says who got the campaign, and which one.",
        ),
        _field(
            "control",
            ["Value of the ", term("control group")],
            controls,
            chosen.control if chosen else control,
            "Customers left alone, by chance.",
        ),
        _field(
            "outcome",
            "Outcome",
            _options(_first(proposal.outcomes, columns)),
            chosen.outcome if chosen else guess.get("outcome"),
            "What they did afterwards: revenue, or 0/1.",
        ),
        _field(
            "id",
            "Customer id",
            _options([NO_ID, *_first(proposal.ids, columns)]),
            (chosen.id if chosen else guess.get("id")) or NO_ID,
            "Kept as text; leading zeros survive.",
        ),
        _field(
            "drop",
            "Leave out",
            _options(columns),
            list(chosen.drop) if chosen else [],
            "Columns not to learn from, such as those written after the contact. Some are found without you.",
            multi=True,
        ),
        _field(
            "arms",
            "Several kinds of contact",
            [
                {"label": "Count as one", "value": "one"},
                {"label": "Told apart, the best for each", "value": EACH},
            ],
            EACH if chosen and chosen.arms else "one",
            "One uplift for letter and e-mail, say; or one each, and the better for each customer.",
        ),
        _field(
            "propensity",
            "Chance of contact",
            _options([ALIKE, *(column for column, kind in proposal.kinds if kind == "numeric")]),
            (chosen.propensity if chosen else None) or ALIKE,
            "Only if some were likelier to be contacted by design: the column that says how likely, 0 to 1.",
        ),
        _field(
            "learner",
            "Model",
            learners,
            DEFAULT,
            "The one proposed is the careful choice.",
            remembered=data_id,
        ),
    ]


def values_of(proposal: Proposal, column: str | None) -> tuple[list[dict[str, str]], str | None]:
    """The values of a treatment column to choose the control from, and the likely one."""
    choice = next((c for c in proposal.treatments if c.column == column), None)
    return (_options(choice.values), choice.control) if choice else ([], None)


def _first(likely: Any, columns: list[str]) -> list[str]:
    return [*likely, *(c for c in columns if c not in likely)]


def _options(values: Any) -> list[dict[str, str]]:
    return [{"label": str(v), "value": str(v)} for v in values]


def _field(
    name: str,
    words: Any,
    options: list[dict[str, str]],
    value: Any,
    why: str,
    *,
    multi: bool = False,
    remembered: str = "",
) -> html.Div:
    chooser: Any = dbc.Select(
        id=ids.role(name),
        options=options,
        value=value,
        placeholder="Choose",
        persistence=remembered or None,
        persistence_type="session",
    )
    label: Any = html.Label(words, htmlFor=ids.role(name), className="label")
    if multi:
        chooser = html.Div(
            dcc.Dropdown(options, value, id=ids.role(name), multi=True, placeholder="None"),
            **marks(names_dropdown=f"{ids.role(name)}-label"),
        )
        label = html.Div(words, className="label", id=f"{ids.role(name)}-label")
    return html.Div([label, chooser, html.P(why, className="why")])
