"""The contact list: every customer in order of predicted profit, and which of them to contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.policy.economics import FloatArray, IntArray
from core.policy.suppression import suppressed
from core.scenario import Scenario
from core.uplift.scoring import Scores

SCORE_COLUMNS = (
    "row_id",
    "uplift_hat",
    "y1_hat",
    "y0_hat",
    "exp_incremental_revenue",
    "exp_profit_per_contact",
    "rank",
)


def profit_per_contact(uplift: FloatArray, scenario: Scenario) -> FloatArray:
    """Predicted profit of contacting each customer, money: uplift · (margin · value) - cost."""
    return uplift * (scenario.margin * scenario.value) - scenario.cost


def number_of_contacts(profit: FloatArray, scenario: Scenario) -> int:
    """How many of the customers, best first, the scenario contacts."""
    if scenario.policy == "bestN" and scenario.topn is not None:
        return min(scenario.topn, profit.size)
    return int(np.count_nonzero(profit > 0))


def order(profit: FloatArray, ids: pd.Series) -> IntArray:
    """Row positions by profit, highest first; equals by id (by number where every id is a whole number)."""
    keys = pa.table({"profit": profit, "id": _id_keys(ids)})
    ranked = pc.sort_indices(keys, sort_keys=[("profit", "descending"), ("id", "ascending")])
    return np.asarray(ranked.to_numpy(), dtype=np.int64)


def _id_keys(ids: pd.Series) -> Any:
    text = pa.array(ids.astype("str"), type=pa.large_string())
    plain = pc.all(pc.match_substring_regex(text, r"^(0|-?[1-9][0-9]{0,17})$")).as_py()
    return pc.cast(text, pa.int64()) if plain else text


def contact_table(scores: Scores, extra: pd.DataFrame | None, scenario: Scenario) -> pd.DataFrame:
    """All customers, best first, with `should_contact` 0/1 as the last column; the others as `list_rows`.

    extra: columns of the audience that are carried along, in the order of the scores. Whom its column
    `suppressed` names is not contacted; the next best takes the place. Raises DataError for a cell that is
    neither yes nor no.
    """
    uplift = scores.uplift.max(axis=1)
    profit = profit_per_contact(uplift, scenario)
    rows = order(profit, scores.ids)
    carried = {} if extra is None else {str(name): extra[name].array[rows] for name in extra.columns}
    table = list_rows(scores.at(rows), carried, scenario, np.arange(1, rows.size + 1))
    open_ = np.ones(rows.size, dtype=np.bool_) if extra is None else ~suppressed(extra)[rows]
    wanted = number_of_contacts(profit[rows][open_], scenario)
    table["should_contact"] = (open_ & (np.cumsum(open_) <= wanted)).astype(np.int64)
    return table


def list_rows(
    scores: Scores, carried: Mapping[str, Any], scenario: Scenario, ranks: IntArray
) -> pd.DataFrame:
    """Rows of the contact list, for customers in the order of `scores`; ranks: (n,) their places from 1.

    Columns: those of SCORE_COLUMNS (uplift in outcome units per customer, money for exp_*); with several
    contact arms `arm` (the best for the customer) and `uplift_hat[ARM]` for each; then the carried columns
    ((n,) each) that have no name of ours.
    """
    best = scores.uplift.argmax(axis=1)
    rows = np.arange(best.size)
    uplift = scores.uplift[rows, best]
    columns: dict[str, Any] = {
        "row_id": scores.ids.astype("str").array,
        "uplift_hat": uplift,
        "y1_hat": scores.y1[rows, best],
        "y0_hat": scores.y0,
        "exp_incremental_revenue": uplift * scenario.value,
        "exp_profit_per_contact": profit_per_contact(uplift, scenario),
        "rank": ranks,
    }
    if len(scores.arms) > 2:
        columns["arm"] = pd.array(np.asarray(scores.arms[1:], dtype=object), dtype="str")[best]
        for k, arm in enumerate(scores.arms[1:]):
            columns[f"uplift_hat[{arm}]"] = scores.uplift[:, k]
    for name, values in carried.items():
        if name not in columns and name != "should_contact":
            columns[name] = values
    return pd.DataFrame(columns)


def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """The customers to contact, best first, without the flag."""
    return table[table["should_contact"] == 1].drop(columns="should_contact").reset_index(drop=True)
