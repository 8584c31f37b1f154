"""Designed probabilities of contact, customer by customer: read, and tested against who was contacted.

Where contact was likelier for some customers by design, 1 ÷ the probability of what each got makes the arms
comparable again (Horvitz & Thompson 1952; Rosenbaum & Rubin 1983). Whether the stated probabilities are those
of the campaign can be tested: given them, contacted less probability has mean 0 whatever was known before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.stats import rankdata

from core.data.columns import numeric, spreadsheet_row, text, unsaid
from core.data.problems import row_problems
from core.data.schema import Feature
from core.errors import Problem
from core.uplift.dependence import MIN_EXPECTED, FloatArray, IntArray, cells

_BETWEEN = "A probability lies above 0 and below 1: write 0.3 for 30 %, and leave out who could not be drawn."


def stated_propensity(
    frame: pd.DataFrame, column: str, kept: NDArray[np.bool_]
) -> tuple[FloatArray, list[Problem]]:
    """(n,) the column's probabilities, and what is wrong with it in the rows `kept`, row by row."""
    values, problems = numeric(frame, column)
    problems = [p for p in problems if p.row is None or kept[p.row - spreadsheet_row(0)]]
    flagged = {p.row for p in problems}
    raw = text(frame, column).reset_index(drop=True)
    for wrong, message in (
        (unsaid(values, raw, problems), "The probability of contact is missing."),
        ((values <= 0) | (values >= 1), "The probability of contact does not lie between 0 and 1."),
    ):
        found = row_problems(wrong & kept, raw, message, _BETWEEN, column)
        problems += [p for p in found if p.row not in flagged or p.row is None]
    return values, problems


def contact_ratio_p(contacted: NDArray[np.bool_], propensity: FloatArray) -> float:
    """P-value of the number of contacts under independent draws: (contacts - Σe)² ÷ Σe(1 - e) ~ χ²(1)."""
    spread = float((propensity * (1.0 - propensity)).sum())
    return float(chdtrc(1, float((contacted - propensity).sum()) ** 2 / spread))


def stated_dependence(
    features: pd.DataFrame,
    schema: tuple[Feature, ...],
    contacted: NDArray[np.bool_],
    propensity: FloatArray,
    cut: dict[str, IntArray] | None = None,
) -> dict[str, float]:
    """P-value of each feature's independence from the contact given the stated probabilities.

    As `core.uplift.dependence.arm_dependence`, which this is for one probability for all: over the cells
    Σ (contacts - Σe)² ÷ Σe(1 - e), less that of all rows together, and the same of the ranks.
    """
    result = {}
    for feature in schema:
        values = features[feature.column]
        cell = cut[feature.column] if cut else cells(values, feature.kind)
        p = _cells_p(cell, contacted, propensity)
        if feature.kind == "numeric" and np.unique(cell).size > 2:
            p = min(1.0, 2.0 * min(p, _rank_p(values.to_numpy(np.float64), contacted, propensity)))
        result[feature.column] = p
    return result


def overlap_test(
    table: FloatArray, contacted: NDArray[np.bool_], propensity: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(u, W): (q,) Σ (t - e)(x - x̄) over the rows of `table` (n, q), and its (q, q) covariance by design.

    x̄: means weighted by e(1 - e), so that the number of contacts, which is judged alone, does not count. u is
    the difference of the arms weighted to where both were likely (Li, Morgan & Zalesky, JASA 2018): no weight
    is large. For one probability for all u' W⁻ u is Hansen and Bowers' statistic.
    """
    spread = propensity * (1.0 - propensity)
    centred = table - spread @ table / spread.sum()
    return (contacted - propensity) @ centred, (centred.T * spread) @ centred


def _cells_p(cell: IntArray, contacted: NDArray[np.bool_], propensity: FloatArray) -> float:
    """1 where too few rows are left to tell; cells with few expected in an arm are merged, rarest first."""
    columns = (propensity, 1.0 - propensity, contacted - propensity, propensity * (1.0 - propensity))
    table = np.stack([np.bincount(cell, weights=v) for v in columns], axis=1)
    table = table[table[:, 3] > 0]
    table = table[np.argsort(table[:, :2].min(axis=1), kind="stable")]
    small = table[:, :2].min(axis=1) < MIN_EXPECTED
    if small.any():
        table = np.vstack((table[small].sum(axis=0), table[~small]))
        if len(table) > 1 and table[0, :2].min() < MIN_EXPECTED:
            table = np.vstack((table[0] + table[1], table[2:]))
    if len(table) < 2:
        return 1.0
    whole = table.sum(axis=0)
    statistic = float((table[:, 2] ** 2 / table[:, 3]).sum() - whole[2] ** 2 / whole[3])
    return float(chdtrc(len(table) - 1, max(statistic, 0.0)))


def _rank_p(values: FloatArray, contacted: NDArray[np.bool_], propensity: FloatArray) -> float:
    known = ~np.isnan(values)
    ranks, e = rankdata(values[known])[:, None], propensity[known]
    outside_the_mode = ranks.size - np.unique(ranks, return_counts=True)[1].max(initial=0)
    share = min(e.sum(), (1.0 - e).sum()) / max(ranks.size, 1)
    if outside_the_mode * share < MIN_EXPECTED:
        return 1.0
    u, spread = overlap_test(ranks, contacted[known], e)
    return float(chdtrc(1, float(u[0] ** 2 / spread[0, 0])))
