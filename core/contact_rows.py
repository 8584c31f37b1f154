"""The contact list row by row: of any million customers only those that are looked at are gathered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from core.advice.reasons import reason
from core.data.mapped import column, taken
from core.decision import decide
from core.plan_rows import plan_rows
from core.policy.constraints import Constraints
from core.policy.contacts import SCORE_COLUMNS, list_rows, profit_per_contact
from core.policy.economics import IntArray
from core.policy.ranking import Ranking
from core.scenario import Scenario
from core.uplift.scoring import Scores
from core.workspace import Scored

WHY = "why"
"""The column that `shown` adds to the file's: the reason in words."""


class ContactRows(Protocol):
    """A contact list by places from 0, best first, whoever made it: a scenario alone, or a plan."""

    @property
    def key(self) -> str:
        """What the list is made from, as text: equal keys are equal lists."""

    @property
    def contacts(self) -> int: ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the file, in its order."""

    def numeric(self, name: str) -> bool:
        """Whether a column holds numbers."""

    def at(self, places: IntArray) -> pd.DataFrame:
        """The rows at these places, with the columns and types of the file."""

    def shown(self, places: IntArray) -> pd.DataFrame:
        """The same with the reason in words for each."""

    def column(self, name: str) -> pa.Array | NDArray[Any]:
        """One column of the whole list, best first, to sort and filter by: as numbers where it holds them."""

    def id_order(self) -> IntArray:
        """(contacts,) the place of each row in the order by id."""


@dataclass(frozen=True)
class ScenarioRows:
    """The list of a scenario, gathered from the arrays kept with the scores.

    The rows of `core.policy.contacts.chosen(contact_table(…))`, whichever of them are asked for.
    """

    scored: Scored
    scenario: Scenario

    @cached_property
    def key(self) -> str:
        now = self.scenario
        return repr((self.scored.folder.name, now.margin, now.cost, now.value, now.topn, now.policy))

    @cached_property
    def contacts(self) -> int:
        return decide(self.scored.ranked, None, self.scenario).contacts

    @cached_property
    def columns(self) -> tuple[str, ...]:
        arms = self._scores.arms[1:]
        several = ["arm", *(f"uplift_hat[{arm}]" for arm in arms)] if len(arms) > 1 else []
        ours = [*SCORE_COLUMNS, *several]
        carried = self._carried.column_names
        return (*ours, *(name for name in carried if name not in ours and name != "should_contact"))

    def numeric(self, name: str) -> bool:
        if name in self._carried.column_names and not self._ours(name):
            if name in self._numbers.column_names:
                return True
            kind = self._carried.schema.field(name).type
            tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
            return any(test(kind) for test in tests)
        return name not in ("row_id", "arm")

    def at(self, places: IntArray) -> pd.DataFrame:
        rows = self._rows(places)
        people = taken(self._carried, rows)
        carried = {str(name): people[name].array for name in people.columns}
        return list_rows(self._scores.at(rows), carried, self.scenario, places + 1)

    def shown(self, places: IntArray) -> pd.DataFrame:
        table, ranked = self.at(places), self.scored.ranked
        block = np.searchsorted(-ranked.block_uplift, -table["uplift_hat"].to_numpy(), side="left")
        alike = ranked.block_end.size == 1
        table[WHY] = [
            reason(self.scenario, float(uplift), int(end), ranked.customers, alike=alike)
            for uplift, end in zip(table["uplift_hat"], ranked.block_end[block], strict=True)
        ]
        return table

    def column(self, name: str) -> pa.Array | NDArray[Any]:
        rows = self._order.between(0, self.contacts, self.scenario)
        if not self._ours(name):
            written = name in self._numbers.column_names
            return column(self._numbers if written else self._carried, name, rows)
        scores = self._scores
        if name == "rank":
            return np.arange(1, self.contacts + 1)
        if name == "row_id":
            return pa.array(scores.ids.array[rows])
        uplift = np.asarray(scores.uplift)[rows]
        best = uplift.argmax(axis=1)
        if name == "arm":
            return pa.DictionaryArray.from_arrays(best.astype(np.int32), list(scores.arms[1:]))
        if name.startswith("uplift_hat["):
            return uplift[:, scores.arms.index(name[len("uplift_hat[") : -1]) - 1]
        if name == "y0_hat":
            return np.asarray(scores.y0)[rows]
        if name == "y1_hat":
            return np.asarray(scores.y1)[rows, best]
        chosen = uplift.max(axis=1)
        if name == "exp_incremental_revenue":
            return chosen * self.scenario.value
        return profit_per_contact(chosen, self.scenario) if name == "exp_profit_per_contact" else chosen

    def id_order(self) -> IntArray:
        rows = self._order.between(0, self.contacts, self.scenario)
        return np.asarray(self._order.place[rows], dtype=np.int64)

    @cached_property
    def _order(self) -> Ranking:
        return self.scored.ranking

    @cached_property
    def _scores(self) -> Scores:
        return self.scored.scores()

    @cached_property
    def _carried(self) -> pa.Table:
        return self.scored.carried

    @cached_property
    def _numbers(self) -> pa.Table:
        return self.scored.numbers

    def _ours(self, name: str) -> bool:
        several = name == "arm" or name.startswith("uplift_hat[")
        return name in SCORE_COLUMNS or (several and len(self._scores.arms) > 2)

    def _rows(self, places: IntArray) -> IntArray:
        """The row of the file at each place: neighbours are looked up together."""
        if not places.size:
            return places
        low, high = int(places.min()), int(places.max())
        if high - low < 4 * places.size + 1000:
            return self._order.between(low, high + 1, self.scenario)[places - low]
        return self._order.between(0, self.contacts, self.scenario)[places]


def listed(scored: Scored, scenario: Scenario, constraints: Constraints | None) -> ContactRows:
    """The list of a link: of the scenario alone, or of a plan with conditions. Raises as `plan_rows`."""
    if constraints is None:
        return ScenarioRows(scored, scenario)
    return plan_rows(scored, scenario, constraints)
