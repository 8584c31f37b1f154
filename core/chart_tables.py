"""The numbers behind each chart, as tables to take away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.alternatives import Pair
from core.contact_plan import stored_plan
from core.errors import NotFoundError
from core.grid_axes import grid_axes
from core.own_costs import has_own_costs, own_costs
from core.plan_map import kept_map
from core.policy.constraints import Constraints
from core.policy.economics import CostAxis, SensitivityGrid, profit_curve, sensitivity
from core.policy.shadow import frontier
from core.scenario import Scenario
from core.workspace import Scored

POINTS = 1000
COST_COLUMNS: dict[CostAxis, str] = {"cost": "cost", "factor": "cost_factor", "added": "cost_added"}


def curve_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """Profit against the number of contacts, at most about POINTS rows; money for this audience.

    Columns: contacts, share, predicted_revenue, cost, predicted_profit and, where there is an experiment,
    measured_profit, measured_lo, measured_hi (a band that holds for the whole curve at once).
    """
    curve = profit_curve(scored.ranked, scenario.margin, scenario.cost, scenario.value, POINTS)
    customers = max(scored.ranked.customers, 1)
    share = curve.contacts / customers
    columns = {
        "contacts": curve.contacts,
        "share": share,
        "predicted_revenue": curve.revenue,
        "cost": curve.cost,
        "predicted_profit": curve.profit,
    }
    if scored.proof is not None:
        low, high = scored.proof.band()
        worth = scenario.margin * scenario.value * customers
        for name, gain in (("profit", scored.proof.gain), ("lo", low), ("hi", high)):
            columns[f"measured_{name}"] = worth * np.interp(share, scored.proof.share, gain) - curve.cost
    return pd.DataFrame(columns)


def decile_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """Predicted and measured uplift by decile, columns as `deciles`. NotFoundError without an experiment."""
    measured = scored.measured()
    if measured is None:
        raise NotFoundError("This model keeps no experiment to measure deciles on.", "Train it again.")
    return measured.deciles


def gain_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """The measured gain curve, columns as `GainCurve.to_frame`. NotFoundError without an experiment."""
    if scored.curve is None:
        raise NotFoundError("This model keeps no experiment to measure a curve on.", "Train it again.")
    return scored.curve.thinned(POINTS).to_frame()


def comparison_table(pair: Pair) -> pd.DataFrame:
    """One row each for a, b and b_less_a: contacts, cost, predicted_profit, measured_profit with its interval
    (measured_lo, measured_hi), customers on this list alone, and on both.

    Money for this audience; the difference is measured in pairs.
    """
    one, other, lap = pair.first.decision, pair.second.decision, pair.overlap
    figures = {
        "contacts": (one.contacts, other.contacts),
        "cost": (one.predicted.cost, other.predicted.cost),
        "predicted_profit": (one.predicted.profit, other.predicted.profit),
    }
    known = (one.measured, other.measured, pair.gap)
    ends = {"measured_profit": "value", "measured_lo": "lo", "measured_hi": "hi"}
    return pd.DataFrame(
        {
            "scenario": ["a", "b", "b_less_a"],
            **{name: [a, b, b - a] for name, (a, b) in figures.items()},
            **{name: [None if e is None else getattr(e, part) for e in known] for name, part in ends.items()},
            "only_here": pd.array([lap.only_first, lap.only_second, None], dtype="Int64"),
            "on_both": pd.array([lap.both, lap.both, None], dtype="Int64"),
        }
    )


def sensitivity_table(scored: Scored, scenario: Scenario, axis: CostAxis = "cost") -> pd.DataFrame:
    """One row a margin and cost: margin, cost, contacts, share, profit, profit_everyone; predicted, money.

    cost_factor or cost_added in the place of cost by what varies; NotFoundError where customers have no costs
    of their own.
    """
    return _cells(sensitivity_grid(scored, scenario, axis))


def sensitivity_grid(scored: Scored, scenario: Scenario, axis: CostAxis) -> SensitivityGrid:
    """The grid behind it. Raises as `sensitivity_table`."""
    if axis == "cost":
        return sensitivity(scored.ranked, *grid_axes(scenario), scenario.value)
    if not has_own_costs(scored):
        raise NotFoundError("Customers of this audience have no costs of their own.", "Add a column 'cost'.")
    return own_costs(scored).grid(scenario, axis)


def plan_map_table(scored: Scored, scenario: Scenario, constraints: Constraints) -> pd.DataFrame:
    """The same for the best plan within the constraints; profit is empty where there is none. Where customers
    or actions have costs of their own, cost_factor (on every cost) in the place of cost.

    NotFoundError while the map is not worked out.
    """
    grid = kept_map(scored, scenario, constraints)
    if grid is None:
        raise NotFoundError(
            "This map is not worked out yet.", "Press 'Work out the map' on the Policy page, then try again."
        )
    return _cells(grid).drop(columns="profit_everyone")


def frontier_table(scored: Scored, scenario: Scenario, constraints: Constraints) -> pd.DataFrame:
    """One row a budget: budget, predicted_profit, and what one more unit of money earns there."""
    plan = stored_plan(scored, scenario, constraints)
    found = frontier(plan.solution, plan.limits)
    if found is None:
        raise NotFoundError("This plan spends nothing, so there is no budget to vary.", "Set a cost above 0.")
    return pd.DataFrame({"budget": found.budget, "predicted_profit": found.profit, "price": found.price})


def _cells(grid: SensitivityGrid) -> pd.DataFrame:
    """One row a cell of the grid."""
    return pd.DataFrame(
        {
            "margin": np.repeat(grid.margins, grid.costs.size),
            COST_COLUMNS[grid.axis]: np.tile(grid.costs, grid.margins.size),
            "contacts": grid.contacts.ravel(),
            "share": grid.share.ravel(),
            "profit": grid.profit.ravel(),
            "profit_everyone": grid.profit_everyone.ravel(),
        }
    )
