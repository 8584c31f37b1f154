"""Why a model ranks as it does: importance, profile, three questions and the four groups, kept together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.data.schema import Experiment
from core.estimate import Estimate
from core.progress import Progress, part, silent
from core.uplift import crossfit
from core.uplift.evidence import Evidence, FloatArray
from core.uplift.folds import stratified_folds
from core.uplift.groups import Bounds, FourGroups, four_groups
from core.uplift.importance import importance
from core.uplift.learners import learner_info
from core.uplift.model import Model
from core.uplift.profile import profile
from core.uplift.rules import Condition, Rule, RuleTree, rule_tree
from core.uplift.scoring import predict

FEATURES = 20
"""Importance is measured for the features that tell the best from the worst tenth most, at most this many."""
ROWS = 40_000
"""Importance is measured on at most this many customers."""

_IMPORTANCE = ("feature", "lost", "lo", "hi", "share")
_PROFILE = ("feature", "level", "top", "bottom", "everyone", "difference")


@dataclass(frozen=True)
class Why:
    """importance: columns as `core.uplift.importance`; profile: as `core.uplift.profile`."""

    importance: pd.DataFrame
    profile: pd.DataFrame
    tree: RuleTree
    groups: FourGroups

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: numbers that do not exist as null."""
        return {
            "importance": _records(self.importance),
            "profile": _records(self.profile),
            "tree": _finite(asdict(self.tree)),
            "groups": asdict(self.groups),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Why:
        """What `as_dict` gave."""
        rules = tuple(
            Rule(
                conditions=tuple(Condition(**c) for c in rule["conditions"]),
                customers=rule["customers"],
                share=rule["share"],
                predicted=rule["predicted"],
                measured=None if rule["measured"] is None else Estimate(**rule["measured"]),
            )
            for rule in value["tree"]["rules"]
        )
        return cls(
            importance=pd.DataFrame(
                value["importance"], columns=["feature", "lost", "lo", "hi", "share"]
            ).astype(dict.fromkeys(("lost", "lo", "hi", "share"), "float64")),
            profile=pd.DataFrame(
                value["profile"], columns=["feature", "level", "top", "bottom", "everyone", "difference"]
            ),
            tree=RuleTree(rules, value["tree"]["fidelity"]),
            groups=FourGroups(**{name: Bounds(**bounds) for name, bounds in value["groups"].items()}),
        )


def why(model: Model, experiment: Experiment, progress: Progress = silent) -> Why | None:
    """Explain a model by the rows of its evidence; None where it keeps none.

    experiment: the one it learnt from. Importance needs a model that has not learnt from the customers it is
    measured on: where all were learnt from, the learner is fitted to half of them and measured on the others.
    """
    evidence = model.evidence
    if evidence is None:
        return None
    rows = pd.Index(experiment.ids).get_indexer(pd.Index(evidence.ids))
    features = experiment.features.iloc[rows].reset_index(drop=True)
    progress("Looking at the best and the worst tenth", 0.0)
    table = profile(features, experiment.schema, evidence.uplift.max(axis=1))
    tree = rule_tree(evidence, features, experiment.schema)
    groups = four_groups(evidence)
    columns = list(dict.fromkeys(table["feature"]))[:FEATURES]
    if np.ptp(evidence.uplift.max(axis=1)) == 0:  # one score for all: no feature decides anything
        return Why(pd.DataFrame(columns=list(_IMPORTANCE)), table.iloc[:0], tree, groups)
    ranked = _importance(model, experiment, evidence, features, columns, part(progress, 0.2, 1.0))
    return Why(ranked, table, tree, groups)


def _importance(
    model: Model,
    experiment: Experiment,
    evidence: Evidence,
    features: pd.DataFrame,
    columns: list[str],
    progress: Progress,
) -> pd.DataFrame:
    progress("Measuring what each feature is worth", 0.0)
    arms = len(experiment.arms) - 1
    preprocess, learner = model.preprocess, model.learner
    rng = np.random.default_rng(model.meta.seed)
    here = np.ones(evidence.customers, np.bool_)
    if model.meta.test_size is None:
        here = stratified_folds(evidence.arm, 2, rng) == 0
        learnt_from = crossfit.subset(experiment, ~here)
        info = learner_info(model.meta.learner)
        preprocess, learner = crossfit.fit(learnt_from, info, model.meta.seed, part(progress, 0.0, 0.3))
    chosen = np.flatnonzero(here)
    if chosen.size > ROWS:
        chosen = np.sort(rng.choice(chosen, ROWS, replace=False))
    shuffled = features.iloc[chosen].reset_index(drop=True)
    fixed = shuffled.drop(columns=columns)

    def scored(part_of: pd.DataFrame) -> FloatArray:
        whole = pd.concat([part_of, fixed], axis=1)[list(shuffled.columns)]
        return predict(preprocess, learner, whole, arms)[0].uplift

    return importance(evidence.at(chosen), shuffled[columns], scored, progress=part(progress, 0.3, 1.0))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _finite(v) for k, v in row.items()} for row in table.to_dict("records")]


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value
