"""Two scenarios for one audience, side by side: what each earns, and whether the data can tell them apart.

Both stand in one URL: the first by the ordinary keys of a scenario and of constraints, the second by the same
keys with `b_` before them. Campaign and model are those of the first: other scores would compare models.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.conditions import conditions_of, heeded
from core.contact_plan import stored_plan
from core.decision import Decision, decide
from core.estimate import Estimate
from core.plan_decision import plan_decision, plan_value
from core.policy.constraints import Constraints
from core.policy.contacts import order, profit_per_contact
from core.policy.plan import Plan
from core.scenario import Scenario
from core.uplift.contrast import Contrast, contrast
from core.uplift.evidence import Evidence
from core.uplift.influence import Influenced, share_gain
from core.workspace import Scored

SECOND = "b_"
"""What stands before the keys of the second scenario."""

_SHARED = ("data", "model")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A scenario and its conditions; None where it has none."""

    scenario: Scenario
    conditions: Constraints | None = None

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], columns: Collection[str] = ()
    ) -> tuple[Alternative, tuple[str, ...]]:
        """Read a URL query; what is wrong takes its default, with a notice for people.

        columns: of the audience; where one says who is left alone or what a customer costs, a plan decides.
        """
        scenario, notices = Scenario.from_query(query)
        conditions, more = conditions_of(query, scenario, columns)
        return cls(scenario, conditions), (*notices, *more)

    def to_query(self) -> dict[str, str]:
        """Every control and condition as text."""
        conditions = self.conditions.to_query() if self.conditions else {}
        return {**conditions, **self.scenario.to_query()}

    @property
    def economics(self) -> dict[str, object]:
        """What a contact is taken to cost and a gain to be worth, by what one assumes."""
        scenario, conditions = self.scenario, self.conditions or Constraints()
        return {
            "margins": (scenario.margin, conditions.margins),
            "costs": (scenario.cost, conditions.costs),
            "worths": scenario.value,
            "weights": conditions.weight,
        }

    @property
    def unnamed(self) -> Alternative:
        """The same without its name: equal where the same is computed."""
        return replace(self, scenario=replace(self.scenario, name=None))


def both_of(
    query: Mapping[str, str], columns: Collection[str] = ()
) -> tuple[Alternative, Alternative | None, tuple[str, ...]]:
    """The two scenarios of a URL and what could not be used. The second is None where the URL has none.

    columns: of the audience, as `Alternative.from_query` takes them.
    """
    first, notices = Alternative.from_query(query, columns)
    own = {key[len(SECOND) :]: text for key, text in query.items() if key.startswith(SECOND)}
    if not own:
        return first, None, notices
    shared = {key: text for key, text in query.items() if key in _SHARED}
    second, more = Alternative.from_query({**own, **shared}, columns)
    return first, second, (*notices, *(text.replace("link's ", f"link's {SECOND}") for text in more))


def both_to_query(first: Alternative, second: Alternative) -> dict[str, str]:
    """The URL query that `both_of` reads back."""
    own = {SECOND + key: text for key, text in second.to_query().items() if key not in _SHARED}
    return {**first.to_query(), **own}


def opponent(first: Alternative, customers: int, columns: Collection[str] = ()) -> Alternative:
    """A second scenario to begin with: contact everyone, or where the first does, as many as pay.

    columns: of the audience. A plan that heeds some of them contacts no one at a loss, so that it is as many
    as pay, or where the first is that, the same with a tenth of the customers held out.
    """
    plain = first.scenario
    if heeded(columns):
        paying = Alternative(replace(plain, topn=None, name="As many as pay"), Constraints())
        held_out = replace(paying, conditions=Constraints(holdout=0.1))
        named = replace(held_out, scenario=replace(held_out.scenario, name="A tenth held out"))
        return named if paying.unnamed == first.unnamed else paying
    everyone = replace(plain, topn=customers, policy="bestN", name="Contact everyone")
    if first.conditions is None and plain.topn is not None and plain.topn >= customers:
        return Alternative(replace(plain, topn=None, name="As many as pay"))
    return Alternative(everyone)


