"""The columns of a contact list in words, as the headings of a sheet and in its legend."""

from __future__ import annotations

from collections.abc import Iterable

from core.advice.formats import count

_OURS: dict[str, tuple[str, str]] = {
    "row_id": ("Customer", "the customer's id"),
    "rank": ("Rank", "place on the list, 1 is best"),
    "action": ("Contact by", "the action that the plan chose"),
    "arm": ("Contact with", "the contact that suits the customer best"),
    "reason": ("Why", "why the customer is on the list"),
    "exp_profit_per_contact": (
        "Predicted profit",
        "margin · extra revenue less the cost of the contact, money",
    ),
    "exp_incremental_revenue": ("Extra revenue", "predicted revenue caused by the contact, money"),
    "contact_cost": ("Cost", "of this contact, money"),
    "uplift_hat": ("Predicted uplift", "predicted outcome with the contact less that without, outcome units"),
    "y1_hat": ("If contacted", "predicted outcome with the contact, outcome units"),
    "y0_hat": ("If not", "predicted outcome without the contact, outcome units"),
    "profit_after_prices": (
        "After prices of limits",
        "predicted profit less the prices of the limits, money",
    ),
    "runner_up": ("Next best", "the action that would have come next"),
    "runner_up_after_prices": ("Next best after prices", "its predicted profit less the prices, money"),
}


_OF_PLANS = frozenset(
    ("action", "reason", "contact_cost", "profit_after_prices", "runner_up", "runner_up_after_prices")
)


def ours(names: Iterable[str]) -> frozenset[str]:
    """Those of a list's columns that are ours: a campaign may have a column `arm` or `reason` too."""
    names = frozenset(names)
    known = {name for name in names if _heading(name)}
    if "y0_hat" in names:  # a plain list
        known -= _OF_PLANS
    several = any(name.startswith("uplift_hat[") for name in names)
    return frozenset(known if several else known - {"arm"})


def headings(names: Iterable[str]) -> dict[str, str]:
    """How each column of a contact list is headed. Columns of the user's own keep their names; where one has
    the name of a heading, that heading has the technical name behind it.
    """
    names = list(names)
    known = ours(names)
    theirs = set(names) - known
    out = {}
    for name in names:
        words = _heading(name) if name in known else name
        out[name] = f"{words} ({name})" if words in theirs and words != name else words
    return out


def legend(names: Iterable[str]) -> list[tuple[str, str]]:
    """(heading, technical name and meaning) of each column that is ours."""
    names = list(names)
    known = ours(names)
    return [(words, f"{name}: {_meaning(name)}") for name, words in headings(names).items() if name in known]


def _heading(name: str) -> str:
    if name.startswith("uplift_hat["):
        return f"Predicted uplift by {name[len('uplift_hat[') : -1]}"
    return _OURS.get(name, ("", ""))[0]


def _meaning(name: str) -> str:
    return _OURS["uplift_hat" if name.startswith("uplift_hat[") else name][1]


def first_columns(shown: int, columns: int) -> str:
    """Of a table that is cut off at its side."""
    return f"The first {count(shown)} of {count(columns)} columns."
