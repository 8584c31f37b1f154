"""The conditions of a link: a plan's constraints where it sets any, None where the scenario alone decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.policy.constraints import Constraints
from core.scenario import Scenario


def conditions_of(query: Mapping[str, str], scenario: Scenario) -> tuple[Constraints | None, tuple[str, ...]]:
    """The constraints of a URL query, and notices for people on what could not be used.

    The number of contacts belongs to the scenario; beside other conditions it is the most there may be.
    """
    found, notices = Constraints.from_query({key: text for key, text in query.items() if key != "topn"})
    return (None if found == Constraints() else replace(found, topn=scenario.topn)), notices
