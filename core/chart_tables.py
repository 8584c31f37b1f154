"""The numbers behind each chart, as tables to take away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import NotFoundError
from core.packs.pack import grid_axes
from core.policy.economics import profit_curve, sensitivity
from core.scenario import Scenario
from core.uplift.deciles import deciles
from core.workspace import Scored

POINTS = 1000


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
    if scored.curve is not None:
        low, high = scored.curve.band()
        worth = scenario.margin * scenario.value * customers
        for name, gain in (("profit", scored.curve.gain), ("lo", low), ("hi", high)):
            columns[f"measured_{name}"] = worth * np.interp(share, scored.curve.share, gain) - curve.cost
    return pd.DataFrame(columns)


def decile_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """Predicted and measured uplift by decile, columns as `deciles`. NotFoundError without an experiment."""
    evidence = scored.evidence()
    if evidence is None:
        raise NotFoundError("This model keeps no experiment to measure deciles on.", "Train it again.")
    return deciles(evidence)


def gain_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """The measured gain curve, columns as `GainCurve.to_frame`. NotFoundError without an experiment."""
    if scored.curve is None:
        raise NotFoundError("This model keeps no experiment to measure a curve on.", "Train it again.")
    return scored.curve.thinned(POINTS).to_frame()


def sensitivity_table(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """One row a margin and cost: margin, cost, contacts, share, profit, profit_everyone; predicted, money."""
    grid = sensitivity(scored.ranked, *grid_axes(scenario), scenario.value)
    return pd.DataFrame(
        {
            "margin": np.repeat(grid.margins, grid.costs.size),
            "cost": np.tile(grid.costs, grid.margins.size),
            "contacts": grid.contacts.ravel(),
            "share": grid.share.ravel(),
            "profit": grid.profit.ravel(),
            "profit_everyone": grid.profit_everyone.ravel(),
        }
    )
