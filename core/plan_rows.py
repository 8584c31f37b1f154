"""The contacts of a plan with conditions, solved once and kept on disk, so that scrolling solves nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from core.advice.decisions import Verdict
from core.advice.policy_plans import plan_verdict
from core.contact_plan import measured, stored_plan
from core.data.mapped import column, open_mapped, taken, write_mapped
from core.files import write_json
from core.keeping import founded
from core.policy.constraints import Constraints
from core.policy.contacts import order
from core.policy.economics import IntArray
from core.scenario import Scenario
from core.settings import currency
from core.workspace import Scored

_TABLE, _WORDS = "plan.arrow", "verdict.json"
_TEXTS = ("row_id", "action", "runner_up", "reason")


@dataclass(frozen=True)
class PlanRows:
    """A plan's contacts as `ContactRows`; columns as core.policy.plan.COLUMNS, a row a contact."""

    folder: Path

    @property
    def key(self) -> str:
        return self.folder.name

    @property
    def contacts(self) -> int:
        return len(self._table)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._table.column_names)

    def numeric(self, name: str) -> bool:
        return name not in _TEXTS

    def at(self, places: IntArray) -> pd.DataFrame:
        return taken(self._table, places)

    def shown(self, places: IntArray) -> pd.DataFrame:
        return self.at(places)

    def column(self, name: str) -> pa.Array | NDArray[Any]:
        return column(self._table, name)

    def id_order(self) -> IntArray:
        places = np.empty(self.contacts, dtype=np.int64)
        ids = pd.Series(column(self._table, "row_id").to_pandas())
        places[order(np.zeros(self.contacts), ids)] = np.arange(self.contacts)
        return places

    @cached_property
    def verdict(self) -> Verdict:
        """The plan in words, as the Policy page opens with it."""
        return Verdict(**json.loads((self.folder / _WORDS).read_text(encoding="utf-8")))

    @cached_property
    def _table(self) -> pa.Table:
        return open_mapped(self.folder / _TABLE)


def plan_rows(scored: Scored, scenario: Scenario, constraints: Constraints) -> PlanRows:
    """The plan of a stored audience. Raises as `core.contact_plan.stored_plan`."""

    def solve(beside: Path) -> None:
        plan = stored_plan(scored, scenario, constraints)
        write_mapped(plan.table(), beside / _TABLE)
        known = measured(scored, plan)
        verdict = plan_verdict(plan, known, unmeasured=scored.unmeasured)
        write_json(beside / _WORDS, asdict(verdict))

    # The reasons name limits in money, so the currency is part of what the table is made from.
    economics = (scenario.margin, scenario.cost, scenario.value, currency())
    parts = (scored.folder.name, *economics, constraints.as_dict())
    return PlanRows(founded(scored.workspace.settings, "plans", parts, solve))
