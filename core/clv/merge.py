"""Customer value joined to an audience: for reports, as a weight in the policy, or as features of uplift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from core.clv import words
from core.clv.dates import parse_date
from core.clv.rows import FloatArray
from core.data.columns import ids, numeric, require, text
from core.data.pointed import pointed
from core.data.problems import refuse
from core.errors import DataError

Use = Literal["report", "weight", "feature"]

COLUMNS = (
    "p_alive", "p_alive_lo", "p_alive_hi",
    "expected_orders", "expected_orders_lo", "expected_orders_hi",
    "expected_spend", "clv", "clv_lo", "clv_hi", "value_tier",
)  # fmt: skip
WEIGHT = "w"
_SHOWN = 5
_LONGER = "Compute them from a longer period of orders, or with another model."


@dataclass(frozen=True)
class Merged:
    """frame: the audience with the columns of the value table, its numbers with a decimal point. matched:
    audience customers found in it. without_value: audience customers that are not (their columns are empty,
    their weight is 1). without_audience: valued customers that are not in the audience. examples: some ids
    without value."""

    frame: pd.DataFrame
    matched: int
    without_value: int
    without_audience: int
    examples: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What a person should know about the match."""
        return words.matched(self.matched, self.without_value, self.without_audience, self.examples)


def merge(
    audience: pd.DataFrame,
    clv: pd.DataFrame,
    *,
    id_column: str,
    clv_id: str | None = None,
    use: Use = "report",
    treated_on: date | None = None,
) -> Merged:
    """Join by id, as text: leading zeros count.

    clv: the table `persuadable clv` writes; clv_id: its id column, the first one without. use: "weight" adds
    `w`, the customer's CLV ÷ the mean CLV of those matched, so that the weights leave the size of profits as
    it is; "feature" needs `treated_on`, the first day of the campaign, and refuses values that know of a
    later day. Raises DataError for missing columns, ids missing or repeated, and leakage.
    """
    require(audience, (id_column,), "The audience")
    key = clv_id or str(clv.columns[0])
    require(clv, (key, "p_alive", "expected_orders", "computed_until"), "The table of customer values")
    if use == "weight":
        require(clv, ("clv",), "The table of customer values")
    if use == "feature":
        _refuse_leakage(clv, treated_on)
    mine, problems = ids(audience, id_column, words.OTHER_ID)
    refuse(problems, "The audience")
    theirs, problems = ids(clv, key, words.OTHER_ID)
    refuse(problems, "The table of customer values")
    place = pd.Index(theirs).get_indexer(pd.Index(mine))
    found = place >= 0
    if not found.any():
        raise DataError(
            "No customer of the audience is in the table of customer values.",
            _as_decimals(mine, theirs)
            or f"Compare the ids: '{mine.iloc[0]}' in '{id_column}' and '{theirs.iloc[0]}' in '{key}'.",
        )
    frame = pointed(audience, ids=(id_column,)).copy()
    if not np.isfinite(numeric(clv, "p_alive")[0]).any():
        raise DataError("The table of customer values holds none: its orders could not tell them.", _LONGER)
    for column in COLUMNS:
        if column not in clv.columns:
            continue
        values, problems = numeric(clv, column)
        refuse(problems, "The table of customer values")
        name = column if column not in audience.columns else f"clv_{column}"
        frame[name] = np.where(found, values[place], np.nan)
    if use == "weight":
        worth, _ = numeric(clv, "clv")
        frame[WEIGHT] = weights(np.where(found, worth[place], np.nan))
    return Merged(
        frame=frame,
        matched=int(found.sum()),
        without_value=int((~found).sum()),
        without_audience=len(theirs) - len(np.unique(place[found])),
        examples=tuple(mine[~found].iloc[:_SHOWN]),
    )


def _as_decimals(mine: pd.Series, theirs: pd.Series) -> str:
    """How to mend ids that one of the two files writes as 1212.0; empty where that is not it."""
    bare = [ids.str.removesuffix(".0") for ids in (mine, theirs)]
    if not bare[0].isin(set(bare[1])).any():
        return ""
    name, example = ("The audience", mine) if (bare[0] != mine).any() else ("The table of values", theirs)
    shown = example[example.str.endswith(".0")].iloc[0]
    return (
        f"{name} writes ids with a decimal, such as '{shown}': write '{shown[:-2]}', a whole number or text."
    )


def weights(clv: FloatArray) -> FloatArray:
    """(n,) CLV ÷ mean CLV of those that have one; 1 where it is missing. DataError where none is above 0."""
    known = np.isfinite(clv)
    mean = float(clv[known].mean()) if known.any() else 0.0
    if mean <= 0:
        raise DataError("No customer has a value above 0, so values cannot weigh the decision.")
    return np.where(known, clv / mean, 1.0)


def _refuse_leakage(clv: pd.DataFrame, treated_on: date | None) -> None:
    if treated_on is None:
        raise DataError(
            "Customer values may be features only if they were computed before the campaign.",
            "Say when the campaign began (treated_on).",
        )
    known = text(clv, "computed_until").dropna()
    latest = max((parse_date(str(day), "computed_until") for day in known.unique()), default=None)
    if latest is None or latest > treated_on:
        raise DataError(
            f"The customer values know of orders up to {latest}, after the campaign began on {treated_on}: "
            "as features they would leak what the campaign caused.",
            f"Compute them with --observation-end {treated_on.isoformat()} or earlier.",
        )
