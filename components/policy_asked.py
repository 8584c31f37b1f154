"""What the form of conditions asks for: its boxes as a scenario and a plan's constraints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from components.policy_fields import ANY, SPOKEN, taken
from core.errors import SettingError
from core.policy.constraints import PER_ACTION, Constraints
from core.scenario import Scenario

Sent = Iterable[Mapping[str, Any]]
"""The controls as the browser sends them: {"id": …, "value": …} each."""

_RANGES = {
    "margin": "Give a number from 0 to 100.",
    "holdout": "Give a number from 0 to 100.",
    "margins": "Give a number from 0 to 100.",
    "roi_floor": "Give -100 or more.",
    "risk_aversion": "Give a number from 0 to 10.",
    "cost": "Give an amount of 0 or more.",
    "value": "Give an amount from 0 to 1,000,000.",
    "costs": "Give an amount of 0 or more.",
    "budget": "Give an amount of 0 or more, or leave it empty.",
    "min_days_since_contact": "Give a number of 0 or more, or leave it empty.",
}
_ECONOMICS = ("margin", "cost", "value")
_COUNT = "Give a whole number of 0 or more, or leave it empty."


def asked_of(
    sent: Sent, scenario: Scenario, conditions: Constraints, actions: tuple[str, ...]
) -> tuple[Scenario, Constraints]:
    """The scenario and constraints of the form; what the form does not hold stays as it was. The number of
    contacts is the scenario's alone.

    Raises SettingError naming the first box whose number cannot be used.
    """
    found: dict[str, Any] = conditions.as_dict()
    found.pop("topn", None)  # the scenario's: kept here too, an emptied box would leave it standing
    per_action: dict[str, dict[str, Any]] = {}
    rows: dict[int, dict[str, Any]] = {}
    economics: dict[str, Any] = {}
    for control in sent:
        id, value = control["id"], control.get("value")
        empty = value in (None, "", ANY)
        if id["type"] == "per-action":
            part = per_action.setdefault(id["part"], {})
            if not empty:
                part[actions[id["action"]]] = _checked(id["part"], value)
        elif id["type"] == "quota":
            rows.setdefault(id["row"], {})[id["part"]] = value
        elif id["name"] in (*_ECONOMICS, "topn"):
            if id["name"] == "topn" or not empty:
                economics[id["name"]] = None if empty else _checked(id["name"], value)
        elif empty:
            found.pop(id["name"], None)
        else:
            found[id["name"]] = value if id["name"] == "weight" else _checked(id["name"], value)
    found |= per_action
    found["quotas"] = [quota for row in rows.values() if (quota := _quota(row))]
    return replace(scenario, **economics), Constraints.from_dict(found, "Your conditions")


def _checked(name: str, value: Any) -> Any:
    """The condition a box means, where it can be one."""
    try:
        number = taken(name, float(value))
        if name in _ECONOMICS:
            return getattr(replace(Scenario(), **{name: number}), name)  # type: ignore[arg-type]
        example = {"contact": number} if name in PER_ACTION else number
        read = Constraints.from_dict({name: example})
        return dict(getattr(read, name))["contact"] if name in PER_ACTION else getattr(read, name)
    except (SettingError, TypeError, ValueError, OverflowError):
        raise SettingError(f"{SPOKEN[name]}: {value} cannot be used.", _RANGES.get(name, _COUNT)) from None


def _quota(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """A quota as `Constraints.from_dict` reads it; None while neither bound is given."""
    bounds = {
        part: _checked("capacity", row[part]) for part in ("min", "max") if row.get(part) not in (None, "")
    }
    if not bounds:
        return None
    quota: dict[str, Any] = {part: int(number) for part, number in bounds.items()}
    if row.get("who") not in (None, ANY):
        quota["column"], quota["value"] = json.loads(row["who"])
    if row.get("action") not in (None, ANY):
        quota["action"] = row["action"]
    return quota | {"effort": row.get("effort") or "hard"}
