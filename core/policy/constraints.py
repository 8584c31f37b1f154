"""What a contact plan must respect: one frozen value, read from and written to JSON and a URL query."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args

from core.errors import NotFoundError, SettingError

Effort = Literal["hard", "best"]
CustomerRule = Literal[
    "suppressed", "min_days_since_contact", "max_per_period", "max_per_customer", "holdout"
]
CUSTOMER_RULES: tuple[CustomerRule, ...] = get_args(CustomerRule)
"""Conditions on single customers, by their field; the column `suppressed` is the audience's own."""
PerAction = tuple[tuple[str, float], ...]
"""A number for each of some actions, in order of name."""

MAX_MONEY = 1e12
MAX_CONTACTS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Quota:
    """A minimum or maximum number of contacts in a segment, for an action, or both.

    column, value: the customers whose `column` is `value`; without them, all. action: only contacts by it.
    effort: "best" fills the minimum as far as the other conditions allow, and says by how much it is missed.
    """

    column: str | None = None
    value: str | None = None
    action: str | None = None
    min: int | None = None
    max: int | None = None
    effort: Effort = "hard"

    def __post_init__(self) -> None:
        if (self.column is None) != (self.value is None):
            raise SettingError("A quota names a column and a value, or neither.")
        if self.min is None and self.max is None:
            raise SettingError(f"The quota for {self.words} has neither min nor max.", "Give one of them.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise SettingError(
                f"The quota for {self.words} asks for at least {self.min:,} and at most {self.max:,}.",
                "Make min no larger than max.",
            )

    @property
    def words(self) -> str:
        """Whom and what it is about."""
        who = "all customers" if self.column is None else f"{self.column} = {self.value}"
        return who if self.action is None else f"{who} by {self.action}"


@dataclass(frozen=True, slots=True)
class Constraints:
    """The conditions of a plan. What is None does not bind.

    budget: money. topn: most contacts in all, of those that pay. capacity: contacts per action. quotas: in
    the order in which best-effort ones are filled. roi_floor: least profit per money spent. max_per_customer:
    contacts a customer may get in this plan; max_per_period: with those of the column contacts_in_period;
    min_days_since_contact: customers with a smaller last_contacted_days are left alone. holdout: share of
    customers never contacted, drawn by holdout_seed. risk_aversion: standard errors taken off every uplift.
    costs, margins: money and share per action, over the scenario's. weight: a column that multiplies a
    customer's uplift, e.g. a lifetime value relative to the average.
    """

    budget: float | None = None
    topn: int | None = None
    capacity: PerAction = ()
    quotas: tuple[Quota, ...] = ()
    roi_floor: float | None = None
    max_per_customer: int = 1
    max_per_period: int | None = None
    min_days_since_contact: float | None = None
    holdout: float = 0.0
    holdout_seed: int = 42
    risk_aversion: float = 0.0
    costs: PerAction = ()
    margins: PerAction = ()
    weight: str | None = None

    def __post_init__(self) -> None:
        for name in PER_ACTION:
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], source: str = "The constraints") -> Constraints:
        """Read what `as_dict` or a person wrote. Raises SettingError naming the key, what is wrong and the
        fix.
        """
        _known(values, [spec.name for spec in fields(cls)], source)
        return cls(**{name: _read(name, value, source) for name, value in values.items()})

    @classmethod
    def from_json(cls, text: str, source: str = "The constraints") -> Constraints:
        """Read JSON text: an object with the field names as keys."""
        try:
            values = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
        except ValueError as error:
            raise SettingError(f"{source}: not valid JSON ({error}).") from None
        if not isinstance(values, dict):
            raise SettingError(f"{source}: a JSON object was expected.", 'For example {"budget": 500}.')
        return cls.from_dict(values, source)

    @classmethod
    def read(cls, path: Path) -> Constraints:
        """Read a JSON file."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise NotFoundError(f"There is no file '{path.name}'.", "Check the path.") from None
        except (OSError, UnicodeDecodeError):
            raise SettingError(f"'{path.name}' is not a text file that can be read.") from None
        return cls.from_json(text, path.name)

    def as_dict(self) -> dict[str, Any]:
        """Every field that is not at its default, JSON-safe, in a fixed order."""
        default = Constraints()
        return {
            spec.name: _plain(spec.name, getattr(self, spec.name))
            for spec in fields(self)
            if getattr(self, spec.name) != getattr(default, spec.name)
        }

    def to_json(self) -> str:
        """JSON text that `from_json` reads back to an equal value."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def to_query(self) -> dict[str, str]:
        """The URL query: numbers as text, the others as compact JSON; only what is not at its default."""
        return {
            name: value
            if isinstance(value, str)
            else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            for name, value in self.as_dict().items()
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Constraints, tuple[str, ...]]:
        """Read a URL query. What is wrong takes its default, with a notice for people; other keys are
        ignored.
        """
        good: dict[str, Any] = {}
        notices = []
        for spec in fields(cls):
            raw = query.get(spec.name, "")
            if not isinstance(raw, str) or not raw.strip():
                continue
            try:
                value = raw.strip() if spec.name == "weight" else json.loads(raw, parse_constant=_no_constant)
                cls.from_dict({spec.name: value})
            except (SettingError, ValueError, RecursionError):
                were = "were" if spec.name in ("quotas", "costs", "margins") else "was"
                notices.append(f"The link's {spec.name} could not be used and {were} left out.")
            else:
                good[spec.name] = value
        return cls.from_dict(good), tuple(notices)


