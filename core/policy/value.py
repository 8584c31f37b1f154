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
from numpy.typing import NDArray

from core.estimate import Estimate
from core.policy.problem import FloatArray, IntArray
from core.policy.rule import Policy, choices, contacted_share
from core.policy.terms import Terms
from core.uplift.evidence import Evidence
from core.uplift.influence import Influenced


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


def _mixed(policy: Policy, value: Callable[[IntArray], FloatArray | None]) -> FloatArray | None:
    parts = [(weight, value(choice)) for weight, choice in choices(policy)]
    if any(part is None for _, part in parts):
        return None
    return np.asarray(sum(weight * part for weight, part in parts if part is not None))


def compare(evidence: Evidence, terms: Terms, policies: Mapping[str, Policy]) -> tuple[PolicyValue, ...]:
    """The value of each policy, and its difference to the first, in pairs."""
    found, first = [], None
    for name, policy in policies.items():
        ipw = _mixed(policy, lambda choice: hajek(evidence, terms, choice))
        aipw = _mixed(policy, lambda choice: augmented(evidence, terms, choice))
        first = (ipw, aipw) if first is None else first
        found.append(
            PolicyValue(
                name,
                contacted_share(policy),
                sum(weight * _predicted(evidence, terms, choice) for weight, choice in choices(policy)),
                _estimate(ipw),
                _estimate(aipw),
                _estimate(_less(ipw, first[0])),
                _estimate(_less(aipw, first[1])),
            )
        )
    return tuple(found)


def given_choice(evidence: Evidence, terms: Terms, policy: Policy) -> Influenced | None:
    """Profit per customer of a policy, by self-normalised means.

    The choice is given and the outcomes are random, as in `core.uplift.influence.set_gain`: what is asked is
    what this list earns, not what the rule would earn on other customers. None where a set of customers has
    fewer than two of either arm.
    """
    whole = Influenced(0.0, np.zeros(evidence.customers))
    for weight, choice in choices(policy):
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


def _predicted(evidence: Evidence, terms: Terms, choice: IntArray) -> float:
    contacted = np.flatnonzero(choice)
    k = choice[contacted] - 1
    gain = evidence.uplift[contacted, k] * terms.worth[k] - terms.cost[k]
    return float(gain.sum() / max(evidence.customers, 1))


def hajek(evidence: Evidence, terms: Terms, choice: IntArray) -> FloatArray | None:
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


def augmented(evidence: Evidence, terms: Terms, choice: IntArray) -> FloatArray | None:
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
    """The difference; 0 where only the rounding of sums differs, as of two ways to the same customers."""
    if one is None or other is None:
        return None
    size = float(np.abs(other).max(initial=0.0))
    return one - other if np.abs(one - other).max(initial=0.0) > 1e-9 * size else np.zeros(one.size)


def _estimate(values: FloatArray | None) -> Estimate | None:
    if values is None or values.size < 2:
        return None
    return Estimate.normal(float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size)))
