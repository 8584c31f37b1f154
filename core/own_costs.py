"""What each customer of a stored audience costs, where its file says so: read once, kept sorted on disk."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal

import numpy as np

from core.contact_plan import stored_offers
from core.decision import Decision, Economics
from core.grid_axes import cost_steps, grid_axes
from core.keeping import founded
from core.policy.constraints import Constraints
from core.policy.cost_sensitivity import FACTORS, RankedReturn, factor_sensitivity, shift_sensitivity
from core.policy.economics import FloatArray, SensitivityGrid
from core.policy.offers import COST, ONE_ACTION
from core.scenario import Scenario
from core.workspace import Scored

OwnAxis = Literal["factor", "added"]


def own_cost_columns(scored: Scored) -> tuple[str, ...]:
    """The audience's columns that a plan takes for the costs of its contacts."""
    arms = scored.meta.arms[1:]
    actions = arms if len(arms) > 1 else (ONE_ACTION,)
    names = (COST, *(f"{COST}[{action}]" for action in actions))
    return tuple(name for name in names if name in scored.data.columns)


def has_own_costs(scored: Scored) -> bool:
    """Whether a contact costs each customer something of its own, by whichever action it is."""
    names = own_cost_columns(scored)
    return bool(names) and (len(scored.meta.arms) == 2 or names == (COST,))


@dataclass(frozen=True)
class OwnCosts:
    """The customers who may be contacted, each with a cost and the uplift of their best action.

    uplift: (n,) outcome units, cost: (n,) money, both by id. customers: of the audience, with those who are
    marked as suppressed.
    """

    uplift: FloatArray
    cost: FloatArray
    ranked: RankedReturn
    customers: int

    def grid(self, scenario: Scenario, axis: OwnAxis) -> SensitivityGrid:
        """The best list at each margin and factor on, or money added to, every cost."""
        margins, value = grid_axes(scenario)[0], scenario.value
        if axis == "factor":
            found = factor_sensitivity(self.ranked, margins, FACTORS, value)
        else:
            mean = float(self.ranked.cost[-1]) / max(self.cost.size, 1)
            added = cost_steps(2 * mean or 0.1)
            found = shift_sensitivity(self.uplift, self.cost, margins, added, value)
        return replace(found, share=found.contacts / max(self.customers, 1))

    def decided(self, decision: Decision) -> Decision:
        """The same with the list that these costs give: who pays, at most as many as are wanted, best first.

        Predicted alone: no row of the experiment says what a contact costs.
        """
        scenario = decision.scenario
        profit = scenario.worth * self.uplift - self.cost
        chosen = profit > 0
        wanted = scenario.topn if scenario.policy == "bestN" else None
        if wanted is not None and np.count_nonzero(chosen) > wanted:
            chosen = _best(profit, wanted)
        revenue = scenario.value * float(self.uplift[chosen].sum())
        cost = float(self.cost[chosen].sum())
        predicted = Economics(revenue, cost, scenario.margin * revenue - cost)
        return replace(
            decision,
            contacts=int(np.count_nonzero(chosen)),
            predicted=predicted,
            measured=None,
            measured_everyone=None,
            measured_gap=None,
        )


def own_costs(scored: Scored) -> OwnCosts:
    """The costs of an audience that `has_own_costs`. Raises as `core.contact_plan.stored_offers`."""

    def write(folder: Path) -> None:
        offers = stored_offers(scored, Constraints())
        may = ~offers.suppressed
        uplift, cost = offers.uplift.max(axis=1)[may], offers.cost[may, 0]
        ranked = RankedReturn.of(uplift, cost)
        for name, values in (("each_uplift", uplift), ("each_cost", cost)):
            np.save(folder / f"{name}.npy", values)
        for spec in fields(RankedReturn):
            np.save(folder / f"{spec.name}.npy", getattr(ranked, spec.name))

    settings = scored.workspace.settings
    folder = founded(settings, "maps", ("own costs", scored.folder.name), write)

    def kept(name: str) -> FloatArray:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))

    ranked = RankedReturn(*(kept(spec.name) for spec in fields(RankedReturn)))
    return OwnCosts(kept("each_uplift"), kept("each_cost"), ranked, scored.ranked.customers)


def _best(profit: FloatArray, wanted: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) the `wanted` highest; of equals the first, so that the smallest ids come first."""
    chosen = np.zeros(profit.size, dtype=np.bool_)
    if wanted:
        least = np.partition(profit, profit.size - wanted)[profit.size - wanted]
        chosen = profit > least
        chosen[np.flatnonzero(profit == least)[: wanted - np.count_nonzero(chosen)]] = True
    return chosen
