"""The numbers behind each chart of customer value, as tables to take away."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from core.clv import words
from core.clv.alive_map import AliveMap, alive_map
from core.clv.results import Result
from core.clv.rows import FloatArray
from core.errors import NotFoundError

Chart = Literal["tracking", "weekly", "frequency", "alive", "values"]
POINTS = 200


def chart_table(found: Result, chart: Chart) -> pd.DataFrame:
    """The data of a chart of the CLV page. Raises NotFoundError for a check that was not made.

    tracking, weekly: a row a week, orders counted and expected by each model, of the week and so far.
    frequency: a row a group of customers with the same repeat orders before. alive: a row a point of the
    map. values: share of customers, best first, and the share of value they hold.
    """
    if chart in ("alive", "values") and not found.determined:
        raise NotFoundError(words.NO_FORECAST)
    if chart == "alive":
        grid = alive_grid(found, found.customers(["orders"]))
        orders, silence = np.meshgrid(grid.orders, grid.silence)
        columns = {"orders": orders, "silence_days": silence, "p_alive": grid.alive}
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    if chart == "values":
        customers, held = shares(worth_of(found, found.customers()))
        return pd.DataFrame({"share_of_customers": customers, "share_of_value": held})
    validation = found.report["validation"]
    if not validation:
        raise NotFoundError("These values were not checked on days held out.", "Compute them again.")
    return pd.DataFrame(validation["by_frequency" if chart == "frequency" else "weeks"])


def alive_grid(found: Result, customers: pd.DataFrame) -> AliveMap:
    """The map of p(alive) up to the repeat orders that 99 % of returning customers do not pass."""
    repeat = customers["orders"].to_numpy() - 1
    most = int(max(np.quantile(repeat[repeat > 0], 0.99), 2))
    return alive_map(found.fit, found.report["longest_age"], most)


def worth_of(found: Result, customers: pd.DataFrame) -> FloatArray:
    """(n,) what customers are worth: their CLV, or expected orders where there are no amounts."""
    return customers["clv" if found.has_value else "expected_orders"].to_numpy(dtype=np.float64)


def shares(worth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of customers, best first, and share of the value they hold; at most about POINTS points."""
    ordered = np.sort(worth)[::-1]
    total = float(ordered.sum()) or 1.0
    at = np.unique(np.linspace(0, len(ordered), min(len(ordered), POINTS) + 1).astype(int))
    held = np.concatenate(([0.0], np.cumsum(ordered)))[at] / total
    return at / max(len(ordered), 1), held
