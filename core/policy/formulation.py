"""From offers, economics and constraints to the integer programme.

profit_ik = weight_i · margin_k · value · (uplift_ik - risk_aversion · se_ik) - cost_ik.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.advice.contact_plans import limit_words
from core.errors import SettingError
from core.policy.constraints import Constraints, PerAction, Quota
from core.policy.offers import Offers
from core.policy.problem import FloatArray, Limit, Problem, Rows
from core.scenario import Scenario


class Excluded(IntEnum):
    """Why a customer cannot be contacted at all."""

    NO = 0
    SUPPRESSED = 1
    TOO_RECENT = 2
    PERIOD_FULL = 3
    NO_CONTACTS = 4
    HELD_OUT = 5


@dataclass(frozen=True)
class Formulation:
    """A plan's problem with what it was made from.

    expected: (actions, n) profit without risk aversion, money; the problem's own where there is none.
    revenue: (actions, n) expected incremental revenue, money. excluded: (n,) Excluded codes.
    """

    offers: Offers
    scenario: Scenario
    constraints: Constraints
    problem: Problem
    expected: FloatArray
    revenue: FloatArray
    excluded: NDArray[np.int8]

    @property
    def own_costs(self) -> bool:
        """Whether customers or actions have costs of their own, which go over the scenario's."""
        return bool(self.constraints.costs) or bool(np.isfinite(self.offers.cost).any())


def formulate(offers: Offers, scenario: Scenario, constraints: Constraints) -> Formulation:
    """The problem of `offers` under the scenario's margin, value and cost.

    A cost per customer (column cost[ACTION], then constraints.costs, then column cost) goes over the
    scenario's. Raises SettingError where the constraints name an action or segment that is not there.
    """
    _check_actions(offers.actions, constraints)
    cost = contact_costs(offers, scenario, constraints)
    margins = dict(constraints.margins)
    margin = np.array([margins.get(action, scenario.margin) for action in offers.actions])[:, None]
    worth = offers.weight * scenario.value
    revenue = np.ascontiguousarray(offers.uplift.T) * worth
    expected = revenue * margin
    expected -= cost
    profit = expected
    if offers.se is not None:
        profit = expected - constraints.risk_aversion * margin * np.ascontiguousarray(offers.se.T) * worth
    excluded, cap = caps(offers, constraints)
    group, groups, members = _groups(offers, constraints.quotas)
    rows = Rows(profit, cost, cap, group)
    limits = tuple(_limits(offers.actions, constraints, groups, members))
    problem = Problem(rows, limits, offers.actions, groups)
    return Formulation(offers, scenario, constraints, problem, expected, revenue, excluded)


def held_out(ids: NDArray[np.object_], share: float, seed: int) -> NDArray[np.bool_]:
    """(n,) the `share` of customers with the smallest keyed hash of id: the same in every file order."""
    if share <= 0 or ids.size == 0:
        return np.zeros(ids.size, dtype=np.bool_)
    key = f"{seed:016d}"[-16:]
    hashes = pd.util.hash_array(ids.astype(object), hash_key=key, categorize=False)
    out = np.zeros(ids.size, dtype=np.bool_)
    out[np.argsort(hashes, kind="stable")[: round(share * ids.size)]] = True
    return out


def contact_costs(offers: Offers, scenario: Scenario, constraints: Constraints) -> FloatArray:
    """(actions, n) what each contact costs, money: whose cost goes over whose stands at `formulate`."""
    given = dict(constraints.costs)
    flat = np.array([given.get(action, scenario.cost) for action in offers.actions])
    if np.isnan(offers.cost).all():
        return np.broadcast_to(flat[:, None], (len(offers.actions), offers.customers))
    cost = np.ascontiguousarray(offers.cost.T)
    for k, action in enumerate(offers.actions):
        if np.isnan(cost[k]).any() or (action in given and action not in offers.own_cost):
            cost[k] = flat[k]
    return cost


def costing(offers: Offers, cost: FloatArray) -> Offers:
    """The same offers at these costs ((actions, n) money), which go over all others."""
    return replace(offers, cost=cost.T, own_cost=frozenset(offers.actions))


def caps(offers: Offers, constraints: Constraints) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """((n,) why each customer is left out, Excluded codes, (n,) most contacts each may get)."""
    cap = np.full(offers.customers, min(constraints.max_per_customer, len(offers.actions)), dtype=np.float64)
    excluded = np.zeros(offers.customers, dtype=np.int8)

    def exclude(who: NDArray[np.bool_], why: Excluded) -> None:
        excluded[who & (excluded == Excluded.NO)] = why

    exclude(offers.suppressed, Excluded.SUPPRESSED)
    if constraints.min_days_since_contact is not None:
        exclude(offers.last < constraints.min_days_since_contact, Excluded.TOO_RECENT)
    if constraints.max_per_period is not None:
        cap = np.minimum(cap, np.floor(constraints.max_per_period - offers.recent))
        exclude(cap <= 0, Excluded.PERIOD_FULL)
    if constraints.max_per_customer == 0:
        exclude(np.ones(offers.customers, dtype=np.bool_), Excluded.NO_CONTACTS)
    eligible = np.flatnonzero(excluded == Excluded.NO)
    out = held_out(offers.ids[eligible], constraints.holdout, constraints.holdout_seed)
    excluded[eligible[out]] = Excluded.HELD_OUT
    return excluded, np.where(excluded == Excluded.NO, cap, 0).astype(np.int8)


