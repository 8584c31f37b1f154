"""A file of customers to score, checked against what a model reads."""

from __future__ import annotations

import pandas as pd

from core.data import columns
from core.data.pointed import pointed
from core.data.problems import refuse
from core.data.schema import Audience, Feature
from core.errors import DataError, Problem


def audience(frame: pd.DataFrame, schema: tuple[Feature, ...], id_column: str | None) -> Audience:
    """Check a table against a model's features and give the customers to score.

    Raises DataError: first for columns (every required one that is missing, by name); if all are there, for
    rows (ids missing or repeated, text or infinity where the model reads numbers). Missing feature values are
    no error: they are counted in `missing`. Numbers with a decimal comma are carried along with a point.
    """
    required = [feature.column for feature in schema]
    columns.require(frame, [id_column, *required] if id_column else required, "The audience")
    if frame.empty:
        raise DataError("The audience has no rows.", "Give at least one customer.")
    frame = frame.reset_index(drop=True)
    ids, problems = columns.ids(frame, id_column)
    features, found = _features(frame, schema)
    refuse(problems + found, "The audience")
    return Audience(
        ids=ids,
        features=features,
        extra=pointed(frame.drop(columns=[id_column]) if id_column else frame),
        missing={str(name): int(count) for name, count in features.isna().sum().items() if count},
    )


def _features(frame: pd.DataFrame, schema: tuple[Feature, ...]) -> tuple[pd.DataFrame, list[Problem]]:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for feature in schema:
        if feature.kind == "numeric":
            values[feature.column], wrong = columns.learnable(frame, feature.column)
            problems += wrong
        else:
            values[feature.column] = columns.text(frame, feature.column)
    return pd.DataFrame(values, index=frame.index), problems
