"""What the experiment's arms are worth and cost under a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import DataError
from core.policy.offers import ONE_ACTION
from core.policy.plan import Plan
from core.policy.problem import FloatArray
from core.uplift.evidence import Evidence


@dataclass(frozen=True)
class Terms:
    """Economics of the experiment's arms. worth: (K,) margin · value per outcome unit; cost: (K,) money."""

    worth: FloatArray
    cost: FloatArray

    @classmethod
    def of(cls, plan: Plan, evidence: Evidence) -> Terms:
        """A plan's terms for the evidence's contact arms; costs per customer by their average."""
        margins = dict(plan.formulation.constraints.margins)
        scenario = plan.formulation.scenario
        place = arms_of(plan, evidence)
        cost = plan.solution.problem.rows.cost
        mean = cost.mean(axis=1) if cost.shape[1] else np.full(len(place), scenario.cost)
        worth = np.zeros(len(evidence.arms) - 1)
        money = np.full(worth.size, np.inf)
        for k, action in enumerate(plan.solution.problem.actions):
            worth[place[k]] = margins.get(action, scenario.margin) * scenario.value
            money[place[k]] = mean[k]
        return cls(worth, money)


def arms_of(plan: Plan, evidence: Evidence) -> list[int]:
    """Place of each of the plan's actions among the evidence's contact arms."""
    arms = list(evidence.arms[1:])
    actions = plan.solution.problem.actions
    if actions == (ONE_ACTION,) and len(arms) == 1:
        return [0]
    missing = [action for action in actions if action not in arms]
    if missing:
        raise DataError(
            f"The experiment has no arm '{missing[0]}'; it has {', '.join(arms)}.",
            "Measure the plan on the experiment that its scores were learnt from.",
        )
    return [arms.index(action) for action in actions]
