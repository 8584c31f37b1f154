"""A first guess at what each column of a campaign file is for, and what else a person may choose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from core.data import columns
from core.data.role_names import (
    BEFORE,
    CONTROL,
    ID,
    ID_PARTS,
    ID_WORDS,
    NOTHING,
    NUMBERS,
    OUTCOME,
    PERSONS,
    TREATMENT,
    plain,
)
from core.data.schema import Kind, Roles

MAX_ARMS = 20
"""A treatment column has at most this many different values."""

_SAMPLE = 20_000  # rows looked at to tell numbers from text


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
    can take that role, the likeliest first. guess: what is known of treatment, control, outcome and id one
    by one; a role without a likely column is not in it.
    """

    roles: Roles | None
    kinds: tuple[tuple[str, Kind], ...]
    ids: tuple[str, ...]
    treatments: tuple[Choice, ...]
    outcomes: tuple[str, ...]
    guess: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Proposal:
        """What `as_dict` gave, through JSON or not."""
        roles = value["roles"]
        lists = ("arms", "features", "drop")
        return cls(
            Roles(**{**roles, **{name: tuple(roles[name]) for name in lists}}) if roles else None,
            tuple((column, kind) for column, kind in value["kinds"]),
            tuple(value["ids"]),
            tuple(Choice(**{**choice, "values": tuple(choice["values"])}) for choice in value["treatments"]),
            tuple(value["outcomes"]),
            dict(value["guess"]),
        )


def propose(frame: pd.DataFrame) -> Proposal:
    """Guess id, treatment, control and outcome from names and values; nothing is an error here.

    On Hillstrom's file: treatment segment, control "No E-Mail", outcome spend, no id.
    """
    sample = frame.head(_SAMPLE)
    sample.attrs = frame.attrs
    kinds: tuple[tuple[str, Kind], ...] = tuple(
        (str(column), columns.kind(sample, column)) for column in frame.columns
    )
    numeric = [c for c, kind in kinds if kind == "numeric" or columns.yes_or_no(sample, c)]
    ids = sorted((c for c, kind in kinds if _is_id(sample, frame, c, kind)), key=lambda c: _rank(c, ID))
    choices = [choice for column, _ in kinds if (choice := _choice(frame, column))]
    treatments = sorted(choices, key=_unlikely)
    guess = _guess(ids, treatments, numeric)
    apart = (*ids, guess.get("treatment"))
    outcomes = sorted(
        (c for c in numeric if c not in ids), key=lambda c: (c in apart, _is_before(c), _rank(c, OUTCOME))
    )
    roles = None
    if {"treatment", "control", "outcome"} <= guess.keys():
        roles = Roles(guess["treatment"], guess["control"], guess["outcome"], id=guess.get("id"))
    return Proposal(roles, kinds, tuple(ids), tuple(treatments), tuple(outcomes), guess)


def _guess(ids: list[str], treatments: list[Choice], numeric: list[str]) -> dict[str, str]:
    guess = {"id": ids[0]} if ids else {}
    treatment = next((c for c in treatments if _is_likely(c) or _is_named(c.column, TREATMENT)), None)
    if treatment is not None:
        guess["treatment"] = treatment.column
        if treatment.control is not None:
            guess["control"] = treatment.control
    known = [c for c in numeric if c not in guess.values() and _is_named(c, OUTCOME) and not _is_before(c)]
    if known:
        guess["outcome"] = min(known, key=lambda c: _rank(c, OUTCOME))
    return guess


def _words(column: str) -> list[str]:
    split = re.sub(r"([a-z])([A-Z])", r"\1_\2", plain(column)).lower()
    return [word for word in re.split(r"[^a-z0-9]+", split) if word]


def _rank(column: str, names: tuple[str, ...]) -> tuple[int, int]:
    """(place of the first of `names` that is the column's name or one of its words, 0 for the whole name)."""
    whole = "_".join(_words(column))
    for place, name in enumerate(names):
        if whole == name:
            return place, 0
        if name in _words(column) or whole.startswith(f"{name}_"):
            return place, 1
    return len(names), 0


def _is_named(column: str, names: tuple[str, ...]) -> bool:
    return _rank(column, names)[0] < len(names)


def _is_before(column: str) -> bool:
    return any(word in BEFORE for word in _words(column))


def _is_id(sample: pd.DataFrame, frame: pd.DataFrame, column: str, kind: Kind) -> bool:
    """A value of its own in every row, and the name of an id or digits with leading zeros."""
    few = columns.text(sample, column)
    if few.isna().any() or not few.is_unique:  # cheap: most columns repeat at once
        return False
    if called_id(column):
        fractions = kind == "numeric" and few.str.fullmatch(r"-?[0-9]+[.,][0-9]+").any()
        possible = not fractions
    else:
        possible = bool(few.str.fullmatch("[0-9]+").all() and few.str.startswith("0").any()) and len(few) > 1
        possible = possible and kind == "categorical"
    values = columns.text(frame, column) if possible else few
    return possible and not values.isna().any() and values.is_unique


def called_id(column: str) -> bool:
    """Whether a column has the name of an id, in five languages."""
    words = _words(column)
    if _is_named(column, OUTCOME) and not {"id", "nr"} & set(words):
        return False
    numbered = any(w in NUMBERS for w in words) and any(w in PERSONS for w in words)
    return any(w in ID_WORDS for w in words) or numbered or ID_PARTS.search("_".join(words)) is not None


def _choice(frame: pd.DataFrame, column: str) -> Choice | None:
    values = columns.distinct(frame, column, MAX_ARMS)
    if values is None or len(values) < 2:
        return None
    control = next((value for value in values if CONTROL.fullmatch(plain(value))), None)
    if control is None:
        control = next((value for value in values if NOTHING.fullmatch(value)), None)
    return Choice(column, values, control)


def _named_control(choice: Choice) -> bool:
    return choice.control is not None and NOTHING.fullmatch(choice.control) is None


def _is_likely(choice: Choice) -> bool:
    named = _is_named(choice.column, TREATMENT)
    return _named_control(choice) or (choice.control is not None and named)


def _unlikely(choice: Choice) -> tuple[bool, bool, tuple[int, int]]:
    """Sort key: a column called like a treatment with a control first."""
    rank = _rank(choice.column, TREATMENT)
    return not _is_likely(choice), not _named_control(choice), rank