Members = dict[tuple[str, str], NDArray[np.bool_]]


def segment_groups(
    formulation: Formulation, segments: Mapping[str, pd.Series], size: int
) -> NDArray[np.int64]:
    """(size,) the problem's group of other customers; combinations it does not have take its first."""
    named = _named(formulation.constraints.quotas)
    code = _codes(named, segments, size)
    present = np.unique(_codes(named, formulation.offers.segments, formulation.offers.customers))
    place = np.searchsorted(present, code).clip(0, max(present.size - 1, 0))
    return np.where(present[place] == code, place, 0).astype(np.int64)


def _named(quotas: tuple[Quota, ...]) -> dict[str, list[str]]:
    """The segments that quotas name, by column, in order."""
    named: dict[str, list[str]] = {}
    for quota in quotas:
        if quota.column is not None and quota.value is not None:
            values = named.setdefault(quota.column, [])
            if quota.value not in values:
                values.append(quota.value)
    return named


def _codes(named: dict[str, list[str]], segments: Mapping[str, pd.Series], size: int) -> NDArray[np.int64]:
    """(size,) one number for each combination of named segments."""
    code = np.zeros(size, dtype=np.int64)
    base = 1
    for column, values in named.items():
        code += base * (
            pd.Index(values).get_indexer(pd.Index(segments[column].astype(object))).astype(np.int64) + 1
        )
        base *= len(values) + 1
    return code


def _groups(offers: Offers, quotas: tuple[Quota, ...]) -> tuple[NDArray[np.int64], int, Members]:
    """((n,) code of each customer's named segments, how many codes, which codes are in which segment)."""
    named = _named(quotas)
    if not named:
        return np.zeros(offers.customers, dtype=np.uint8), 1, {}
    levels: list[tuple[str, str, int, int]] = []
    base = 1
    for column, values in named.items():
        _check_segments(column, values, offers.segments[column])
        levels += [(column, value, base, len(values) + 1) for value in values]
        base *= len(values) + 1
    present, group = np.unique(_codes(named, offers.segments, offers.customers), return_inverse=True)
    if present.size == 0:
        present = np.zeros(1, dtype=np.int64)
    members = {
        (column, value): (present // step) % size == named[column].index(value) + 1
        for column, value, step, size in levels
    }
    small = np.uint8 if present.size < 256 else np.uint16 if present.size < 65_536 else np.int64
    return group.astype(small), int(present.size), members


def _limits(
    actions: tuple[str, ...], constraints: Constraints, groups: int, members: Members
) -> Iterable[Limit]:
    none = np.zeros((len(actions), groups))
    if constraints.budget is not None:
        words = limit_words("budget", constraints.budget)
        yield Limit("budget", words, "<=", constraints.budget, none, on_cost=1.0)
    if constraints.topn is not None:
        words = limit_words("topn", constraints.topn)
        yield Limit("topn", words, "<=", float(constraints.topn), none + 1.0)
    for action, most in constraints.capacity:
        by = none.copy()
        by[actions.index(action)] = 1.0
        yield Limit(f"capacity.{action}", limit_words("capacity", most, action), "<=", float(most), by)
    for n, quota in enumerate(constraints.quotas):
        by = none.copy()
        where = np.ones(groups, dtype=np.bool_)
        if quota.column is not None and quota.value is not None:
            where = members[quota.column, quota.value]
        by[:, where] = 1.0
        by[[quota.action not in (None, action) for action in actions]] = 0.0
        if quota.max is not None:
            words = limit_words("max", quota.max, quota.words)
            yield Limit(f"quotas[{n}].max", words, "<=", float(quota.max), by)
        if quota.min is not None:
            words = limit_words("min", quota.min, quota.words)
            best_effort = quota.effort == "best"
            yield Limit(f"quotas[{n}].min", words, ">=", float(quota.min), by, best_effort=best_effort)
    if constraints.roi_floor is not None:
        words = limit_words("roi_floor", constraints.roi_floor)
        yield Limit("roi_floor", words, ">=", 0.0, none, on_cost=-constraints.roi_floor, on_profit=1.0)


def _check_actions(actions: tuple[str, ...], constraints: Constraints) -> None:
    named: list[tuple[str, str]] = []
    for key in ("capacity", "costs", "margins"):
        per_action: PerAction = getattr(constraints, key)
        named += [(f"{key}.{action}", action) for action, _ in per_action]
    named += [(f"quotas[{n}].action", q.action) for n, q in enumerate(constraints.quotas) if q.action]
    for place, action in named:
        if action not in actions:
            raise SettingError(
                f"{place}: the scored file has no action '{action}'.", _nearest(action, list(actions))
            )


def _check_segments(column: str, values: list[str], series: pd.Series) -> None:
    present = [str(value) for value in series.dropna().unique()]
    for value in values:
        if value not in present:
            raise SettingError(
                f"The quota for {column} = {value}: no customer has {column} '{value}'.",
                _nearest(value, present),
            )


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(f"'{item}'" for item in sorted(known)[:8])
    return f"There {'is only' if len(known) == 1 else 'are'} {shown}{' and more' if len(known) > 8 else ''}."
