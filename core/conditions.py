"""The conditions of a link: the constraints of a plan as its query sets them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from core.policy.constraints import Constraints
from core.policy.offers import COST
from core.policy.suppression import SUPPRESSED
from core.scenario import Scenario


def conditions(query: Mapping[str, str], scenario: Scenario) -> tuple[Constraints, tuple[str, ...]]:
    """The conditions of a link, and what could not be used. The number of contacts is the scenario's."""
    found, notices = Constraints.from_query({key: text for key, text in query.items() if key != "topn"})
    return replace(found, topn=scenario.topn if scenario.policy == "bestN" else None), notices


def planned(conditions: Constraints, columns: Collection[str] = ()) -> Constraints | None:
    """The conditions where they set more than a number of contacts; None where the scenario alone decides.

    columns: of the audience. Where one says who must be left alone or what a customer costs, a plan decides,
    which heeds it.
    """
    plain = replace(conditions, topn=None) == Constraints()
    return None if plain and not heeded(columns) else conditions


def heeded(columns: Collection[str]) -> tuple[str, ...]:
    """The columns of an audience that plans heed and a plain list's figures do not."""
    return tuple(name for name in columns if name.split("[")[0] in (SUPPRESSED, COST))


def conditions_of(
    query: Mapping[str, str], scenario: Scenario, columns: Collection[str] = ()
) -> tuple[Constraints | None, tuple[str, ...]]:
    """The conditions of a link where it makes a plan, None where it does not; and what could not be used.

    columns: of the audience, as `planned` takes them.
    """
    found, notices = conditions(query, scenario)
    return planned(found, columns), notices
