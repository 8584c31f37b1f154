"""The margins and costs of a map around a scenario, the same on the page, in its CSV and in the pack."""

from __future__ import annotations

import numpy as np

from core.policy.economics import FloatArray
from core.scenario import Scenario


def grid_axes(scenario: Scenario, steps: int | None = None) -> tuple[FloatArray, FloatArray]:
    """Margins and costs of a grid around the scenario, each increasing, both with the scenario's own value.

    steps None: round numbers that a person reads off, about a dozen of each; else that many, evenly spaced.
    Margins cover 5 % to 65 % (to 100 % where the scenario's is above 60 %); costs cover 0 to three times the
    scenario's cost (to 0.15 where it is free).
    """
    top = 1.0 if scenario.margin > 0.60 else 0.65
    highest = 3 * (scenario.cost or 0.05)
    if steps is None:
        margins = np.arange(0.05, top + 0.001, 0.05)
        costs = cost_steps(highest)
    else:
        margins, costs = np.linspace(0.05, top, steps), np.linspace(0.0, highest, steps)
    # Rounded before the scenario's own values join them, so that 0.30000000000000004 is not a second 0.30.
    margins = np.unique(np.append(margins.round(4), scenario.margin))
    costs = np.unique(np.append([float(f"{cost:.6g}") for cost in costs], scenario.cost))
    return margins, costs


def cost_steps(highest: float) -> FloatArray:
    """About a dozen round amounts from 0 to `highest` (positive) or just beyond."""
    step = _round_below(highest / 12)
    return np.asarray(step * np.arange(np.ceil(highest / step - 1e-9) + 1))


def _round_below(number: float) -> float:
    """The largest of 1, 2, 2.5 and 5 · 10^k that is not above `number` (positive)."""
    power = 10.0 ** np.floor(np.log10(number) + 1e-9)
    return float(power * max(m for m in (1, 2, 2.5, 5) if m * power <= number * (1 + 1e-9)))
