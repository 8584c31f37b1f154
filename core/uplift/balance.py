"""Was the campaign randomised? The arms' shares against the plan, their features against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from core.data.schema import Experiment
from core.errors import SettingError
from core.uplift.evidence import FloatArray
from core.uplift.propensity import overlap_test

RATIO_LEVEL = 0.001
"""Sample ratio: below this the shares of the arms are not the plan's (usual for online tests, Fabijan et al.
2019: a false alarm would stop good campaigns, and real faults are seldom close)."""

SMD_NOTABLE = 0.1
"""Standardised mean difference from which imbalance matters (Austin 2009)."""

_PARTS = (2, 3, 4, 5, 6, 10, 20)
_LEVELS = 20
MAX_COLUMNS = 400
"""Columns, encoded, in which the arms are compared together."""


@dataclass(frozen=True, slots=True)
class JointTest:
    """One test of all features: statistic ~ χ²(degrees) under randomisation."""

    statistic: float
    degrees: int
    p: float


def sample_ratio_p(counts: NDArray[np.integer], planned: tuple[float, ...]) -> float:
    """P-value of the arms' (k,) counts under the planned shares: Pearson's χ²(k - 1).

    Raises SettingError where the shares are not k numbers above 0 that sum to 1.
    """
    shares = np.asarray(planned, dtype=np.float64)
    if shares.size != counts.size or not np.all(shares > 0) or abs(shares.sum() - 1) > 1e-6:
        given = ", ".join(f"{share:g}" for share in planned)
        raise SettingError(
            f"The planned shares {given} do not fit: {counts.size} numbers above 0 that sum to 1 are needed.",
            "Give the control's share first.",
        )
    expected = counts.sum() * shares
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), counts.size - 1))


def simple_plan(counts: NDArray[np.integer]) -> tuple[float, ...] | None:
    """The plan in simple fractions that the (k,) counts fit, simplest first; None where they fit none.

    For files whose plan nobody stated: 50/50, thirds or 80/20 are recognised, 48.3/51.7 is not.
    """
    shares = counts / counts.sum()
    for parts in dict.fromkeys((counts.size, *_PARTS)):
        plan = np.round(shares * parts)
        if plan.min() > 0 and plan.sum() == parts:
            planned = tuple(float(share) for share in plan / parts)
            if sample_ratio_p(counts, planned) >= RATIO_LEVEL:
                return planned
    return None


def encoded(experiment: Experiment) -> tuple[FloatArray, list[str]]:
    """(n, q) the features as numbers, and the feature of each column: numbers with their mean where missing,
    an indicator of missing values, one indicator for each of the commonest categories."""
    columns: list[FloatArray] = []
    names: list[str] = []
    for feature in experiment.schema:
        values = experiment.features[feature.column]
        missing = values.isna().to_numpy()
        if feature.kind == "numeric":
            numbers = values.to_numpy(np.float64)
            centre = float(numbers[~missing].mean()) if not missing.all() else 0.0
            columns.append(np.where(missing, centre, numbers))
            names.append(feature.column)
        else:
            common = values.value_counts().head(_LEVELS).index
            columns += [(values == level).fillna(False).to_numpy().astype(np.float64) for level in common]
            names += [feature.column] * len(common)
        if missing.any():
            columns.append(missing.astype(np.float64))
            names.append(feature.column)
        if len(columns) > MAX_COLUMNS:
            break
    return np.column_stack(columns), names


def balance(experiment: Experiment) -> pd.DataFrame:
    """One row a feature, least balanced first: feature, smd (the largest standardised mean difference of any
    contact arm from the control, over the feature's levels; its sign kept), missing (share).

    With stated probabilities of contact the means are weighted by 1 ÷ the probability of what each customer
    got; the spreads are those of the arms as they are.
    """
    table, names = encoded(experiment)
    control = experiment.arm == 0
    largest = dict.fromkeys(names, 0.0)
    for arm in range(1, len(experiment.arms)):
        contacted = experiment.arm == arm
        spread = np.sqrt((table[contacted].var(axis=0) + table[control].var(axis=0)) / 2)
        difference = _means(experiment, table, contacted) - _means(experiment, table, control)
        smd = np.divide(difference, spread, out=np.zeros_like(difference), where=spread > 0)
        for name, one in zip(names, smd.tolist()):
            if abs(one) > abs(largest[name]):
                largest[name] = one
    missing = {name: float(experiment.features[name].isna().mean()) for name in largest}
    rows = [{"feature": name, "smd": one, "missing": missing[name]} for name, one in largest.items()]
    return pd.DataFrame(rows).sort_values("smd", key=abs, ascending=False, kind="stable", ignore_index=True)


def joint_test(experiment: Experiment) -> JointTest:
    """Whether the arms differ in any combination of features (Hansen & Bowers, Statistical Science 2008).

    Σ n_k (x̄_k - x̄)' S⁻ (x̄_k - x̄) over the arms, S the covariance of all rows: χ² with (arms - 1) · rank
    degrees of freedom under randomisation. Where rows are few beside columns, the degrees are capped at a
    tenth of the rows by keeping the directions of most variance. With stated probabilities of contact:
    `core.uplift.propensity.overlap_test`, which is the same for one probability, with the probability itself
    as a further column.
    """
    table, _ = encoded(experiment)
    n = len(table)
    if experiment.propensity is not None:
        return _joint_given_propensity(table, experiment.treated, experiment.propensity)
    spread = table.std(axis=0)
    centred = (table[:, spread > 0] - table[:, spread > 0].mean(axis=0)) / spread[spread > 0]
    values, vectors = np.linalg.eigh(centred.T @ centred / (n - 1))
    keep = np.flatnonzero(values > 1e-8 * max(float(values.max(initial=0.0)), 1e-300))[::-1][
        : max(1, n // 10)
    ]
    scores = centred @ (vectors[:, keep] / np.sqrt(values[keep]))
    counts = np.bincount(experiment.arm, minlength=len(experiment.arms))
    means = np.stack([scores[experiment.arm == k].mean(axis=0) for k in range(counts.size)])
    statistic = float((counts[:, None] * means**2).sum())
    degrees = (counts.size - 1) * keep.size
    return JointTest(statistic, degrees, float(chi2.sf(statistic, degrees)))


def _means(experiment: Experiment, table: FloatArray, who: NDArray[np.bool_]) -> FloatArray:
    if experiment.propensity is None:
        return np.asarray(table[who].mean(axis=0), np.float64)
    e = experiment.propensity
    weight = 1.0 / np.where(experiment.treated, e, 1.0 - e)[who]
    return np.asarray(weight @ table[who] / weight.sum(), np.float64)


def _joint_given_propensity(
    table: FloatArray, contacted: NDArray[np.bool_], propensity: FloatArray
) -> JointTest:
    table = np.column_stack((table, propensity))
    spread = table.std(axis=0)
    varies = spread > 1e-12 * np.abs(table).max(axis=0)
    u, covariance = overlap_test(table[:, varies] / spread[varies], contacted, propensity)
    values, vectors = np.linalg.eigh(covariance)
    keep = values > 1e-8 * max(float(values.max(initial=0.0)), 1e-300)
    keep[: max(0, keep.size - max(1, len(table) // 10))] = False  # ascending: those of most variance stay
    statistic = float(((u @ vectors[:, keep]) ** 2 / values[keep]).sum())
    degrees = int(keep.sum())
    return JointTest(statistic, degrees, float(chi2.sf(statistic, degrees)) if degrees else 1.0)
