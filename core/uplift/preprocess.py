"""Features as numbers: fitted on training rows, applied unchanged ever after."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.data.schema import Feature
from core.uplift.learners.interface import FloatArray

MAX_LEVELS = 50
"""A categorical column keeps this many of its most frequent values; the rest share one level."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Encoded rows, and how many values were missing or never seen in training, per column (only above 0)."""

    X: FloatArray  # (n, q) float64
    missing: dict[str, int]
    unseen: dict[str, int]


@dataclass(frozen=True, slots=True)
class Levels:
    """The values of a categorical column seen in training.

    values: in sorted order, as OneHotEncoder keeps them. rare: values that share the level behind them.
    missing: whether training rows lacked a value, which then has a level of its own, the last.
    """

    column: str
    values: tuple[str, ...]
    rare: frozenset[str]
    missing: bool

    @classmethod
    def of(cls, column: str, values: pd.Series, most: int = MAX_LEVELS) -> Levels:
        """Count the column's values ((n,) str, NA = missing) and keep the `most` frequent, equals by name."""
        counts = values.value_counts()
        by_count = sorted(zip(counts.index.tolist(), counts.tolist()), key=lambda item: (-item[1], item[0]))
        names = [str(name) for name, _ in by_count]
        return cls(column, tuple(sorted(names[:most])), frozenset(names[most:]), bool(values.isna().any()))

    @property
    def size(self) -> int:
        """How many levels there are."""
        return len(self.values) + bool(self.rare) + self.missing

    def codes(self, values: pd.Series) -> tuple[np.ndarray, int, int]:
        """((n,) level of each value, `size` where it has none; how many are missing; how many unseen)."""
        found, uniques = pd.factorize(values)
        code_of = {value: code for code, value in enumerate(self.values)}
        code_of.update(dict.fromkeys(self.rare, len(self.values)))
        table = np.array([code_of.get(str(value), self.size) for value in uniques] + [self._missing_code])
        absent = found < 0
        counts = np.bincount(found[~absent], minlength=len(uniques))
        return table[found], int(absent.sum()), int(counts[table[:-1] == self.size].sum())

    @property
    def _missing_code(self) -> int:
        return self.size - 1 if self.missing else self.size


@dataclass(frozen=True, slots=True)
class Preprocess:
    """The fitted encoding: numeric columns first, then the levels of each categorical column.

    medians: of the training rows, what a missing number becomes where `fill` (0 where a column had no number
    at all); else it stays NaN.
    """

    schema: tuple[Feature, ...]
    medians: dict[str, float]
    levels: tuple[Levels, ...]
    fill: bool = True
    width: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", len(self.medians) + sum(levels.size for levels in self.levels))

    @classmethod
    def fit(cls, features: pd.DataFrame, schema: tuple[Feature, ...], *, fill: bool = True) -> Preprocess:
        """Learn medians and levels from the training rows (`Experiment.features` and its schema)."""
        medians = {
            feature.column: _median(features[feature.column])
            for feature in schema
            if feature.kind == "numeric"
        }
        levels = tuple(
            Levels.of(feature.column, features[feature.column])
            for feature in schema
            if feature.kind == "categorical"
        )
        return cls(schema, medians, levels, fill)

    @property
    def num_cols(self) -> tuple[str, ...]:
        return tuple(self.medians)

    @property
    def cat_cols(self) -> tuple[str, ...]:
        return tuple(levels.column for levels in self.levels)

    @property
    def names(self) -> tuple[str, ...]:
        """(q,) what each encoded column means, such as `channel=Web`."""
        names = list(self.medians)
        for levels in self.levels:
            names += [f"{levels.column}={value}" for value in levels.values]
            names += [f"{levels.column} (rare values)"] * bool(levels.rare)
            names += [f"{levels.column} (missing)"] * levels.missing
        return tuple(names)

    def transform(self, features: pd.DataFrame) -> Encoded:
        """Encode rows whose columns are as in training; an unseen value has none of its column's levels."""
        X = np.zeros((len(features), self.width), dtype=np.float64, order="F")
        missing: dict[str, int] = {}
        unseen: dict[str, int] = {}
        for j, (column, median) in enumerate(self.medians.items()):
            values = features[column].to_numpy(dtype=np.float64)
            absent = np.isnan(values)
            missing[column] = int(absent.sum())
            X[:, j] = np.where(absent, median, values) if self.fill else values
        start = len(self.medians)
        for levels in self.levels:
            codes, missing[levels.column], unseen[levels.column] = levels.codes(features[levels.column])
            rows = np.flatnonzero(codes < levels.size)
            X[rows, start + codes[rows]] = 1.0
            start += levels.size
        return Encoded(X, _above_zero(missing), _above_zero(unseen))


def _median(values: pd.Series) -> float:
    numbers = values.to_numpy(np.float64)
    known = numbers[~np.isnan(numbers)]
    return float(np.median(known)) if known.size else 0.0


def _above_zero(counts: dict[str, int]) -> dict[str, int]:
    return {column: count for column, count in counts.items() if count}
