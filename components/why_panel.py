"""Why the model ranks as it does: features, best against worst tenth, three questions, the four groups."""

from __future__ import annotations

from typing import Any

from dash import html

from components.decile_figure import amount
from components.plain_table import plain_table
from components.term import term
from components.words import unbroken
from core.advice import percent
from core.uplift.groups import Bounds, FourGroups
from core.uplift.rules import Rule
from core.uplift.why import Why

SHOWN = 8
_GROUPS = (
    ("persuadables", "Persuadables", "act only if contacted"),
    ("sure_things", "Sure things", "act either way"),
    ("lost_causes", "Lost causes", "act neither way"),
    ("do_not_disturb", "Do not disturb", "act only if left alone"),
)


def why_panels(why: Why, *, binary: bool) -> list[Any]:
    """Sections in the order of the questions people ask. binary: outcome 0/1."""
    if why.profile.empty:
        ranked: list[Any] = [
            _panel(
                "Why these customers",
                html.P(
                    "The model gives every customer the same uplift, because none of the differences it saw "
                    "held on customers it did not learn from. There is no ranking to explain."
                ),
            )
        ]
    else:
        ranked = [_importance(why, binary=binary), _profile(why), _rules(why, binary=binary)]
    return [*ranked, _groups(why.groups)]


def _panel(head: str, *parts: Any) -> html.Section:
    return html.Section([html.H2(unbroken(head)), *parts], className="panel stack")


def _importance(why: Why, *, binary: bool) -> html.Section:
    rows = [
        (
            str(row["feature"]),
            amount(float(row["lost"]), binary=binary),
            f"{amount(float(row['lo']), binary=binary)} to {amount(float(row['hi']), binary=binary)}",
        )
        for row in why.importance.head(SHOWN).to_dict("records")
    ]
    sure = [str(row["feature"]) for row in why.importance.to_dict("records") if float(row["lo"]) > 0]
    head = (
        f"The ranking lives on {_listed(sure[:3])}"
        if sure
        else "No single feature carries the ranking beyond chance"
    )
    return _panel(
        head,
        html.P(
            "What the campaign gains less, per customer, when a feature is shuffled between customers.",
            className="muted",
        ),
        plain_table("Importance of the features", ("Feature", "Lost", "90 % interval"), rows),
    )


def _profile(why: Why) -> html.Section:
    table = why.profile.head(SHOWN).to_dict("records")
    rows = [
        (
            f"{row['feature']} = {row['level']}" if row["level"] else str(row["feature"]),
            *(_number(float(row[part]), share=bool(row["level"])) for part in ("top", "bottom", "everyone")),
        )
        for row in table
    ]
    first = table[0]
    name = f"{first['feature']} = {first['level']}" if first["level"] else str(first["feature"])
    up = float(first["difference"]) > 0
    more, higher = ("more", "a higher") if up else ("fewer", "a lower")
    head = (
        f"The best tenth has {more} customers with {name} than the last"
        if first["level"]
        else f"The best tenth has {higher} {name} than the last"
    )
    columns = ("Feature", "Best tenth", "Last tenth", "Everyone")
    return _panel(head, plain_table("Best against worst tenth", columns, rows))


def _rules(why: Why, *, binary: bool) -> html.Section:
    rows = [
        (
            _conditions(rule),
            percent(rule.share),
            amount(rule.predicted, binary=binary),
            _measured(rule, binary),
        )
        for rule in why.tree.rules
    ]
    return _panel(
        f"Three questions explain {percent(why.tree.fidelity, 0)} of the ranking",
        plain_table(
            "The ranking as rules",
            ("Customers", "Share", "Predicted uplift", "Measured, 90 % interval"),
            rows,
        ),
    )


def _conditions(rule: Rule) -> Any:
    words = [str(condition) for condition in rule.conditions] or ["everyone"]
    return html.Span(" and ".join(words), className="rule")


def _measured(rule: Rule, binary: bool) -> str:
    if rule.measured is None:
        return "not measurable"
    m = rule.measured
    low, high = amount(m.lo, binary=binary), amount(m.hi, binary=binary)
    return f"{amount(m.value, binary=binary)} ({low} to {high})"


def _groups(groups: FourGroups) -> html.Section:
    rows = [
        (html.Span([html.B(name), html.Br(), html.Span(words, className="muted")]), _bounds(groups, key))
        for key, name, words in _GROUPS
    ]
    most = groups.persuadables
    return _panel(
        f"{percent(most.low)} to {percent(most.high)} of the customers act only because of the contact",
        html.P(
            [
                "No one is ever seen both contacted and not, so an experiment gives bounds, not shares. ",
                "The ",
                term("uplift"),
                " is the first group less the last.",
            ],
            className="muted",
        ),
        plain_table("The four groups", ("Group", "At least to at most"), rows),
    )


def _bounds(groups: FourGroups, key: str) -> str:
    bounds: Bounds = getattr(groups, key)
    return f"{percent(bounds.low)} to {percent(bounds.high)}"


def _number(value: float, *, share: bool) -> str:
    return percent(value) if share else f"{value:,.4g}".replace("-", "−")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
