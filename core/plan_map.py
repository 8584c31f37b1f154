"""The best plan's profit over margin × cost, worked out once for each set of conditions and kept on disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from core.contact_plan import stored_offers
from core.files import replacing
from core.keeping import place, used
from core.own_costs import own_cost_columns
from core.policy.constraints import Constraints
from core.policy.cost_sensitivity import constrained_sensitivity
from core.policy.economics import CostAxis, FloatArray, SensitivityGrid
from core.progress import Progress, part, silent
from core.scenario import BOUNDS, Scenario
from core.workspace import Scored

MARGINS = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
COSTS = (0.0, 0.5, 0.8, 1.0, 1.25, 1.5, 2.0)
"""Times the scenario's own, or times every contact's where some have costs of their own."""
_FIELDS = ("margins", "costs", "contacts", "share", "profit", "profit_everyone")


def plan_map(
    scored: Scored, scenario: Scenario, constraints: Constraints, progress: Progress = silent
) -> SensitivityGrid:
    """The map around a scenario; read where it is kept. Raises as `core.contact_plan.stored_offers` does."""
    known = kept_map(scored, scenario, constraints)
    if known is not None:
        return known
    progress("Reading the customers", 0.0)
    offers = stored_offers(scored, constraints)
    factors = map_axis(scored, constraints) == "factor"
    axes, shown = map_axes(scenario, factors=factors), part(progress, 0.05, 1.0)
    grid = constrained_sensitivity(offers, scenario, constraints, *axes, factors=factors, progress=shown)
    path = map_path(scored, scenario, constraints)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside, beside.open("wb") as file:
        np.savez(file, **{name: getattr(grid, name) for name in _FIELDS})
    return grid


def map_axis(scored: Scored, constraints: Constraints) -> CostAxis:
    """A factor on every cost where customers or actions have costs of their own: no one cost is theirs."""
    return "factor" if constraints.costs or own_cost_columns(scored) else "cost"


def map_axes(scenario: Scenario, *, factors: bool = False) -> tuple[FloatArray, FloatArray]:
    """Margins and costs around the scenario's own, which are among them; around 30 % and 0.05 where it has
    none. Both end where a scenario's do. factors: in the place of costs, factors on whatever a contact costs.
    """
    margins = _around(scenario.margin, 0.30, MARGINS, BOUNDS["margin"][1])
    if factors:
        return margins, np.array(COSTS)
    return margins, _around(scenario.cost, 0.05, COSTS, BOUNDS["cost"][1])


def _around(own: float, typical: float, times: tuple[float, ...], most: float) -> FloatArray:
    """Multiples of `own` (of `typical` where it is 0) up to `most`, to six digits, and `own` in full."""
    rounded = [float(f"{min((own or typical) * factor, most):.6g}") for factor in times]
    apart = [value for value in rounded if abs(value - own) > 1e-5 * own]  # else own itself, rounded
    return np.unique([*apart, own])


def kept_map(scored: Scored, scenario: Scenario, constraints: Constraints) -> SensitivityGrid | None:
    """The map, where it has been worked out before."""
    path = map_path(scored, scenario, constraints)
    with suppress(FileNotFoundError):
        used(path)
        with np.load(path, allow_pickle=False) as arrays:
            axis = map_axis(scored, constraints)
            return SensitivityGrid(**{name: arrays[name] for name in _FIELDS}, axis=axis)
    return None


def map_path(scored: Scored, scenario: Scenario, constraints: Constraints) -> Path:
    """Where the map is kept, by content: the scores, the economics around which it lies, the conditions."""
    economics = [scenario.margin, scenario.cost, scenario.value, map_axis(scored, constraints)]
    depends = (scored.folder.name, economics, constraints.as_dict())
    return place(scored.workspace.settings, "maps", *depends).with_suffix(".npz")
