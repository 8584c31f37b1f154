"""What a policy is worth on the experiment, from outcomes: never the sum of its own predictions.

Both estimators compare, among the customers whom the policy would give action k, those who got k with those
who were left alone. IPW: self-normalised (Hájek) means; AIPW: the model's predictions corrected by weighted
residuals (Robins, Rotnitzky & Zhao 1994). Standard errors from influence functions, so that two policies on
the same rows are compared in pairs. The rows must not have taught the model, nor chosen the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import DataError
from core.estimate import Estimate
from core.policy.formulation import segment_groups
from core.policy.offers import ONE_ACTION
from core.policy.oracle import Prices
from core.policy.plan import Plan
from core.policy.problem import FloatArray, IntArray, Rows
from core.policy.zoom import typical
from core.uplift.evidence import Evidence
from core.uplift.influence import Influenced

FOLDS = 5


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """Profit per customer of the population, against contacting no one, money.

    share: of customers contacted. predicted: by the model. ipw, aipw: measured; None where a set of
    customers has fewer than two of either arm. gap_ipw, gap_aipw: this policy less the first one it was
    compared with.
    """

    name: str
    share: float
    predicted: float
    ipw: Estimate | None
    aipw: Estimate | None
    gap_ipw: Estimate | None = None
    gap_aipw: Estimate | None = None


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


MARGIN = 1e-6
"""Profit after prices that counts as none, as a share of a typical profit."""


def rule(plan: Plan, evidence: Evidence, segments: Mapping[str, pd.Series] | None = None) -> Rule:
    """What the plan's prices would do with each of the experiment's customers.

    One action a customer, as in the experiment: with more allowed, the best. segments: the constraints'
    columns for the experiment's rows; without them the prices of segments are left out. Hold-out,
    suppression and fatigue are not applied: they say who is reached, not whom the policy would choose.
    """
    terms, place = Terms.of(plan, evidence), _actions(plan, evidence)
    problem, formulation = plan.solution.problem, plan.formulation
    uplift = evidence.uplift[:, place].T
    cost = np.broadcast_to(terms.cost[place][:, None], uplift.shape)
    profit = uplift * terms.worth[place][:, None] - cost
    size = evidence.customers
    if segments is None:
        group = np.zeros(size, dtype=np.int64)
        keep = np.array([not limit.key.startswith("quotas") for limit in problem.limits], dtype=np.bool_)
        prices = np.where(keep, plan.solution.prices, 0.0)
    else:
        group, prices = segment_groups(formulation, segments, size), plan.solution.prices
    rows = Rows(profit, cost, np.ones(size, dtype=np.int8), group)
    reduced = Prices.at(problem, prices).reduced(rows)
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


Policy = IntArray | Rule
"""(n,) an arm for each row, 0 for no contact; or a plan's rule."""


def _choices(policy: Policy) -> tuple[tuple[float, IntArray], ...]:
    """Choices and their weights, which sum to 1: a rule that contacts half of its margin is half of each."""
    if not isinstance(policy, Rule):
        return ((1.0, policy),)
    both = ((1.0 - policy.share, policy.choice), (policy.share, policy.with_margin))
    return tuple((weight, choice) for weight, choice in both if weight > 0)


def _mixed(policy: Policy, value: Callable[[IntArray], FloatArray | None]) -> FloatArray | None:
    parts = [(weight, value(choice)) for weight, choice in _choices(policy)]
    if any(part is None for _, part in parts):
        return None
    return np.asarray(sum(weight * part for weight, part in parts if part is not None))


def contacted_share(policy: Policy) -> float:
    """The share of the experiment's customers that a policy contacts, 0-1."""
    return sum(weight * float((choice > 0).mean()) for weight, choice in _choices(policy))


