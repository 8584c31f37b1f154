"""The conditions of a link: the constraints of a plan as its query sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.policy.constraints import Constraints
from core.scenario import Scenario


def conditions(query: Mapping[str, str], scenario: Scenario) -> tuple[Constraints, tuple[str, ...]]:
    """The conditions of a link, and what could not be used. The number of contacts is the scenario's."""
    found, notices = Constraints.from_query({key: text for key, text in query.items() if key != "topn"})
    return replace(found, topn=scenario.topn), notices


def planned(conditions: Constraints, scenario: Scenario) -> Constraints | None:
    """The conditions where they set more than a number of contacts; None where the scenario alone decides."""
    return None if conditions == Constraints(topn=scenario.topn) else conditions


def conditions_of(query: Mapping[str, str], scenario: Scenario) -> tuple[Constraints | None, tuple[str, ...]]:
    """The conditions of a link where it makes a plan, None where it does not; and what could not be used."""
    found, notices = conditions(query, scenario)
    return planned(found, scenario), notices
