"""The ranking as a tree of three questions that a marketer can read, its answers measured on outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeRegressor

from core.data.schema import Feature
from core.errors import DataError
from core.estimate import Estimate
from core.uplift.contrast import contrast, sorted_contrast
from core.uplift.evidence import Evidence, FloatArray

DEPTH = 3
LEAF_SHARE = 0.05
LEAF_ROWS = 100
LEVELS = 12

Relation = Literal["above", "at most", "is", "is not"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One question: column, relation, and the number or category it is about."""

    column: str
    relation: Relation
    value: float | str

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else f"{self.value:,.4g}"
        return f"{self.column} {self.relation} {value}"


@dataclass(frozen=True, slots=True)
class Rule:
    """Customers who meet all conditions (none: everyone). share: of customers. predicted: mean predicted
    uplift; measured: from outcomes, None where an arm has fewer than two of them; outcome units."""

    conditions: tuple[Condition, ...]
    customers: int
    share: float
    predicted: float
    measured: Estimate | None


@dataclass(frozen=True, slots=True)
class RuleTree:
    """Rules that part all customers, best predicted first. fidelity: share of the predictions' variance that
    the rules explain, 0-1."""

    rules: tuple[Rule, ...]
    fidelity: float


def rule_tree(evidence: Evidence, features: pd.DataFrame, schema: tuple[Feature, ...]) -> RuleTree:
    """Explain the predicted uplift by at most DEPTH questions, and measure each answer.

    features: (n, p) of the evidence's customers, in their order. The tree is grown on predictions, never on
    outcomes, so that what is measured in its leaves is not picked for being large.
    """
    if len(features) != evidence.customers:
        raise DataError(f"{len(features):,} rows of features for {evidence.customers:,} rows of evidence.")
    predicted = evidence.uplift.max(axis=1)
    table, questions = _questions(features, schema)
    leaf = max(LEAF_ROWS, int(LEAF_SHARE * evidence.customers))
    tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=leaf, random_state=0).fit(table, predicted)
    leaf_of = tree.apply(table)
    rules = []
    for node, conditions in _leaves(tree, questions):
        inside = leaf_of == node
        rules.append(
            Rule(
                conditions=conditions,
                customers=int(inside.sum()),
                share=float(inside.mean()),
                predicted=float(predicted[inside].mean()),
                measured=_measured(evidence, inside),
            )
        )
    rules.sort(key=lambda rule: -rule.predicted)
    fidelity = float(tree.score(table, predicted)) if np.ptp(predicted) > 0 else 1.0
    return RuleTree(tuple(rules), min(max(fidelity, 0.0), 1.0))


def _questions(
    features: pd.DataFrame, schema: tuple[Feature, ...]
) -> tuple[FloatArray, list[tuple[str, str | None]]]:
    """(n, q) numbers to split on; for each its column and, for an indicator, its category. Missing numbers
    stand at the median."""
    columns: list[FloatArray] = []
    questions: list[tuple[str, str | None]] = []
    for feature in schema:
        values = features[feature.column]
        if feature.kind == "numeric":
            numbers = values.to_numpy(np.float64)
            known = numbers[~np.isnan(numbers)]
            columns.append(np.where(np.isnan(numbers), np.median(known) if known.size else 0.0, numbers))
            questions.append((feature.column, None))
        else:
            for level in values.value_counts().head(LEVELS).index:
                columns.append((values == level).fillna(False).to_numpy().astype(np.float64))
                questions.append((feature.column, str(level)))
    return np.column_stack(columns), questions


def _leaves(
    tree: DecisionTreeRegressor, questions: list[tuple[str, str | None]]
) -> list[tuple[int, tuple[Condition, ...]]]:
    t = tree.tree_
    found: list[tuple[int, tuple[Condition, ...]]] = []

    def walk(node: int, path: tuple[Condition, ...]) -> None:
        if t.children_left[node] < 0:
            found.append((node, path))
            return
        column, level = questions[t.feature[node]]
        threshold = float(t.threshold[node])
        low: tuple[Relation, float | str] = ("at most", threshold) if level is None else ("is not", level)
        high: tuple[Relation, float | str] = ("above", threshold) if level is None else ("is", level)
        walk(int(t.children_left[node]), _joined(path, Condition(column, *low)))
        walk(int(t.children_right[node]), _joined(path, Condition(column, *high)))

    walk(0, ())
    return found


def _joined(path: tuple[Condition, ...], new: Condition) -> tuple[Condition, ...]:
    """The path with one more condition; what the new one makes superfluous goes."""

    def superfluous(old: Condition) -> bool:
        if old.column != new.column:
            return False
        return (old.relation == new.relation and new.relation in ("above", "at most")) or (
            new.relation == "is" and old.relation == "is not"
        )

    return (*(old for old in path if not superfluous(old)), new)


def _measured(evidence: Evidence, inside: NDArray[np.bool_]) -> Estimate | None:
    rows = contrast(evidence)
    part = inside[rows.order]
    try:
        leaf = sorted_contrast(
            np.zeros(int(part.sum())), rows.outcome[part], rows.contacted[part], rows.control[part]
        )
    except DataError:
        return None
    return leaf.effect