def compare(evidence: Evidence, terms: Terms, policies: Mapping[str, Policy]) -> tuple[PolicyValue, ...]:
    """The value of each policy, and its difference to the first, in pairs."""
    found, first = [], None
    for name, policy in policies.items():
        ipw = _mixed(policy, lambda choice: _hajek(evidence, terms, choice))
        aipw = _mixed(policy, lambda choice: _augmented(evidence, terms, choice))
        first = (ipw, aipw) if first is None else first
        found.append(
            PolicyValue(
                name,
                contacted_share(policy),
                sum(weight * _predicted(evidence, terms, choice) for weight, choice in _choices(policy)),
                _estimate(ipw),
                _estimate(aipw),
                _estimate(_less(ipw, first[0])),
                _estimate(_less(aipw, first[1])),
            )
        )
    return tuple(found)


def known_segments(plan: Plan, evidence: Evidence) -> Mapping[str, pd.Series] | None:
    """The segments of the plan's quotas for the experiment's rows; None where one is not in the audience."""
    offers = plan.formulation.offers
    if not offers.segments:
        return {}
    place = pd.Index(offers.ids).get_indexer(pd.Index(evidence.ids.astype(object)))
    if (place < 0).any():
        return None
    return {name: series.iloc[place].reset_index(drop=True) for name, series in offers.segments.items()}


def given_choice(evidence: Evidence, terms: Terms, policy: Policy) -> Influenced | None:
    """Profit per customer of a policy, by self-normalised means.

    The choice is given and the outcomes are random, as in `core.uplift.influence.set_gain`: what is asked is
    what this list earns, not what the rule would earn on other customers. None where a set of customers has
    fewer than two of either arm.
    """
    whole = Influenced(0.0, np.zeros(evidence.customers))
    for weight, choice in _choices(policy):
        part = _given(evidence, terms, choice)
        if part is None:
            return None
        whole = whole + part.times(weight)
    return whole


def _given(evidence: Evidence, terms: Terms, choice: IntArray) -> Influenced | None:
    value, influence = 0.0, np.zeros(evidence.customers)
    for k in np.unique(choice[choice > 0]).tolist():
        here = choice == k
        share = float(here.mean())
        value -= share * float(terms.cost[k - 1])
        for arm, sign in ((k, 1.0), (0, -1.0)):
            who = here & (evidence.arm == arm)
            if who.sum() < 2:
                return None
            y, part = evidence.outcome[who], _parts(evidence, arm, who)
            mean, weight = float(part @ y), sign * share * float(terms.worth[k - 1])
            value += weight * mean
            influence[who] += weight * part * (y - mean)
    return Influenced(value, influence)


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


@dataclass(frozen=True, slots=True)
class ChosenBest:
    """The best share to contact, chosen on some rows and measured on the others, fold by fold.

    shares: (folds,) chosen. value: profit per customer of that way of choosing, money. flattered: what the
    choice seems worth on the rows that chose it. thresholds: (folds,) predicted profit above which a
    customer is contacted. fold: (n,) the fold each row was measured in.
    """

    shares: FloatArray
    thresholds: FloatArray
    value: Estimate
    flattered: float
    fold: IntArray


def chosen_best(evidence: Evidence, terms: Terms, folds: int = FOLDS, seed: int = 42) -> ChosenBest:
    """Choose the most profitable share by measured profit on all folds but one, measure it on that one."""
    size = evidence.customers
    profit = evidence.uplift * terms.worth - terms.cost
    arm = profit.argmax(axis=1) + 1
    score = profit.max(axis=1)
    fold = _folds(evidence, folds, seed)
    shares, thresholds, values, variances, flattered = [], [], [], [], []
    for number in range(folds):
        inside = fold == number
        threshold, seeming = _best_threshold(evidence, terms, arm, score, ~inside)
        choice = np.where(score >= threshold, arm, 0)
        held = evidence.at(inside)
        measured = _hajek(held, terms, choice[inside])
        if measured is None:
            measured = _augmented(held, terms, choice[inside])
        assert measured is not None  # the augmented estimate always exists
        shares.append(float((choice > 0).mean()))
        thresholds.append(threshold)
        weight = inside.sum() / size
        values.append(weight * float(measured.mean()))
        variances.append(weight**2 * float(measured.var(ddof=1)) / inside.sum())
        flattered.append(seeming * weight)
    value = Estimate.normal(sum(values), float(np.sqrt(sum(variances))))
    return ChosenBest(np.array(shares), np.array(thresholds), value, sum(flattered), fold)


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


