"""What a plan with conditions decides: the same figures as a plain list, so that both are shown alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.decision import Decision, Economics
from core.estimate import Estimate
from core.policy.formulation import Excluded
from core.policy.plan import Plan
from core.policy.rule import best_first, known_rule
from core.policy.value import compare, given_choice
from core.uplift.evidence import Evidence
from core.uplift.influence import Influenced
from core.uplift.likeness import Unmeasured


@dataclass(frozen=True)
class PlanValue:
    """Measured profit of a plan's rule for the customers who may be contacted, money; None where unmeasured.

    everyone: each by the action that is best for the customer. gap: the plan less that, in pairs. given: the
    plan's profit with each customer's influence, the choice being given: what differences to other lists are
    taken from.
    """

    measured: Estimate | None = None
    everyone: Estimate | None = None
    gap: Estimate | None = None
    given: Influenced | None = None


def plan_value(found: Plan, evidence: Evidence | None, same_customers: Callable[[], bool]) -> PlanValue:
    """The plan's rule and contacting everyone, valued on the experiment as `core.contact_plan.measured`.

    None of it where the experiment cannot tell, see `core.policy.rule.known_rule`; nor where customers get
    several contacts, of which the experiment gave each one.
    """
    known = known_rule(found, evidence, same_customers)
    if evidence is None or known is None or found.contacts > found.reached:
        return PlanValue()
    terms, choice = known
    eligible = found.eligible
    plan, all_of_them = compare(
        evidence, terms, {"plan": choice, "everyone": best_first(evidence, terms, 1.0)}
    )
    given = given_choice(evidence, terms, choice)
    return PlanValue(
        _times(plan.ipw, eligible),
        _times(all_of_them.ipw, eligible),
        _times(all_of_them.gap_ipw, -eligible),
        None if given is None else given.times(eligible),
    )


def _times(estimate: Estimate | None, factor: float) -> Estimate | None:
    return None if estimate is None else estimate.scaled(factor)


def plan_decision(found: Plan, value: PlanValue, unmeasured: Unmeasured = "") -> Decision:
    """The plan as a decision; everyone is who may be contacted. value: as `plan_value` gives it. unmeasured:
    why no plan of these customers could be measured.
    """
    formulation = found.formulation
    people = np.flatnonzero(formulation.excluded == Excluded.NO)
    best = formulation.expected[:, people].argmax(axis=0)
    everyone = (formulation.revenue, formulation.problem.rows.cost, formulation.expected)
    return Decision(
        formulation.scenario,
        formulation.offers.customers,
        found.contacts,
        found.contacts,
        Economics(found.expected_revenue, found.cost, found.expected_profit),
        Economics(*(float(figure[best, people].sum()) for figure in everyone)),
        value.measured,
        value.everyone,
        value.gap,
        reached=found.reached,
        unmeasured=unmeasured,
        weight=formulation.constraints.weight,
    )
