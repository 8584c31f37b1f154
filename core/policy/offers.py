"""What could be offered to whom: scored customers with costs, history and segments, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data import columns
from core.data.problems import refuse, row_problems
from core.errors import Problem, SettingError
from core.estimate import LEVEL
from core.policy.constraints import Constraints
from core.policy.problem import BoolArray, FloatArray
from core.policy.suppression import marked

SCORE = "uplift_hat"
COST, LAST, RECENT = "cost", "last_contacted_days", "contacts_in_period"
ONE_ACTION = "contact"


@dataclass(frozen=True)
class Offers:
    """n customers in canonical order (by id, so that the order of a file never matters), K actions.

    ids: (n,) text, unique. uplift: (n, K) outcome units. se: (n, K) its standard errors, None where the file
    has none. cost: (n, K) money, NaN where the file says nothing; own_cost: actions with a column of their
    own. weight: (n,). suppressed: (n,). last, recent: (n,) days since the last contact (infinite for never)
    and contacts in the period. segments: (n, columns) text, only those the constraints name. place: (n,) the
    row of the file each stands in.
    """

    ids: NDArray[np.object_]
    actions: tuple[str, ...]
    uplift: FloatArray
    cost: FloatArray
    se: FloatArray | None
    weight: FloatArray
    suppressed: BoolArray
    last: FloatArray
    recent: FloatArray
    segments: dict[str, pd.Series]
    place: NDArray[np.int64]
    own_cost: frozenset[str] = frozenset()

    @property
    def customers(self) -> int:
        return int(self.ids.size)


def actions_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """The actions of a scored table: its columns `uplift_hat[ACTION]`, else the one of `uplift_hat`."""
    several = [name[len(SCORE) + 1 : -1] for name in map(str, frame.columns) if _is_of(name, SCORE)]
    if several:
        return tuple(several)
    return (ONE_ACTION,)


def offers(
    frame: pd.DataFrame, constraints: Constraints, id_column: str = "row_id", *, ids_checked: bool = False
) -> Offers:
    """Read a scored table. Raises DataError naming every column that is missing and every row that is
    wrong. ids_checked: the ids are known to be text, all there and all different.
    """
    actions = actions_of(frame)
    score_names = [f"{SCORE}[{a}]" for a in actions] if f"{SCORE}[{actions[0]}]" in frame.columns else [SCORE]
    segment_names = list(dict.fromkeys(quota.column for quota in constraints.quotas if quota.column))
    wanted = [id_column, *score_names, *segment_names, *([constraints.weight] if constraints.weight else [])]
    columns.require(frame, wanted, "The scored file")
    ids, problems = (frame[id_column], []) if ids_checked else columns.ids(frame, id_column)
    read = _Reader(frame, problems)
    uplift = np.column_stack([read.number(name) for name in score_names])
    names = [_first(frame, f"{COST}[{a}]", COST) for a in actions]
    by_name = {name: read.optional(name) for name in dict.fromkeys(names)}
    costs = [by_name[name] for name in names]
    weight = read.number(constraints.weight, low=0.0) if constraints.weight else np.ones(len(frame))
    last = read.optional(_first(frame, LAST), blank=np.inf, low=0.0)
    recent = read.optional(_first(frame, RECENT), blank=0.0, low=0.0)
    suppressed = read.suppressed()
    se = read.errors(actions) if constraints.risk_aversion > 0 else None
    segments = {name: columns.text(frame, name) for name in segment_names}
    refuse(problems, "The scored file")
    order = _canonical(ids)
    return Offers(
        ids=ids.to_numpy(dtype=object)[order],
        actions=actions,
        uplift=uplift[order],
        cost=np.column_stack([np.full(len(frame), np.nan) if c is None else c for c in costs])[order],
        se=None if se is None else se[order],
        weight=weight[order],
        suppressed=suppressed[order],
        last=(np.full(len(frame), np.inf) if last is None else last)[order],
        recent=(np.zeros(len(frame)) if recent is None else recent)[order],
        segments={name: series.iloc[order].reset_index(drop=True) for name, series in segments.items()},
        place=order,
        own_cost=frozenset(a for a in actions if f"{COST}[{a}]" in frame.columns),
    )


class _Reader:
    """Columns of the scored table as numbers; what is wrong is collected in `problems`."""

    def __init__(self, frame: pd.DataFrame, problems: list[Problem]) -> None:
        self.frame, self.problems = frame, problems

    def number(self, name: str, low: float = -np.inf) -> FloatArray:
        values, wrong = columns.numeric(self.frame, name)
        self.problems += map(_needed, wrong)
        self._check(
            name,
            np.isnan(values),
            "A number is missing.",
            "Score the file again, or leave the row out.",
            wrong,
        )
        self._check(name, values < low, "The number is negative.", "Give 0 or more.")
        return values

    def optional(
        self, name: str | None, *, blank: float | None = None, low: float = 0.0
    ) -> FloatArray | None:
        if name is None:
            return None
        values, wrong = columns.numeric(self.frame, name)
        self.problems += map(_needed, wrong) if blank is None else wrong
        empty = np.isnan(values)
        if blank is None:
            self._check(
                name,
                empty,
                "A number is missing.",
                "Give one for every customer, or drop the column.",
                wrong,
            )
        else:
            values = np.where(empty, blank, values)
        self._check(name, values < low, "The number is negative.", "Give 0 or more.")
        return values

    def suppressed(self) -> BoolArray:
        yes, wrong = marked(self.frame)
        self.problems += wrong
        return yes

    def errors(self, actions: tuple[str, ...]) -> FloatArray:
        found = []
        z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
        for action in actions:
            name = _first(self.frame, f"uplift_se[{action}]", "uplift_se")
            low = _first(self.frame, f"uplift_lo[{action}]", "uplift_lo")
            high = _first(self.frame, f"uplift_hi[{action}]", "uplift_hi")
            if name is not None:
                found.append(self.number(name, low=0.0))
            elif low is not None and high is not None:
                found.append(np.maximum(self.number(high) - self.number(low), 0.0) / (2 * z))
            else:
                raise SettingError(
                    "risk_aversion needs the uncertainty of every score, and the file has none.",
                    "Add a column uplift_se (or uplift_lo and uplift_hi), or set risk_aversion to 0.",
                )
        return np.column_stack(found)

    def _check(
        self, name: str, wrong: NDArray[np.bool_], message: str, fix: str, known: list[Problem] | None = None
    ) -> None:
        if known:  # the same cells were named with a better reason
            return
        if wrong.any():
            self.problems += row_problems(wrong, self.frame[name], message, fix, name)


def _needed(problem: Problem) -> Problem:
    """The same where a cell cannot be left empty."""
    return replace(problem, fix=problem.fix.replace("leave the cell empty", "leave the row out"))


def _first(frame: pd.DataFrame, *names: str) -> str | None:
    return next((name for name in names if name in frame.columns), None)


def _is_of(name: str, stem: str) -> bool:
    return name.startswith(f"{stem}[") and name.endswith("]") and len(name) > len(stem) + 2


def _canonical(ids: pd.Series) -> NDArray[np.int64]:
    """Row positions by id: by number where every id is a whole number, else as text."""
    from core.policy.contacts import order

    return order(np.zeros(len(ids)), ids)
