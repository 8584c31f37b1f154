"""`lifetimes` asked about customer values that are kept: nothing is read or fitted again but by lifetimes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from core.clv import words
from core.clv.customers import Customers, Unit
from core.clv.dates import order_days, to_day
from core.clv.fitted import Fitted
from core.clv.results import CHECK, CUSTOMERS, REPORT, Result, read
from core.clv.verify import Comparison, verify
from core.errors import NotFoundError
from core.files import write_json
from core.progress import Progress, part, silent
from core.terminal import say


def run_recheck(folder: Path, progress: Progress = silent) -> tuple[Comparison, ...]:
    """Refit the models of a result with lifetimes, keep the comparison beside it, and say what was found.

    folder: holds what run_clv wrote as CUSTOMERS and REPORT. Raises NotFoundError where it does not, and
    DataError where lifetimes does not come to an end.
    """
    if not (folder / REPORT).is_file() or not (folder / CUSTOMERS).is_file():
        raise NotFoundError("There are no customer values in this folder.", "Compute them first.")
    kept = read(folder)
    progress("Reading the customers", 0.0)
    known = customers_of(kept)
    spend = kept.report["spend_model"]
    found = verify(
        known,
        kept.fit,
        kept.report["settings"]["horizon"],
        Fitted.from_dict(spend) if spend else None,
        part(progress, 0.1, 1.0),
    )
    write_json(folder / CHECK, [comparison.as_dict() for comparison in found])
    for comparison in found:
        for sentence in words.comparison(comparison):
            say(sentence)
    return found


def customers_of(kept: Result) -> Customers:
    """The customers as the models saw them, from the table that was written of them."""
    table = kept.customers()
    end = date.fromisoformat(str(table["computed_until"].iloc[0]))
    first, last = order_days(table, "first_order"), order_days(table, "last_order")
    spend = np.nan_to_num(table["mean_spend"].to_numpy(np.float64)) if "mean_spend" in table.columns else None
    return Customers(
        ids=pd.Series(table.iloc[:, 0], dtype="str"),
        orders=table["orders"].to_numpy(np.int64) - 1,
        recency=last - first,
        age=to_day(end) - first,
        spend=spend,
        first=first,
        end=end,
        unit=cast(Unit, kept.fit.unit),
    )
