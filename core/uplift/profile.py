"""Who the best and the worst customers to contact are: the ranking's top tenth against its bottom tenth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.schema import Feature
from core.uplift.evidence import FloatArray

TENTH = 0.1
LEVELS = 8


def profile(features: pd.DataFrame, schema: tuple[Feature, ...], uplift: FloatArray) -> pd.DataFrame:
    """One row a numeric feature or a category, the most different first.

    Columns: feature, level ("" for a number, "1" where it is 0 or 1), top, bottom, everyone (mean, or share
    of customers), difference (top less bottom in standard deviations over everyone). uplift: (n,) of the
    rows of `features`. A tenth takes in all customers whose score equals its last one's.
    """
    size = max(1, round(TENTH * uplift.size))
    ordered = np.sort(uplift)
    top, bottom = uplift >= ordered[-size], uplift <= ordered[size - 1]
    rows = []
    for feature in schema:
        values = features[feature.column]
        if feature.kind == "numeric":
            numbers = values.to_numpy(np.float64)
            yes_or_no = bool(np.isin(numbers[~np.isnan(numbers)], (0.0, 1.0)).all())
            parts = [("1" if yes_or_no else "", numbers)]
        else:
            common = values.value_counts().head(LEVELS).index
            parts = [(str(v), (values == v).fillna(False).to_numpy().astype(np.float64)) for v in common]
        for level, numbers in parts:
            known = ~np.isnan(numbers)
            if not (known & top).any() or not (known & bottom).any():
                continue
            mean = [float(numbers[known & part].mean()) for part in (top, bottom, known)]
            spread = float(numbers[known].std())
            difference = (mean[0] - mean[1]) / spread if spread > 0 else 0.0
            rows.append((feature.column, level, *mean, difference))
    table = pd.DataFrame(rows, columns=["feature", "level", "top", "bottom", "everyone", "difference"])
    return table.sort_values("difference", key=abs, ascending=False, kind="stable", ignore_index=True)
