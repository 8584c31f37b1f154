"""What a plan with conditions decides: the same figures as a plain list, so that both are shown alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.decision import Decision, Economics
from core.policy.plan import Plan
from core.policy.value import Terms, given_choice, known_segments, rule
from core.uplift.evidence import Evidence
from core.uplift.influence import Influenced


@dataclass(frozen=True)
class PlanValue:
    """Measured profit of a plan and of contacting everyone, money for the audience; None where unmeasured."""

    plan: Influenced | None
    everyone: Influenced | None


def plan_value(found: Plan, evidence: Evidence | None) -> PlanValue:
    """The plan's rule, valued on the experiment and carried over to the audience by the contacts.

    Hold-out, suppression and fatigue say who is reached, not whom the rule chooses: what the rule earned per
    customer it chose is multiplied by the customers the plan contacts, one contact each. A plan that weighs
    customers by a value of theirs is not measured: no experiment has seen that value.
    """
    if evidence is None or found.formulation.constraints.weight is not None:
        return PlanValue(None, None)
    terms = Terms.of(found, evidence)
    best = (evidence.uplift * terms.worth - terms.cost).argmax(axis=1) + 1
    everyone = given_choice(evidence, terms, best)
    customers = found.formulation.offers.customers
    return PlanValue(
        _carried(found, evidence, terms), None if everyone is None else everyone.times(customers)
    )


def _carried(found: Plan, evidence: Evidence, terms: Terms) -> Influenced | None:
    if found.reached == 0:
        return Influenced(0.0, np.zeros(evidence.customers))
    choice = rule(found, evidence, known_segments(found, evidence))
    share = float((choice > 0).mean())
    value = given_choice(evidence, terms, choice)
    return None if value is None or share == 0 else value.times(found.reached / share)


def plan_decision(found: Plan, value: PlanValue) -> Decision:
    """The plan as a decision. value: as `plan_value` gives it."""
    formulation = found.formulation
    customers = formulation.offers.customers
    best, everyone = formulation.expected.argmax(axis=0), np.arange(customers)
    cost = float(formulation.problem.rows.cost[best, everyone].sum())
    plan, all_of_them = value.plan, value.everyone
    gap = None if plan is None or all_of_them is None else (plan - all_of_them).estimate()
    return Decision(
        formulation.scenario,
        customers,
        found.contacts,
        found.contacts,
        Economics(found.expected_revenue, found.cost, found.expected_profit),
        Economics(
            float(formulation.revenue[best, everyone].sum()),
            cost,
            float(formulation.expected[best, everyone].sum()),
        ),
        None if plan is None else plan.estimate(),
        None if all_of_them is None else all_of_them.estimate(),
        gap,
        reached=found.reached,
    )
