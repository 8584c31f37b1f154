"""`persuadable plan-map`: a stored audience's plans over margin and cost, kept for the Policy page."""

from __future__ import annotations

from core.errors import SettingError
from core.plan_map import plan_map
from core.policy.constraints import Constraints
from core.progress import Progress, part
from core.scenario import Scenario
from core.terminal import say
from core.workspace import Workspace


def work_out_map(scenario: Scenario, constraints: str, progress: Progress) -> None:
    """Fill the map around the scenario, whose ids name the audience and the model. constraints: JSON."""
    if scenario.data is None or scenario.model is None:
        raise SettingError("A map needs a data set and a model.", "Give --data and --model.")
    wanted = Constraints.from_json(constraints)
    scored = Workspace().scored(scenario.data, scenario.model, part(progress, 0.0, 0.1))
    grid = plan_map(scored, scenario, wanted, part(progress, 0.1, 1.0))
    progress("Done", 1.0)
    say(f"Worked out {grid.profit.size} plans.")
