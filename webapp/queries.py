"""Scenarios as programs send them: strictly read, because a silent default would be a wrong list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from core.errors import SettingError
from core.scenario import Scenario

_FIX = {
    "margin": "Give a number from 0 to 1; a margin of 30 % is written 0.30.",
    "cost": "Give an amount of money of 0 or more, such as 0.05.",
    "value": "Give an amount of money of 0 or more, such as 1.",
    "topn": "Give a whole number of contacts, or leave it out.",
    "policy": "Give bestN or pos.",
    "model": "Give the id of a model: letters, digits, - and _.",
    "data": "Give the id of a data set: letters, digits, - and _.",
    "name": "Give at most 60 characters on one line, or leave it out.",
}


def scenario_of(fields: Mapping[str, str]) -> Scenario:
    """The scenario of a form or query. Raises SettingError naming the first field that cannot be used."""
    for name, fix in _FIX.items():
        if name in fields and Scenario.from_query({name: fields[name]})[1]:
            raise SettingError(f"{name} is '{fields[name][:40]}', which cannot be used.", fix)
    return Scenario.from_query(fields)[0]


def known_fields(fields: Mapping[str, str], known: Collection[str]) -> None:
    """Raise SettingError for a form field that means nothing here: `topN` for `topn` would be no limit."""
    for name in fields:
        if name not in known:
            near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
            fix = f"Is it '{near[0]}'? " if near else ""
            raise SettingError(
                f"There is no form field '{name[:40]}'.", f"{fix}The fields are {', '.join(sorted(known))}."
            )
