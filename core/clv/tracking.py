"""Repeat orders of all customers week by week: counted, and expected by a model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.clv.customers import DAYS, Customers
from core.clv.dates import to_date, to_day
from core.clv.fitted import Fitted
from core.clv.purchase import purchase_model
from core.clv.transactions import Transactions


def tracking(lines: Transactions, fits: tuple[Fitted, ...], known: Customers) -> pd.DataFrame:
    """Weekly and cumulative repeat orders of the customers `known` at the end of calibration, to the end
    of the data.

    Columns: week (1 = the first seven days of the data), until (date), actual, actual_cumulative and,
    for each
    fit, its key and key_cumulative. Expectations are unconditional: from first orders on, as in Fader, Hardie
    & Lee (2005), figure 3.
    """
    first, last = int(known.first.min()), to_day(lines.end)
    place = pd.Index(lines.customers).get_indexer(pd.Index(known.ids))
    born = np.full(len(lines.customers), np.iinfo(np.int64).max)
    born[place] = known.first
    repeat = lines.day > born[lines.code]
    span = last - first + 1
    distinct = np.unique(lines.code[repeat] * span + (lines.day[repeat] - first)) % span
    ends = np.arange(first + 6, last + 1, 7)
    if not len(ends) or ends[-1] < last:
        ends = np.append(ends, last)
    actual = np.searchsorted(np.sort(distinct), ends - first, side="right").astype(np.float64)
    frame = pd.DataFrame(
        {
            "week": np.arange(1, len(ends) + 1),
            "until": [to_date(int(end)).isoformat() for end in ends],
            "actual": np.diff(actual, prepend=0.0),
            "actual_cumulative": actual,
        }
    )
    births, count = np.unique(known.first, return_counts=True)
    for fit in fits:
        model, params = purchase_model(fit.model), fit.params
        # an order is counted at the end of its day, so the first day of a customer lasts a day
        ages = np.arange(last - first + 2) / DAYS[fit.unit]
        expected = model.orders_since_first(params, ages)
        total = np.array([count[births <= end] @ expected[end + 1 - births[births <= end]] for end in ends])
        frame[fit.model] = np.diff(total, prepend=0.0)
        frame[f"{fit.model}_cumulative"] = total
    return frame
