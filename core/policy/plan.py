"""The contact plan people get: who, by which action, in which order and why, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core.advice import contact_plans as sentences
from core.policy.constraints import Constraints
from core.policy.customer_rules import RuleUse, rule_uses
from core.policy.formulation import Excluded, Formulation, formulate
from core.policy.offers import Offers
from core.policy.optimizer import Solution, optimise
from core.policy.oracle import Prices
from core.policy.problem import FloatArray, IntArray
from core.policy.shadow import LimitUse, probe, uses
from core.policy.zoom import Checkpoint
from core.scenario import Scenario

COLUMNS = (
    "row_id",
    "action",
    "rank",
    "uplift_hat",
    "exp_incremental_revenue",
    "contact_cost",
    "exp_profit_per_contact",
    "profit_after_prices",
    "runner_up",
    "runner_up_after_prices",
    "reason",
)

WHY_NOT = {
    Excluded.SUPPRESSED: sentences.SUPPRESSED,
    Excluded.TOO_RECENT: sentences.TOO_RECENT,
    Excluded.PERIOD_FULL: sentences.PERIOD_FULL,
    Excluded.NO_CONTACTS: sentences.NO_CONTACTS,
    Excluded.HELD_OUT: sentences.HELD_OUT,
}


@dataclass(frozen=True)
class Plan:
    """A solved plan with what it was made from."""

    formulation: Formulation
    solution: Solution

    @property
    def contacts(self) -> int:
        """Contacts in all (a customer may get several)."""
        return int(self.solution.total.counts.sum())

    @cached_property
    def measurable(self) -> bool:
        """Whether the experiment can tell what the plan earns: not where it weighs customers by a value of
        theirs, or by how unsure their uplift is, or an action costs one customer more than another, which no
        row of the experiment says.
        """
        cost = self.solution.problem.rows.cost
        alike = not cost.size or bool(np.allclose(cost, cost[:, :1], rtol=1e-9, atol=1e-12))
        constraints = self.formulation.constraints
        return alike and constraints.weight is None and not constraints.risk_aversion

    @cached_property
    def reached(self) -> int:
        """Customers contacted at least once."""
        return int(np.count_nonzero(self.solution.choice.any(axis=0)))

    @cached_property
    def expected_profit(self) -> float:
        """Expected profit, money, without risk aversion."""
        return float(self.formulation.expected[self.solution.choice].sum())

    @cached_property
    def expected_revenue(self) -> float:
        """Expected incremental revenue, money."""
        return float(self.formulation.revenue[self.solution.choice].sum())

    @cached_property
    def paying(self) -> int:
        """Contacts that pay by themselves, before any limit: at most as many a customer as may be."""
        rows = self.formulation.problem.rows
        return int(np.minimum(np.count_nonzero(rows.profit > 0, axis=0), rows.cap).sum())

    @property
    def cheapest(self) -> float:
        """What the cheapest contact that pays costs, money; infinite where none pays."""
        rows = self.formulation.problem.rows
        pays = (rows.profit > 0) & (rows.cap > 0)
        return float(rows.cost[pays].min(initial=np.inf))

    @property
    def fewer_than_asked(self) -> bool:
        """Whether more contacts were asked for than pay. A list without conditions takes those too."""
        asked = self.formulation.constraints.topn
        return asked is not None and self.contacts < asked and self.paying < asked

    @property
    def cost(self) -> float:
        """What the contacts cost, money."""
        return self.solution.total.cost

    @cached_property
    def limits(self) -> tuple[LimitUse, ...]:
        """Every condition's use and price; where nothing that pays fits, what leaves it no room binds."""
        found = uses(self.solution, self.formulation.problem.limits)
        found = probe(self.solution, found) if self.solution.missed else found
        if self.contacts or not self.paying:
            return found
        return tuple(replace(use, binding=use.binding or self._closed(use)) for use in found)

    @cached_property
    def rules(self) -> tuple[RuleUse, ...]:
        """Every rule about single customers, and whether the plan would contact some whom it keeps out."""
        return rule_uses(self.formulation, self.solution)

    @property
    def held_back(self) -> tuple[str, ...]:
        """The conditions that hold the plan back, as people say them."""
        limits = tuple(use.limit.words for use in self.limits if use.binding)
        return limits + tuple(rule.words for rule in self.rules if rule.binding)

    def _closed(self, use: LimitUse) -> bool:
        """Whether a limit has no room for a single contact that pays."""
        least = self.cheapest if use.limit.key == "budget" else 1.0
        return use.limit.sense == "<=" and use.amount < least

    @cached_property
    def after_prices(self) -> FloatArray:
        """(actions, n) profit after the prices of all limits, money; the plan takes what is above zero."""
        solution = self.solution
        return Prices.at(solution.problem, solution.prices).reduced(solution.problem.rows)

    @property
    def eligible(self) -> int:
        """Customers who may be contacted at all."""
        return self.excluded(Excluded.NO)

    def excluded(self, why: Excluded) -> int:
        """Customers left out for a reason."""
        return int(np.count_nonzero(self.formulation.excluded == why))

    @property
    def left_out(self) -> dict[str, int]:
        """Customers left out, by the name of each reason."""
        return {why.name: self.excluded(why) for why in Excluded if why is not Excluded.NO}

    def table(self, *, everyone: bool = False) -> pd.DataFrame:
        """One row a contact, best first (COLUMNS); with `everyone` also the others, and should_contact 0/1
        last.

        Ordered by expected profit, then id, then action. A customer who is not contacted has one row with the
        action that would have been best, no rank and the reason.
        """
        action, person = np.nonzero(self.solution.choice)
        first = self._ordered(action, person)
        action, person = action[first], person[first]
        parts = [self._rows(action, person, contacted=True)]
        if everyone:
            others = np.flatnonzero(~self.solution.choice.any(axis=0))
            best = self.formulation.expected[:, others].argmax(axis=0)
            rest = self._ordered(best, others)
            parts.append(self._rows(best[rest], others[rest], contacted=False))
        table = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        return table if everyone else table.drop(columns="should_contact")

    def _ordered(self, action: IntArray, person: IntArray) -> IntArray:
        return np.lexsort((action, person, -self.formulation.expected[action, person]))

    def _rows(self, action: IntArray, person: IntArray, *, contacted: bool) -> pd.DataFrame:
        formulation, after = self.formulation, self.after_prices
        names = np.asarray(formulation.offers.actions, dtype=object)
        rest = np.where(self.solution.choice[:, person], -np.inf, after[:, person]) if contacted else None
        runner = np.full(person.size, -1) if rest is None else rest.argmax(axis=0)
        runner_up = np.full(person.size, np.nan) if rest is None else rest.max(axis=0)
        none = ~np.isfinite(runner_up)
        count = person.size
        return pd.DataFrame(
            {
                "row_id": pd.array(formulation.offers.ids[person], dtype="str"),
                "action": pd.array(names[action], dtype="str"),
                "rank": pd.array(np.arange(1, count + 1) if contacted else [pd.NA] * count, dtype="Int64"),
                "uplift_hat": formulation.offers.uplift[person, action],
                "exp_incremental_revenue": formulation.revenue[action, person],
                "contact_cost": formulation.problem.rows.cost[action, person],
                "exp_profit_per_contact": formulation.expected[action, person],
                "profit_after_prices": after[action, person],
                "runner_up": pd.Series(names[runner], dtype="str").mask(none),
                "runner_up_after_prices": np.where(none, np.nan, runner_up),
                "reason": self._why(action, person) if contacted else self._why_not(action, person),
                "should_contact": np.full(count, int(contacted)),
            }
        )

    def _why(self, action: IntArray, person: IntArray) -> Any:
        expected, choice = self.formulation.expected, self.solution.choice
        own = expected[action, person]
        left = np.where(choice[:, person], -np.inf, expected[:, person]).max(axis=0)
        better = np.where(choice[:, person], expected[:, person], -np.inf).max(axis=0) > own
        codes = np.select([own <= 0, left > own, better], [0, 1, 2], 3)
        best = sentences.CHOSEN if expected.shape[0] > 1 else sentences.PAYS
        phrases = (sentences.FOR_MINIMUM, sentences.TRADED, sentences.SECOND, best)
        return pd.array(np.asarray(phrases, dtype=object)[codes], dtype="str")

    def _why_not(self, action: IntArray, person: IntArray) -> Any:
        solution, excluded = self.solution, self.formulation.excluded[person]
        rows, limits = solution.problem.rows, solution.problem.limits
        phrases: list[str] = [sentences.DOES_NOT_PAY, sentences.LEFT_OVER]
        codes = np.where(rows.profit[action, person] <= 0, 0, 1)
        dearest = np.zeros(person.size)
        for limit, price in zip(limits, solution.prices.tolist()):
            if price <= 0 or limit.sense == ">=":
                continue
            use = limit.on_count[action, rows.group[person]] + limit.on_cost * rows.cost[action, person]
            toll = price * use
            codes = np.where((toll > dearest) & (codes > 0), len(phrases), codes)
            dearest = np.maximum(dearest, toll)
            phrases.append(sentences.OUTBID.format(limit=limit.words))
        for why, phrase in WHY_NOT.items():
            codes = np.where(excluded == why, len(phrases), codes)
            phrases.append(phrase)
        return pd.array(np.asarray(phrases, dtype=object)[codes], dtype="str")


def plan(
    offers: Offers,
    scenario: Scenario,
    constraints: Constraints,
    *,
    warm: FloatArray | None = None,
    checkpoint: Checkpoint = lambda: None,
) -> Plan:
    """The best plan within the constraints, under the scenario's margin, value and cost.

    Raises SettingError where the constraints name what is not there, InfeasibleError where they contradict
    each other. warm: prices of a plan with the same limits. checkpoint: raises Cancelled to stop.
    """
    formulation = formulate(offers, scenario, constraints)
    problem = formulation.problem
    if warm is not None and warm.size != len(problem.limits):
        warm = None
    return Plan(formulation, optimise(problem, warm=warm, checkpoint=checkpoint))