PER_ACTION = ("capacity", "costs", "margins")
_COUNTS = {"topn", "max_per_period", "max_per_customer", "holdout_seed"}
_NUMBERS: dict[str, tuple[float, float]] = {
    "budget": (0.0, MAX_MONEY),
    "roi_floor": (-1.0, 1e6),
    "min_days_since_contact": (0.0, 1e6),
    "holdout": (0.0, 1.0),
    "risk_aversion": (0.0, 10.0),
    "costs": (0.0, MAX_MONEY),
    "margins": (0.0, 1.0),
}
_HIGHEST = {"max_per_customer": 100, "max_per_period": 100_000}


def json_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of constraints.json."""

    def count(name: str = "") -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": _HIGHEST.get(name, MAX_CONTACTS)}

    def number(name: str) -> dict[str, Any]:
        low, high = _NUMBERS[name]
        return {"type": "number", "minimum": low, "maximum": high}

    text = {"type": "string", "minLength": 1}
    quota = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "column": text,
            "value": text,
            "action": text,
            "min": count(),
            "max": count(),
            "effort": {"enum": ["hard", "best"]},
        },
        "anyOf": [{"required": ["min"]}, {"required": ["max"]}],
        "dependentRequired": {"column": ["value"], "value": ["column"]},
    }
    kinds: dict[str, dict[str, Any]] = {
        **{name: count(name) for name in _COUNTS},
        **{name: number(name) for name in _NUMBERS if name not in PER_ACTION},
        "capacity": {"type": "object", "additionalProperties": count()},
        "costs": {"type": "object", "additionalProperties": number("costs")},
        "margins": {"type": "object", "additionalProperties": number("margins")},
        "quotas": {"type": "array", "items": quota},
        "weight": text,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Conditions of a contact plan",
        "type": "object",
        "additionalProperties": False,
        "properties": {spec.name: kinds[spec.name] for spec in fields(Constraints)},
    }


def _read(name: str, value: Any, source: str) -> Any:
    place = f"{source}: {name}"
    if name == "quotas":
        if not isinstance(value, list):
            raise SettingError(f"{place} must be a list of quotas.")
        return tuple(_quota(item, f"{place}[{n}]") for n, item in enumerate(value))
    if name in PER_ACTION:
        if not isinstance(value, Mapping):
            raise SettingError(f"{place} must give a number for each action.", 'For example {"email": 500}.')
        one = _count if name == "capacity" else _number
        return tuple(
            (str(action), float(one(name, item, f"{place}.{action}"))) for action, item in value.items()
        )
    if name == "weight":
        return _text(value, place)
    return _count(name, value, place) if name in _COUNTS else _number(name, value, place)


def _quota(value: Any, place: str) -> Quota:
    if not isinstance(value, Mapping):
        raise SettingError(f"{place} must be an object with min or max.")
    _known(value, [spec.name for spec in fields(Quota)], place)
    read: dict[str, Any] = {}
    for name, item in value.items():
        if name in ("min", "max"):
            read[name] = _count(name, item, f"{place}.{name}")
        elif name == "effort":
            if item not in ("hard", "best"):
                raise SettingError(f"{place}.effort is {_shown(item)}; it must be 'hard' or 'best'.")
            read[name] = item
        elif name == "value" and isinstance(item, (int, float)) and not isinstance(item, bool):
            read[name] = format(item, ".15g")
        else:
            read[name] = _text(item, f"{place}.{name}")
    try:
        return Quota(**read)
    except SettingError as error:
        raise SettingError(f"{place}: {error.message}", error.fix) from None


def _count(name: str, value: Any, place: str) -> int:
    high = _HIGHEST.get(name, MAX_CONTACTS)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value <= high or value != math.floor(value):
        raise SettingError(f"{place} is {_shown(value)}; it must be a whole number from 0 to {high:,}.")
    return int(value)


def _number(name: str, value: Any, place: str) -> float:
    low, high = _NUMBERS[name]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # neither is a number that is none, nor an infinite one
        fix = "A share of 10 % is written 0.10." if name in ("holdout", "margins") else ""
        raise SettingError(f"{place} is {_shown(value)}; it must be a number from {low:g} to {high:g}.", fix)
    return float(value)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise SettingError(f"{place} is {_shown(value)}; it must be text.")
    return value


def _known(values: Mapping[str, Any], names: list[str], source: str) -> None:
    for key in values:
        if key not in names:
            near = difflib.get_close_matches(str(key), names, n=1, cutoff=0.5)
            known = "Known are " + ", ".join(names) + "."
            raise SettingError(
                f"{source}: there is no '{key}'.", f"Did you mean '{near[0]}'?" if near else known
            )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else f"'{value}'"
    return text if len(text) <= 40 else text[:39] + "…"


def _plain(name: str, value: Any) -> Any:
    if name == "quotas":
        return [
            {
                spec.name: item
                for spec in fields(quota)
                if (item := getattr(quota, spec.name)) is not None and (spec.name, item) != ("effort", "hard")
            }
            for quota in cast(tuple[Quota, ...], value)
        ]
    if name == "capacity":
        return {action: int(number) for action, number in value}
    return dict(value) if name in PER_ACTION else value


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"'{key}' is given twice")
        found[key] = value
    return found
