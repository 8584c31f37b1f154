"""Value tiers against uplift deciles: are the customers a contact changes also the valuable ones?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.clv.rows import FloatArray

GROUPS = 5


def tiers_by_uplift(ids: pd.Series, uplift: FloatArray, values: pd.DataFrame) -> pd.DataFrame | None:
    """Customers and mean CLV by fifth of value (rows, 1 = most valuable) and fifth of uplift (1 = highest).

    ids: (n,) text; uplift: (n,); values: as Values.to_frame writes it, its first column the id. Columns:
    value_fifth, uplift_fifth, customers, mean_uplift, mean_value. None where no id is in both, or there are
    no values.
    """
    if "clv" not in values.columns:
        return None
    place = pd.Index(values.iloc[:, 0]).get_indexer(pd.Index(ids))
    found = place >= 0
    if not found.any():
        return None
    worth = values["clv"].to_numpy(np.float64)[place[found]]
    gain = uplift[found]
    frame = pd.DataFrame(
        {"value_fifth": _fifths(worth), "uplift_fifth": _fifths(gain), "uplift": gain, "value": worth}
    )
    return (
        frame.groupby(["value_fifth", "uplift_fifth"], as_index=False)
        .agg(customers=("uplift", "size"), mean_uplift=("uplift", "mean"), mean_value=("value", "mean"))
    )  # fmt: skip


def _fifths(values: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(n,) 1 for the highest fifth; equal values share the better one."""
    better = np.searchsorted(np.sort(-values), -values, side="left")
    return (GROUPS * better // len(values) + 1).astype(np.int64)
