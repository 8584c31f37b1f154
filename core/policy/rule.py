"""What a plan would do with the customers of the experiment, and the simple policies it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import DataError
from core.policy.formulation import segment_groups
from core.policy.offers import ONE_ACTION
from core.policy.oracle import Prices
from core.policy.plan import Plan
from core.policy.problem import FloatArray, IntArray, Rows
from core.policy.zoom import typical
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
        place = _actions(plan, evidence)
        cost = plan.solution.problem.rows.cost
        mean = cost.mean(axis=1) if cost.shape[1] else np.full(len(place), scenario.cost)
        worth = np.zeros(len(evidence.arms) - 1)
        money = np.full(worth.size, np.inf)
        for k, action in enumerate(plan.solution.problem.actions):
            worth[place[k]] = margins.get(action, scenario.margin) * scenario.value
            money[place[k]] = mean[k]
        return cls(worth, money)


@dataclass(frozen=True)
class Rule:
    """What a plan's prices do with the experiment's customers, also those of equal offers that a limit parts.

    choice: (n,) an arm where contact pays after prices, else 0. with_margin: (n,) the same with those for
    whom it just pays for itself. share: of such customers of the audience, the plan contacts so many, 0-1;
    they are told apart by id alone, so that the same share of the experiment's stands for them.
    """

    choice: IntArray
    with_margin: IntArray
    share: float


Policy = IntArray | Rule
"""(n,) an arm for each row, 0 for no contact; or a plan's rule."""


MARGIN = 1e-6
"""Profit after prices that counts as none, as a share of a typical profit."""


def rule(plan: Plan, evidence: Evidence, segments: Mapping[str, pd.Series]) -> Rule:
    """What the plan's prices would do with each of the experiment's customers.

    One action a customer, as in the experiment: with more allowed, the best. segments: the constraints'
    columns for the experiment's rows, as `known_segments` gives them. Hold-out, suppression and fatigue are
    not applied: they say who is reached, not whom the policy would choose.
    """
    size = evidence.customers
    if not plan.contacts:  # also where contacts would pay and none fits
        return Rule(np.zeros(size, np.int64), np.zeros(size, np.int64), 0.0)
    terms, place = Terms.of(plan, evidence), _actions(plan, evidence)
    problem, formulation = plan.solution.problem, plan.formulation
    uplift = evidence.uplift[:, place].T
    cost = np.broadcast_to(terms.cost[place][:, None], uplift.shape)
    profit = uplift * terms.worth[place][:, None] - cost
    group = segment_groups(formulation, segments, size)
    rows = Rows(profit, cost, np.ones(size, dtype=np.int8), group)
    reduced = Prices.at(problem, plan.solution.prices).reduced(rows)
    best = reduced.argmax(axis=0)
    left = reduced[best, np.arange(size)]
    codes = np.asarray(place, dtype=np.int64)[best] + 1
    margin, share = _margin(plan)
    return Rule(np.where(left > margin, codes, 0), np.where(left >= -margin, codes, 0), share)


def _margin(plan: Plan) -> tuple[float, float]:
    """(profit after prices that counts as none, share of the customers there whom the plan contacts)."""
    problem = plan.solution.problem
    rows = problem.rows
    margin = MARGIN * typical(rows)
    left = Prices.at(problem, plan.solution.prices).reduced(rows).max(axis=0)
    there = (np.abs(left) <= margin) & (rows.cap > 0)
    if not there.any():
        return margin, 0.0
    return margin, float(plan.solution.choice[:, there].any(axis=0).mean())


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
    """Choices and their weights, which sum to 1: a rule that contacts half of its margin is half of each."""
    if not isinstance(policy, Rule):
        return ((1.0, policy),)
    both = ((1.0 - policy.share, policy.choice), (policy.share, policy.with_margin))
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


def best_first(evidence: Evidence, terms: Terms, share: float) -> IntArray:
    """(n,) the simple rule: the `share` of customers with the highest predicted profit, each the best arm."""
    profit = evidence.uplift * terms.worth - terms.cost
    best = profit.argmax(axis=1)
    order = np.argsort(-profit[np.arange(best.size), best], kind="stable")
    out = np.zeros(best.size, dtype=np.int64)
    chosen = order[: round(share * best.size)]
    out[chosen] = best[chosen] + 1
    return out


def _actions(plan: Plan, evidence: Evidence) -> list[int]:
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
