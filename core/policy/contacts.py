"""The contact list: every customer in order of predicted profit, and which of them to contact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.policy.economics import FloatArray, IntArray
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
    """All customers, best first, with `should_contact` 0/1 as the last column.

    Columns: those of SCORE_COLUMNS (uplift in outcome units per customer, money for exp_*, rank from 1);
    with several contact arms `arm` (the best for the customer) and `uplift_hat[ARM]` for each; then the
    columns of `extra` that have no name of ours; then should_contact.
    """
    best = scores.uplift.argmax(axis=1)
    rows = np.arange(best.size)
    uplift = scores.uplift[rows, best]
    profit = profit_per_contact(uplift, scenario)
    ranked = order(profit, scores.ids)
    columns: dict[str, Any] = {
        "row_id": scores.ids.astype("str").array[ranked],
        "uplift_hat": uplift[ranked],
        "y1_hat": scores.y1[rows, best][ranked],
        "y0_hat": scores.y0[ranked],
        "exp_incremental_revenue": (uplift * scenario.value)[ranked],
        "exp_profit_per_contact": profit[ranked],
        "rank": np.arange(1, best.size + 1),
    }
    if len(scores.arms) > 2:
        columns["arm"] = pd.array(np.asarray(scores.arms[1:], dtype=object), dtype="str")[best[ranked]]
        for k, arm in enumerate(scores.arms[1:]):
            columns[f"uplift_hat[{arm}]"] = scores.uplift[ranked, k]
    flags: NDArray[np.int64] = (np.arange(best.size) < number_of_contacts(profit, scenario)).astype(np.int64)
    if extra is not None:
        for name in extra.columns:
            if name not in columns and name != "should_contact":
                columns[name] = extra[name].array[ranked]
    columns["should_contact"] = flags
    return pd.DataFrame(columns)


def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """The customers to contact, best first, without the flag."""
    return table.iloc[: int(table["should_contact"].sum())].drop(columns="should_contact")