def _predicted(evidence: Evidence, terms: Terms, choice: IntArray) -> float:
    contacted = np.flatnonzero(choice)
    k = choice[contacted] - 1
    gain = evidence.uplift[contacted, k] * terms.worth[k] - terms.cost[k]
    return float(gain.sum() / max(evidence.customers, 1))


def _hajek(evidence: Evidence, terms: Terms, choice: IntArray) -> FloatArray | None:
    """(n,) values whose mean is the IPW estimate and whose spread gives its standard error."""
    out = np.zeros(evidence.customers)
    for k in np.unique(choice[choice > 0]).tolist():
        here = choice == k
        got, left = here & (evidence.arm == k), here & (evidence.arm == 0)
        if got.sum() < 2 or left.sum() < 2:
            return None
        gain = np.zeros(evidence.customers)
        for arm, who, sign in ((k, got, 1.0), (0, left, -1.0)):
            y, part = evidence.outcome[who], _parts(evidence, arm, who)
            mean = float(part @ y)
            gain += sign * mean
            gain[who] += sign * (y - mean) * part * here.sum()
        out[here] = terms.worth[k - 1] * gain[here] - terms.cost[k - 1]
    return out


def _parts(evidence: Evidence, arm: int, who: NDArray[np.bool_]) -> FloatArray:
    """The weights of the customers at `who` in the arm's Hájek mean: 1 ÷ propensity, scaled to sum to 1."""
    weight = 1.0 / evidence.chance(arm)[who]
    return np.asarray(weight / weight.sum(), np.float64)


def _augmented(evidence: Evidence, terms: Terms, choice: IntArray) -> FloatArray | None:
    """(n,) the AIPW scores of the policy's profit against no contact."""
    out = np.zeros(evidence.customers)
    control = (evidence.arm == 0) * (evidence.outcome - evidence.y0) / evidence.chance(0)
    for k in np.unique(choice[choice > 0]).tolist():
        here = choice == k
        predicted = evidence.y1[:, k - 1]
        contacted = (evidence.arm == k) * (evidence.outcome - predicted) / evidence.chance(k)
        gain = predicted - evidence.y0 + contacted - control
        out[here] = terms.worth[k - 1] * gain[here] - terms.cost[k - 1]
    return out if np.isfinite(out).all() else None


def _less(one: FloatArray | None, other: FloatArray | None) -> FloatArray | None:
    return None if one is None or other is None else one - other


def _estimate(values: FloatArray | None) -> Estimate | None:
    if values is None or values.size < 2:
        return None
    return Estimate.normal(float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)))


def _best_threshold(
    evidence: Evidence, terms: Terms, arm: IntArray, score: FloatArray, on: NDArray[np.bool_]
) -> tuple[float, float]:
    """(predicted profit from which contacting was most profitable on these rows, profit per customer it
    seemed).
    """
    rows = np.flatnonzero(on)
    rows = rows[np.argsort(-score[rows], kind="stable")]
    k = arm[rows]
    chance = np.stack([evidence.chance(one)[rows] for one in range(len(evidence.arms))])
    got = (evidence.arm[rows] == k) / chance[k, np.arange(rows.size)]
    left = (evidence.arm[rows] == 0) / chance[0]
    worth = terms.worth[k - 1]
    level = float(evidence.outcome[rows].mean())
    gain = worth * (evidence.outcome[rows] - level) * (got - left) - terms.cost[k - 1]
    total = np.cumsum(gain)
    last = np.append(score[rows][1:] != score[rows][:-1], True)
    total = np.where(last, total, -np.inf)
    best = int(np.argmax(total))
    if total[best] <= 0:
        return np.inf, 0.0
    return float(score[rows][best]), float(total[best] / rows.size)


def _folds(evidence: Evidence, folds: int, seed: int) -> IntArray:
    """(n,) folds of equal size within each arm, drawn by `seed`."""
    rng = np.random.default_rng(seed)
    out = np.empty(evidence.customers, dtype=np.int64)
    for arm in range(len(evidence.arms)):
        rows = np.flatnonzero(evidence.arm == arm)
        out[rng.permutation(rows)] = np.arange(rows.size) % folds
    return out
