"""Whether a column's values depend on the arm: in a randomised campaign only what came after it can."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.stats import rankdata

from core.data.schema import Feature

FAMILY_LEVEL = 0.01
"""Chance that a sound experiment loses any feature to the test, shared equally among its columns.

A column lost by mistake costs a little precision; one kept by mistake costs the truth of every number that
follows. At 0.01 the test sees a visit rate of 10.6 % against 16.7 % (Hillstrom's) from 2,000 customers on.
"""

MIN_EXPECTED = 5.0
"""Cochran's rule: cells with a smaller expected count are merged before the chi-square test."""

SUSPECT_LEVEL = 0.001
"""As FAMILY_LEVEL, but of a column that may have decided who was contacted: it blocks what was measured."""

LARGELY = 0.1
"""Share of the arm's variance (Cramér's V squared) from which a column is taken to have decided it, though
it goes with the outcome. A visit rate of 10.6 % against 16.7 % (Hillstrom's) has 0.01."""

_BINS = 10
_LEVELS = 50

IMPLIED_BY_CHANCE = 1e-9
CERTAIN_BY_CHANCE = 1e-3
"""As IMPLIED_BY_CHANCE, of a column that depends on the arm: it takes less to say that it came after."""
MOST = 0.5
"""Share of the customers for whom nothing was written: most do not visit, and none of them buys."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def cells(values: pd.Series, kind: str) -> IntArray:
    """(n,) cell of each value: categories and frequent values are their own, the rest quantile bins.

    Missing values are a cell of their own, so that a column which is only filled in for the contacted shows.
    """
    missing = values.isna().to_numpy()
    if kind == "categorical" or values.nunique() <= _BINS:
        codes, levels = pd.factorize(values, sort=True)
        codes = codes.astype(np.int64)
        if len(levels) > _LEVELS:
            counts = np.bincount(codes[codes >= 0], minlength=len(levels))
            rank = np.empty(len(levels), np.int64)
            rank[np.argsort(-counts, kind="stable")] = np.arange(len(levels))
            codes = np.where(codes >= 0, np.minimum(rank[codes], _LEVELS), -1)
        return np.asarray(codes + 1, np.int64)
    numbers = values.to_numpy(np.float64)
    present = numbers[~missing]
    distinct, counts = np.unique(present, return_counts=True)
    frequent = distinct[counts > present.size / _BINS]
    rest = ~missing & ~np.isin(numbers, frequent)
    result = np.zeros(numbers.size, np.int64)
    result[~missing] = 1 + np.searchsorted(frequent, numbers[~missing])
    if rest.any():
        edges = np.unique(np.quantile(numbers[rest], np.linspace(0, 1, _BINS + 1)[1:-1]))
        result[rest] = 2 + frequent.size + np.searchsorted(edges, numbers[rest], side="right")
    return result


def chi_square_p(cell: IntArray, arm: NDArray[np.integer]) -> float:
    """P-value of Pearson's chi-square test of independence; 1 where too few rows are left to tell.

    cell, arm: (n,) codes from 0. Cells expected below MIN_EXPECTED in some arm are merged, rarest first.
    """
    arms = int(arm.max()) + 1 if arm.size else 0
    table = np.bincount(cell * arms + arm, minlength=(int(cell.max(initial=0)) + 1) * arms).reshape(-1, arms)
    table = table[:, table.sum(axis=0) > 0]
    table = table[np.argsort(table.sum(axis=1), kind="stable")]
    table = table[table.sum(axis=1) > 0]
    n = table.sum()
    if n == 0 or table.shape[1] < 2:
        return 1.0
    needed = MIN_EXPECTED * n / table.sum(axis=0).min()
    small = table.sum(axis=1) < needed
    if small.any():
        table = np.vstack((table[small].sum(axis=0), table[~small]))
        if len(table) > 1 and table[0].sum() < needed:
            table = np.vstack((table[0] + table[1], table[2:]))
    if len(table) < 2:
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / n
    statistic = ((table - expected) ** 2 / expected).sum()
    return float(chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), statistic))


def rank_p(values: FloatArray, arm: NDArray[np.integer]) -> float:
    """P-value of the Kruskal-Wallis test with its correction for ties; 1 where too few rows are left to tell.

    values: (n,) with NaN for missing, which take no part. One number for the shift that the chi-square test
    spreads over many cells: on a column that is 99 % zeros it sees what the bins miss.
    """
    known = ~np.isnan(values)
    ranks, groups = rankdata(values[known]), arm[known]
    counts = np.bincount(groups).astype(np.float64)
    sums = np.bincount(groups, weights=ranks)[counts > 0]
    counts = counts[counts > 0]
    n = counts.sum()
    if counts.size < 2:
        return 1.0
    ties = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    outside_the_mode = n - ties.max()
    if outside_the_mode * counts.min() / n < MIN_EXPECTED:
        return 1.0
    correction = 1.0 - (ties**3 - ties).sum() / (n**3 - n)
    statistic = (12.0 / (n * (n + 1)) * (sums**2 / counts).sum() - 3.0 * (n + 1)) / correction
    return float(chdtrc(counts.size - 1, statistic))


def arm_dependence(
    features: pd.DataFrame,
    schema: tuple[Feature, ...],
    arm: NDArray[np.integer],
    cut: dict[str, IntArray] | None = None,
) -> dict[str, float]:
    """P-value of each feature's independence from the arm. arm: (n,) codes from 0, every original value.

    cut: the `cells` of each feature, where they are known already.

    Numeric features of more than two values take the better of two tests, paid for by doubling its p-value.
    """
    result = {}
    for feature in schema:
        values = features[feature.column]
        cell = cut[feature.column] if cut else cells(values, feature.kind)
        p = chi_square_p(cell, arm)
        if feature.kind == "numeric" and np.unique(cell).size > 2:
            p = min(1.0, 2.0 * min(p, rank_p(values.to_numpy(np.float64), arm)))
        result[feature.column] = p
    return result


def implies_outcome(cell: IntArray, outcome: FloatArray) -> bool:
    """Whether some cell of a column has an outcome above 0 for every one of its customers, beyond chance.

    What is known before a campaign does not make a purchase certain; what is written with it does (every
    customer with a basket has visited). Chance: share of positive outcomes to the power of the cell's count.
    """
    return _certain(cell, outcome > 0, IMPLIED_BY_CHANCE)


def goes_with_outcome(cell: IntArray, outcome: FloatArray) -> bool:
    """Whether some cell of a column makes the outcome certainly above 0, or a cell of most customers makes it
    certainly 0, beyond chance.

    Who did not visit bought nothing: such a column was written with the outcome, so after the contact. A
    small cell without a purchase says little where purchases are rare: some kinds of customers hardly buy.
    """
    positive = outcome > 0
    return _certain(cell, positive, CERTAIN_BY_CHANCE) or _certain(cell, ~positive, CERTAIN_BY_CHANCE, MOST)


def _certain(cell: IntArray, happened: NDArray[np.bool_], chance: float, least: float = 0.0) -> bool:
    """least: share of the customers that the cell must hold."""
    counts = np.bincount(cell).astype(np.float64)
    hits = np.bincount(cell, weights=happened)
    share = happened.mean()
    if share in (0.0, 1.0):
        return False
    certain = counts[(hits == counts) & (counts > least * cell.size)]
    return bool(certain.size and certain.max() * np.log(share) < np.log(chance))


def written_after(p_values: dict[str, float], level: float = FAMILY_LEVEL) -> tuple[str, ...]:
    """The columns whose distribution depends on the arm, at `level` over all columns (Bonferroni)."""
    return tuple(column for column, p in p_values.items() if p < level / len(p_values))


def may_have_decided(cell: IntArray, arm: NDArray[np.integer], outcome: FloatArray) -> bool:
    """Whether a column that depends on the arm may have decided it, rather than been written after it.

    No test can tell the two apart: what goes with the outcome is taken to have come after, unless the arm all
    but follows from it. cell: (n,) as `cells` gives. arm: (n,) codes from 0. outcome: (n,).
    """
    if not goes_with_outcome(cell, outcome):
        return True
    arms = int(arm.max()) + 1
    table = np.bincount(cell * arms + arm, minlength=(int(cell.max()) + 1) * arms).reshape(-1, arms)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0].astype(np.float64)
    rows, columns = table.sum(axis=1, keepdims=True), table.sum(axis=0)
    association = float((table**2 / (rows * columns)).sum()) - 1.0  # chi-square ÷ n
    return bool(association >= LARGELY * max(min(table.shape) - 1, 1))
