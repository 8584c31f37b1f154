"""Encoding: fitted once, the same ever after, and honest about what it never saw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from core.data.schema import Feature
from core.uplift.preprocess import MAX_LEVELS, Levels, Preprocess

SCHEMA = (Feature("age", "numeric"), Feature("town", "categorical"))


def frame(age: list[float], town: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"age": np.asarray(age, dtype=np.float64), "town": pd.Series(town, dtype="str")})


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Ulm", "Bonn", "ärger", "Zug", "", "10", "9"]), min_size=1, max_size=30))
def test_levels_stand_in_the_order_of_scikit_learns_encoder(town: list[str]) -> None:
    """Oracle: sklearn.preprocessing.OneHotEncoder on the same column."""
    table = frame([1.0] * len(town), town)
    ours = Preprocess.fit(table, SCHEMA).transform(table).X[:, 1:]
    theirs = OneHotEncoder(sparse_output=False).fit_transform(np.asarray(town, dtype=object).reshape(-1, 1))
    np.testing.assert_array_equal(ours, theirs)


def test_missing_numbers_become_the_median_of_the_training_rows_and_are_counted() -> None:
    fitted = Preprocess.fit(frame([1.0, 2.0, 9.0], ["a", "a", "b"]), SCHEMA)
    encoded = fitted.transform(frame([np.nan, 5.0, np.nan], ["a", "b", "b"]))
    assert encoded.X[:, 0].tolist() == [2.0, 5.0, 2.0]
    assert encoded.missing == {"age": 2}
    assert encoded.unseen == {}


def test_a_column_without_any_number_becomes_zero() -> None:
    fitted = Preprocess.fit(frame([np.nan, np.nan], ["a", "b"]), SCHEMA)
    assert fitted.transform(frame([np.nan, 3.0], ["a", "b"])).X[:, 0].tolist() == [0.0, 3.0]


def test_unseen_values_have_no_level_and_are_counted_row_by_row() -> None:
    fitted = Preprocess.fit(frame([1.0, 2.0], ["a", "b"]), SCHEMA)
    encoded = fitted.transform(frame([1.0, 1.0, 1.0], ["x", "x", "y"]))
    assert encoded.X[:, 1:].sum() == 0
    assert encoded.unseen == {"town": 3}


def test_missing_is_a_level_of_its_own_where_training_had_it_and_no_level_where_not() -> None:
    with_missing = Preprocess.fit(frame([1.0] * 3, ["a", None, "b"]), SCHEMA)
    assert with_missing.names == ("age", "town=a", "town=b", "town (missing)")
    assert with_missing.transform(frame([1.0], [None])).X[0].tolist() == [1.0, 0.0, 0.0, 1.0]
    without = Preprocess.fit(frame([1.0] * 2, ["a", "b"]), SCHEMA)
    encoded = without.transform(frame([1.0], [None]))
    assert encoded.X[0].tolist() == [1.0, 0.0, 0.0]
    assert encoded.missing == {"town": 1}


def test_three_hundred_levels_are_bounded_and_the_rare_share_one() -> None:
    town = [f"t{i:03d}" for i in range(300)] + [f"t{i:03d}" for i in range(40)]
    fitted = Preprocess.fit(frame([1.0] * len(town), town), SCHEMA)
    assert fitted.width == 1 + MAX_LEVELS + 1
    encoded = fitted.transform(frame([1.0, 1.0], ["t299", "t000"]))
    assert encoded.X[:, -1].tolist() == [1.0, 0.0]
    assert encoded.unseen == {}


@pytest.mark.parametrize("rows", [0, 1, 7])
def test_any_cut_of_the_rows_encodes_the_same(rows: int) -> None:
    table = frame(list(range(20)), ["a", "b", "c", None] * 5)
    fitted = Preprocess.fit(table.iloc[:12], SCHEMA)
    whole = fitted.transform(table).X
    cut = np.vstack([fitted.transform(table.iloc[:rows]).X, fitted.transform(table.iloc[rows:]).X])
    np.testing.assert_array_equal(cut, whole)


def test_equally_frequent_levels_are_kept_by_name() -> None:
    assert Levels.of("town", pd.Series(["d", "c", "b", "a"], dtype="str"), most=2).values == ("a", "b")
