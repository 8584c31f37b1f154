"""The job of the Policy page: the map of its plan over margin and cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from core.plan_map import map_path
from core.workspace import Workspace
from pages.situation import situation
from pages.work_order import Work

KIND = "plan-map"


def map_work(workspace: Workspace, asked: Mapping[str, Any]) -> Work:
    """The map of a page's query. Raises NotFoundError for ids that are not here."""
    now = situation(workspace, asked["query"])
    scenario, conditions = now.scenario, now.conditions
    argv = ["plan-map", "--data", now.scored.data.id, "--model", now.scored.meta.id]
    for name in ("margin", "cost", "value"):
        argv += [f"--{name}", repr(getattr(scenario, name))]
    argv += ["--constraints", conditions.to_json()]
    path = map_path(now.scored, scenario, conditions)
    query = urlencode(conditions.to_query() | scenario.to_query())
    return Work(KIND, f"Map of plans for {now.scored.data.name}", tuple(argv), str(path), f"/policy?{query}")
