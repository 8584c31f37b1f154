"""A first guess at what each column of a campaign file is for, and what else a person may choose."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from core.data import columns
from core.data.schema import Kind, Roles

MAX_ARMS = 20
"""A treatment column has at most this many different values."""

_SAMPLE = 20_000  # rows looked at to tell numbers from text
_ID = ("row_id", "customer_id", "client_id", "user_id", "member_id", "contact_id", "customer", "id")
_TREATMENT = ("treatment", "treated", "treat", "arm", "group", "variant", "segment", "exposure", "campaign")
_CONTROL = re.compile(
    r"control.*|(no|without)[ _-]?(e-?mails?|mails?|mailing|contact|treatment|ads?|offer|message|campaign)"
    r"|none|no|holdout|hold[ _-]out|placebo|untreated|not (contacted|treated|mailed)|baseline",
    re.IGNORECASE,
)
_ZERO = ("0", "False", "false", "FALSE")
_OUTCOME = (
    *("spend", "revenue", "sales", "turnover", "amount", "profit", "value", "outcome", "target"),
    *("conversion", "converted", "purchase", "purchased", "bought", "response", "visit", "visited", "click"),
    "y",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that may be the treatment, and its different values, sorted; `control` is the likely one."""

    column: str
    values: tuple[str, ...]
    control: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the columns may be. roles: the guess, None where a person has to choose.

    kinds: every column of the file in its order with its kind. ids, treatments, outcomes: the columns that
    can take that role, the likeliest first.
    """

    roles: Roles | None
    kinds: tuple[tuple[str, Kind], ...]
    ids: tuple[str, ...]
    treatments: tuple[Choice, ...]
    outcomes: tuple[str, ...]


def propose(frame: pd.DataFrame) -> Proposal:
    """Guess id, treatment, control and outcome from names and values; nothing is an error here.

    On Hillstrom's file: treatment segment, control "No E-Mail", outcome spend, no id.
    """
    sample = frame.head(_SAMPLE)
    sample.attrs = frame.attrs
    kinds: tuple[tuple[str, Kind], ...] = tuple(
        (str(column), columns.kind(sample, column)) for column in frame.columns
    )
    numeric = [column for column, kind in kinds if kind == "numeric"]
    ids = sorted((c for c, _ in kinds if _is_id(frame, c)), key=lambda c: _rank(c, _ID))
    choices = [choice for column, _ in kinds if (choice := _choice(sample, frame, column))]
    treatments = sorted(choices, key=_unlikely)
    outcomes = sorted((c for c in numeric if c not in ids), key=lambda c: _rank(c, _OUTCOME))
    return Proposal(_roles(ids, treatments, outcomes), kinds, tuple(ids), tuple(treatments), tuple(outcomes))


def _roles(ids: list[str], treatments: list[Choice], outcomes: list[str]) -> Roles | None:
    treatment = next((choice for choice in treatments if _is_likely(choice)), None)
    if treatment is None or treatment.control is None:
        return None
    outcome = next((c for c in outcomes if c != treatment.column), None)
    if outcome is None or _rank(outcome, _OUTCOME)[0] == len(_OUTCOME):
        return None
    return Roles(treatment.column, treatment.control, outcome, id=ids[0] if ids else None)


def _words(column: str) -> list[str]:
    return re.split(r"[^a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", column).lower())


def _rank(column: str, names: tuple[str, ...]) -> tuple[int, int]:
    """(place of the first of `names` that is the column's name or one of its words, 0 for the whole name)."""
    whole = "_".join(_words(column))
    for place, name in enumerate(names):
        if whole == name:
            return place, 0
        if name in _words(column) or whole.startswith(f"{name}_"):
            return place, 1
    return len(names), 0


def _is_id(frame: pd.DataFrame, column: str) -> bool:
    words = _words(column)
    if words[-1] not in ("id", "customer") and not (words[-1] == "number" and "customer" in words):
        return False
    values = columns.text(frame, column)
    return not values.isna().any() and values.is_unique


def _choice(sample: pd.DataFrame, frame: pd.DataFrame, column: str) -> Choice | None:
    if columns.distinct(sample, column, MAX_ARMS) is None:  # cheap: most columns have many values at once
        return None
    values = columns.distinct(frame, column, MAX_ARMS)
    if values is None or len(values) < 2:
        return None
    control = next((value for value in values if _CONTROL.fullmatch(value)), None)
    if control is None:
        control = next((value for value in values if value in _ZERO), None)
    return Choice(column, values, control)


def _named_control(choice: Choice) -> bool:
    return choice.control is not None and choice.control not in _ZERO


def _is_likely(choice: Choice) -> bool:
    named = _rank(choice.column, _TREATMENT)[0] < len(_TREATMENT)
    return _named_control(choice) or (choice.control is not None and named)


def _unlikely(choice: Choice) -> tuple[bool, bool, tuple[int, int]]:
    """Sort key: a column called like a treatment with a control first."""
    rank = _rank(choice.column, _TREATMENT)
    return not _is_likely(choice), not _named_control(choice), rank
