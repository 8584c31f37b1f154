"""The one frozen value that holds every control, and its two-way translation to a URL query."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

from core.errors import SettingError

Policy = Literal["bestN", "pos"]
Choice = TypeVar("Choice", bound=str)

POLICIES: tuple[Policy, ...] = ("bestN", "pos")
BOUNDS: dict[str, tuple[float, float]] = {"margin": (0.0, 1.0), "cost": (0.0, 1e6), "value": (0.0, 1e6)}
MAX_CONTACTS = 1_000_000_000
MAX_NAME = 60
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Whom to contact under which economics.

    margin: share of revenue kept, 0-1. cost: money per contact. value: money per outcome unit (1 for
    revenue). topn: contacts wanted, None to let the profit decide. policy: "bestN" (the topn best, or all
    that pay) or "pos" (all whose predicted profit is positive). data, model: ids in the store. name: what
    people call it, at most MAX_NAME characters; it changes nothing that is computed.
    """

    data: str | None = None
    model: str | None = None
    margin: float = 0.30
    cost: float = 0.05
    value: float = 1.0
    topn: int | None = None
    policy: Policy = "bestN"
    name: str | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            number = getattr(self, name)
            if not math.isfinite(number) or not low <= number <= high:
                raise SettingError(
                    f"{name} is {number}; it must be a number between {low:g} and {high:g}.",
                    "A margin of 30 % is written 0.30." if name == "margin" else "",
                )
        if self.topn is not None and not 0 <= self.topn <= MAX_CONTACTS:
            raise SettingError(f"topn is {self.topn}; it must be a whole number from 0 to {MAX_CONTACTS:,}.")
        if self.policy not in POLICIES:
            raise SettingError(f"policy is '{self.policy}'; it must be one of {', '.join(POLICIES)}.")
        for name in ("data", "model"):
            identifier = getattr(self, name)
            if identifier is not None and not _ID.fullmatch(identifier):
                raise SettingError(f"{name} is not an id: letters, digits, - and _, at most 64 characters.")
        if self.name is not None and not (0 < len(self.name) <= MAX_NAME and self.name.isprintable()):
            raise SettingError(
                f"The scenario's name must be 1 to {MAX_NAME} printable characters on one line.",
                "Shorten it.",
            )

    @property
    def worth(self) -> float:
        """Profit of one outcome unit, money: margin · value."""
        return self.margin * self.value

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Scenario, tuple[str, ...]]:
        """Read a URL query. What is missing takes its default; what is wrong too, with a notice for people.

        Unknown keys are ignored: they belong to other parts of a page.
        """
        scenario, notices = cls(), []
        for spec in fields(cls):
            raw = query.get(spec.name, "")
            if not isinstance(raw, str) or not raw.strip():
                continue
            try:
                scenario = replace(scenario, **{spec.name: _parse(spec.name, raw.strip())})
            except (SettingError, ValueError, OverflowError):
                default = getattr(scenario, spec.name)
                shown = "none" if default is None else default
                if spec.name == "margin":  # as the page shows it
                    shown = f"{100 * default:g} %"
                notices.append(f"The link's {spec.name} could not be used; {shown} stands in its place.")
        return scenario, tuple(notices)

    def to_query(self) -> dict[str, str]:
        """Every control as text, in a fixed order; only what is None is left out."""
        return {
            spec.name: _text(getattr(self, spec.name))
            for spec in fields(self)
            if getattr(self, spec.name) is not None
        }

    def query_string(self) -> str:
        """The query as it stands behind the question mark of a URL."""
        return urlencode(self.to_query())


def chosen(
    query: Mapping[str, str], key: str, choices: Mapping[Choice, str]
) -> tuple[Choice, tuple[str, ...]]:
    """One of a page's own choices as a link says it. choices: values with their words, the first the default.

    What is missing is the default; what is not among them too, with a notice for people.
    """
    first = next(iter(choices))
    known = {str(value): value for value in choices}
    given = query.get(key, str(first))
    if given in known:
        return known[given], ()
    return first, (f"The link's {key} could not be used; '{choices[first]}' stands in its place.",)


def _parse(name: str, raw: str) -> Any:
    if name in BOUNDS:
        return float(raw)
    if name == "topn":
        number = float(raw)
        if not number.is_integer():
            raise ValueError(raw)
        return int(number)
    return raw


def _text(value: object) -> str:
    return format(value, ".10g") if isinstance(value, float) else str(value)