@dataclass(frozen=True)
class Side:
    """One scenario worked out. plan: with its conditions, None without. value: measured profit, money for
    the audience, with each customer's influence; None where nothing could be measured.
    """

    alternative: Alternative
    decision: Decision
    plan: Plan | None
    value: Influenced | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Customers on both lists, and on one of them alone. alike: whether both lists are the same customers by
    the same actions.
    """

    both: int
    only_first: int
    only_second: int
    alike: bool


@dataclass(frozen=True)
class Pair:
    """Two scenarios of one audience. binary: whether the outcome is yes or no. heeded: the audience's columns
    that plans heed.
    """

    first: Side
    second: Side
    overlap: Overlap
    binary: bool = False
    heeded: tuple[str, ...] = ()

    @property
    def predicted_gap(self) -> float:
        """The second's predicted profit less the first's, money."""
        return self.second.decision.predicted.profit - self.first.decision.predicted.profit

    @cached_property
    def gap(self) -> Estimate | None:
        """The second's measured profit less the first's, paired on the experiment's rows; 0 where both do the
        same, whichever way each was measured.
        """
        if self.first.value is None or self.second.value is None:
            return None
        if self.overlap.alike and self.same_economics:
            return Estimate.normal(0.0, 0.0)
        return (self.second.value - self.first.value).estimate()

    @property
    def measured(self) -> bool:
        """Whether the experiment tells what one of the two earns."""
        return any(side.decision.measured is not None for side in (self.first, self.second))

    @property
    def same(self) -> bool:
        """Whether the two differ in nothing but their names."""
        return self.first.alternative.unnamed == self.second.alternative.unnamed

    @property
    def same_economics(self) -> bool:
        """Whether margin, cost and value are the same, so that the difference is the choice of customers."""
        return self.first.alternative.economics == self.second.alternative.economics


def side_by_side(scored: Scored, first: Alternative, second: Alternative) -> Pair:
    """Work out both. Raises SettingError (InfeasibleError) where conditions cannot be met or name what is not
    there.
    """
    evidence = scored.proving()
    rows = contrast(evidence) if evidence is not None else None
    one = _side(scored, first, evidence, rows)
    other = one if second == first else _side(scored, second, evidence, rows)
    own = heeded(scored.data.columns)
    return Pair(one, other, _overlap(scored, one, other), scored.meta.binary, own)


def _side(scored: Scored, alternative: Alternative, evidence: Evidence | None, rows: Contrast | None) -> Side:
    scenario = alternative.scenario
    if alternative.conditions is not None:
        found = stored_plan(scored, scenario, alternative.conditions)
        value = plan_value(found, evidence, scored.same_customers)
        return Side(alternative, plan_decision(found, value, scored.unmeasured), found, value.given)
    decision = decide(scored.ranked, scored.curve, scenario, scored.unmeasured)
    measured = None
    if evidence is not None and rows is not None:
        gain = share_gain(rows, decision.share, evidence.customers)
        measured = gain.times(decision.customers * scenario.worth, -scenario.cost * decision.contacts)
    return Side(alternative, decision, None, measured)


def _overlap(scored: Scored, one: Side, other: Side) -> Overlap:
    plain = all(side.plan is None and side.alternative.scenario.worth > 0 for side in (one, other))
    if plain:  # both take the best of one order, so the shorter list is part of the longer
        sizes = one.decision.contacts, other.decision.contacts
        more = max(sizes[0] - sizes[1], 0), max(sizes[1] - sizes[0], 0)
        return Overlap(min(sizes), *more, alike=sizes[0] == sizes[1])
    first, second = _contacts(scored, one), _contacts(scored, other)
    both = int(np.count_nonzero(first.any(axis=0) & second.any(axis=0)))
    more = int(first.any(axis=0).sum()) - both, int(second.any(axis=0).sum()) - both
    return Overlap(both, *more, alike=bool((first == second).all()))


def _contacts(scored: Scored, side: Side) -> NDArray[np.bool_]:
    """(actions, n) the contacts of each customer, in the order of the file."""
    scores = scored.scores()
    out = np.zeros((scores.uplift.shape[1], side.decision.customers), dtype=np.bool_)
    if side.plan is not None:
        out[:, side.plan.formulation.offers.place] = side.plan.solution.choice
        return out
    profit = profit_per_contact(scores.uplift.max(axis=1), side.alternative.scenario)
    who = order(profit, scores.ids)[: side.decision.contacts]
    out[scores.uplift[who].argmax(axis=1), who] = True
    return out
