"""From a URL to what a page shows: the scenario, the scored audience, the decision, or a friendly reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dash.development.base_component import Component

from components.empty import fault, no_campaign, unknown, untrained
from components.page import notice, page
from components.problems import problem_panel
from core import advice
from core.conditions import conditions, heeded, planned
from core.decision import Decision, decide
from core.errors import NotFoundError, PersuadableError, problems_of
from core.faults import reference_id, trace
from core.policy.constraints import Constraints
from core.scenario import Scenario
from core.workspace import Scored, Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Situation:
    """What a scenario means here: the audience scored by the model, the decision, and a plan's conditions."""

    scenario: Scenario
    scored: Scored
    decision: Decision
    conditions: Constraints

    @property
    def binary(self) -> bool:
        """Whether the outcome that the model predicts is yes or no."""
        return self.scored.meta.binary

    @property
    def worth_assumed(self) -> tuple[str, ...]:
        """That a response counts as 1, where no one has said what it is worth."""
        return advice.worth_assumed(self.scenario, self.scored.meta.outcome, binary=self.binary)


def situation(workspace: Workspace, query: Mapping[str, str]) -> Situation:
    """The situation of a scenario's query. Raises NotFoundError for ids that are not here."""
    scenario, _ = Scenario.from_query(query)
    if scenario.data is None or scenario.model is None:
        raise NotFoundError("The link names no campaign.", "Begin on the Start page.")
    scored = workspace.scored(scenario.data, scenario.model)
    decision = decide(scored.ranked, scored.curve, scenario, scored.unmeasured)
    return Situation(scenario, scored, decision, conditions(query, scenario)[0])


def result_page(
    workspace: Workspace,
    query: Mapping[str, str],
    name: str,
    purpose: str,
    build: Callable[[Situation], list[Any]],
) -> Component:
    """A page that needs a scored audience: `build` makes its parts; without one it says why and what next.

    purpose finishes "This page needs a past campaign to …".
    """
    scenario, notices = Scenario.from_query(query)
    asked, more = conditions(query, scenario)
    show = partial(page, name, scenario, notices=(*notices, *more), conditions=asked)
    if scenario.data is None:
        return show(no_campaign(purpose), heading=False)
    if scenario.model is None:
        return show(untrained(scenario), heading=False)
    try:
        now = situation(workspace, asked.to_query() | scenario.to_query())
        fits, beyond = fitting(query, now.decision.customers)
        if beyond:
            now = situation(workspace, asked.to_query() | scenario.to_query() | fits)
            show = partial(
                page, name, now.scenario, notices=(*notices, *more, *beyond), conditions=now.conditions
            )
        said = (advice.SIMULATED,) if now.scored.data.simulated else ()
        return show(*[notice(text) for text in said], *build(now))
    except Exception as error:
        return show(*reason(error), heading=False)


def fitting(
    query: Mapping[str, str], customers: int, before: str = ""
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The contacts of a link that asks for more than there are customers, and the notice of it; else nothing.

    before: what stands before the keys of the scenario.
    """
    own = {key[len(before) :]: text for key, text in query.items() if key.startswith(before)}
    scenario, _ = Scenario.from_query(own)
    once = conditions(own, scenario)[0].max_per_customer == 1
    if not once or scenario.topn is None or scenario.topn <= customers:
        return {}, ()
    return {f"{before}topn": str(customers)}, (advice.too_many_contacts(f"{before}topn", customers),)


def unheeded(now: Situation) -> list[Component]:
    """Notices of what a page of plain figures does not heed: columns of the audience, a plan's conditions."""
    names = heeded(now.scored.data.columns)
    said = [advice.unheeded_columns(names)] if names else []
    if planned(now.conditions):
        said.append(advice.UNHEEDED_CONDITIONS)
    return [notice(text) for text in said]


def reason(error: Exception) -> list[Component]:
    """What a page says instead of its content: what happened, what to do, for our faults a reference id."""
    if isinstance(error, NotFoundError):
        return [unknown(error.message)]
    if isinstance(error, PersuadableError):
        listed = [p.as_dict() for p in error.problems]
        return [problem_panel(str(error), listed, total=problems_of(error.problems))]
    reference = reference_id()
    log.error("fault %s\n%s", reference, trace(error))
    return [fault(reference)]
