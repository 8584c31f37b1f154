"""What customer values are good for: joined to a campaign, for reading, weighing or learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html

from components import ids
from components.icons import icon
from components.page import notice
from core.clv import result_words
from core.clv.joining import Joined
from core.clv.merge import WEIGHT
from core.policy.constraints import Constraints
from core.scenario import Scenario

Option = dict[str, str]
_USES = {
    "report": "read them beside uplift",
    "weight": f"weigh the decision ({WEIGHT})",
    "feature": "learn from them (features)",
}


@dataclass(frozen=True)
class Target:
    """A data set that values may be joined to. id_column: the likely one, None where none looks like it."""

    name: str
    scenario: Scenario
    columns: tuple[str, ...]
    id_column: str | None


def use_form(computed_until: str, here: Target | None) -> html.Section:
    """computed_until: the last day the values know of. here: the data set in the link."""
    options = audiences(here.scenario, here.name, []) if here else []
    columns = id_options(here.columns) if here else []
    fields = [
        _field(
            "Campaign or audience",
            result_words.WHICH_AUDIENCE,
            dbc.Select(
                options,
                options[0]["value"] if options else None,
                id=ids.CLV_AUDIENCE,
                placeholder="Open a campaign first",
            ),
        ),
        _field(
            "Customer id in it",
            id_words(here),
            dbc.Select(columns, here.id_column if here else None, id=ids.CLV_ID, placeholder="Choose"),
        ),
        _field(
            "Use them to",
            "Values computed after the campaign are refused as features.",
            dbc.Select([{"label": v, "value": k} for k, v in _USES.items()], "report", id=ids.CLV_USE),
        ),
        _field(
            "First day of the campaign",
            f"Only for features, YYYY-MM-DD. These values know of orders until {computed_until}.",
            dbc.Input(id=ids.CLV_TREATED, type="text", value="", placeholder="YYYY-MM-DD"),
        ),
    ]
    button = html.Button([icon("link-45deg"), "Join the values"], id=ids.CLV_JOIN, className="btn btn-quiet")
    return html.Section(
        [
            html.H2("Use these values"),
            html.P(result_words.USE, className="muted"),
            html.Div(fields, className="form-grid"),
            html.Div(button, className="actions"),
            html.Div(id=ids.CLV_JOINED),
        ],
        className="panel stack",
    )


def id_options(columns: Sequence[str]) -> list[Option]:
    """The columns to choose the id from."""
    return [{"label": column, "value": column} for column in columns]


def id_words(here: Target | None) -> str:
    """What is to be known of the id's column; that none looks like it."""
    none = here is not None and here.id_column is None
    return result_words.NO_ID_COLUMN if none else result_words.ID_COLUMN


def audiences(scenario: Scenario, name: str | None, recent: list[dict[str, str]]) -> list[Option]:
    """The campaign of the link first, then those this browser has seen; the value is a link's query.

    name: of the link's data set, None where there is none.
    """
    seen = [(name, scenario)] if name else []
    for entry in recent:
        known, _ = Scenario.from_query({key: str(entry.get(key, "")) for key in ("data", "model")})
        seen.append((str(entry.get("name", "")), known))
    found = {one.data: (words, one) for words, one in reversed(seen) if one.data}
    return [
        {"label": words, "value": Scenario(data=one.data, model=one.model).query_string()}
        for words, one in reversed(found.values())
    ]


def joined_answer(found: Joined, use: str, result: str, scenario: Scenario) -> list[Any]:
    """How the ids fit together, and where the new data set leads. scenario: of the new data set."""
    query = scenario.query_string()
    links: dict[str, list[tuple[str, str]]] = {
        "report": [("See value against uplift", f"/clv?result={result}&{query}")],
        "weight": [
            ("Plan with the weight", f"/policy?{query}&{urlencode(Constraints(weight=WEIGHT).to_query())}")
        ],
        "feature": [],
    }
    ways = links[use] if scenario.model else []
    if scenario.model and use == "report":
        ways.append(("Contacts and pack", f"/contacts?{query}"))
    if use == "feature" or not ways:
        ways.append(("To its data page", f"/data?data={scenario.data}"))
    return [
        notice(found.merged.sentence),
        html.P(f"Kept as “{found.data.name}”. {result_words.JOINED_NEXT[use]}", className="muted"),
        html.Div(
            [
                dcc.Link([told, " ", icon("arrow-right")], href=href, className="btn btn-primary")
                if not place
                else dcc.Link(told, href=href, className="btn btn-quiet")
                for place, (told, href) in enumerate(ways)
            ],
            className="actions",
        ),
    ]


def _field(label: str, why: str, control: Any) -> html.Div:
    told = html.P(why, id=ids.why(control.id), className="why")
    return html.Div([html.Label(label, htmlFor=control.id, className="label"), control, told])
