"""What a plan would do with the customers of the experiment, and the simple policies it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.policy.plan import Plan
from core.policy.problem import FloatArray, IntArray
from core.policy.terms import Terms
from core.policy.tilt import tilt
from core.uplift.evidence import Evidence


@dataclass(frozen=True)
class Rule:
    """Whom a policy contacts among the experiment's customers, also those of equal scores at its border.

    choice: (n,) an arm for whom it surely contacts, else 0. with_border: (n,) the same with those who stand
    level at the border. share: of these so many are contacted, 0-1; nothing but their id tells them apart.
    """

    choice: IntArray
    with_border: IntArray
    share: float


Policy = IntArray | Rule
"""(n,) an arm for each row, 0 for no contact; or a rule."""


def rule(plan: Plan, evidence: Evidence, segments: Mapping[str, pd.Series]) -> Rule:
    """The plan as the experiment's customers would have it: the same share of them, best first by their own
    scores, and within the same conditions, as shares.

    Not the plan's prices: they are thresholds on the final model's scores, and the experiment's customers are
    scored by models that have not seen them, on another scale. So a plan without conditions that part the
    customers contacts those whom a plain list of as many does. One action a customer, as in the experiment:
    with more allowed, the best. segments: the constraints' columns for the experiment's rows, as
    `known_segments` gives them. Hold-out, suppression and fatigue are not applied: they say who is reached,
    not whom the policy would choose.
    """
    terms = Terms.of(plan, evidence)
    share = plan.reached / plan.eligible if plan.reached else 0.0
    tilted = tilt(plan, evidence, segments, terms, share) if share else None
    arm, score = tilted or _best(evidence, terms)
    return first(arm, score, share)


def known_rule(
    plan: Plan, evidence: Evidence | None, same_customers: Callable[[], bool]
) -> tuple[Terms, Rule] | None:
    """What the plan is measured by: its terms and rule. None where no experiment can tell, see
    `Plan.measurable` and `known_segments`.
    """
    if evidence is None or not plan.measurable:
        return None
    segments = known_segments(plan, evidence, same_customers)
    return None if segments is None else (Terms.of(plan, evidence), rule(plan, evidence, segments))


def first(arm: IntArray, score: FloatArray, share: float) -> Rule:
    """The `share` (0-1) of the rows with the highest score. arm: (n,) what each gets, from 1. score: (n,)."""
    wanted = min(max(share, 0.0), 1.0) * score.size
    place = int(np.ceil(wanted - 1e-6))
    nobody = np.zeros(score.size, dtype=np.int64)
    if place == 0:
        return Rule(nobody, nobody, 0.0)
    border = np.partition(score, score.size - place)[score.size - place]
    above, level = score > border, score == border
    part = (wanted - np.count_nonzero(above)) / np.count_nonzero(level)
    return Rule(np.where(above, arm, 0), np.where(above | level, arm, 0), float(min(max(part, 0.0), 1.0)))


def best_first(evidence: Evidence, terms: Terms, share: float) -> Rule:
    """The simple rule: the `share` of customers with the highest predicted profit, each the best arm."""
    return first(*_best(evidence, terms), share)


def _best(evidence: Evidence, terms: Terms) -> tuple[IntArray, FloatArray]:
    """((n,) each customer's best arm, from 1, (n,) what to order by: the profit by it)."""
    profit = evidence.uplift * terms.worth - terms.cost
    if profit.shape[1] == 1 and terms.worth[0] > 0:  # in money, scores that differ could become equal
        return np.ones(profit.shape[0], dtype=np.int64), evidence.uplift[:, 0]
    best = profit.argmax(axis=1)
    return best + 1, profit[np.arange(best.size), best]


def known_segments(
    plan: Plan, evidence: Evidence, same_customers: Callable[[], bool]
) -> Mapping[str, pd.Series] | None:
    """The segments of the plan's quotas for the experiment's rows; None where they are not known.

    same_customers: whether an id of the audience names the same customer in the experiment; asked only where
    there are segments. A row's number does so in the experiment's own file alone.
    """
    offers = plan.formulation.offers
    if not offers.segments:
        return {}
    if not same_customers():
        return None
    place = pd.Index(offers.ids).get_indexer(pd.Index(evidence.ids.astype(object)))
    if (place < 0).any():
        return None
    return {name: series.iloc[place].reset_index(drop=True) for name, series in offers.segments.items()}


def choices(policy: Policy) -> tuple[tuple[float, IntArray], ...]:
    """Choices and their weights, which sum to 1: a rule that contacts half of its border is half of each."""
    if not isinstance(policy, Rule):
        return ((1.0, policy),)
    both = ((1.0 - policy.share, policy.choice), (policy.share, policy.with_border))
    return tuple((weight, choice) for weight, choice in both if weight > 0)


def contacted_share(policy: Policy) -> float:
    """The share of the experiment's customers that a policy contacts, 0-1."""
    return sum(weight * float((choice > 0).mean()) for weight, choice in choices(policy))


def best_arm(evidence: Evidence, terms: Terms) -> int:
    """The arm with the highest predicted profit of contacting everyone by it, from 1."""
    return int((evidence.uplift * terms.worth - terms.cost).mean(axis=0).argmax()) + 1


def everyone(evidence: Evidence, arm: int = 1) -> IntArray:
    """(n,) the policy that gives everyone the same arm."""
    return np.full(evidence.customers, arm, dtype=np.int64)
