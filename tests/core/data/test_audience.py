"""A file to score is checked against what the model reads: columns first, then rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.audience import audience
from core.data.schema import Feature
from core.data.schema_file import read_schema, write_schema
from core.errors import DataError

SCHEMA = (Feature("recency", "numeric"), Feature("channel", "categorical"))


def frame(**columns):
    return pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})


def test_features_are_typed_and_everything_else_passes_through():
    table = frame(id=["007", "8"], note=[" =x", None], channel=["Web ", None], recency=["1.5", ""])
    found = audience(table, SCHEMA, "id")
    assert found.ids.tolist() == ["007", "8"]
    assert found.features.columns.tolist() == ["recency", "channel"]
    np.testing.assert_array_equal(found.features["recency"], [1.5, np.nan])
    assert found.features["channel"].fillna("-").tolist() == ["Web", "-"]
    assert found.missing == {"recency": 1, "channel": 1}
    pd.testing.assert_frame_equal(found.extra, table.drop(columns="id"))


def test_without_an_id_column_rows_are_numbered_and_all_columns_pass_through():
    found = audience(frame(recency=["1", "2"], channel=["a", "b"]), SCHEMA, None)
    assert (found.ids.name, found.ids.tolist()) == ("row_id", ["0", "1"])
    assert found.extra.columns.tolist() == ["recency", "channel"]


def test_every_missing_column_is_named_and_rows_are_not_looked_at():
    with pytest.raises(DataError) as error:
        audience(frame(recency=["oops"]), SCHEMA, "customer")
    assert [p.column for p in error.value.problems] == ["customer", "channel"]


def test_every_bad_row_is_named():
    table = frame(id=["1", "1", None, "4"], recency=["1", "x", "2", "inf"], channel=["a"] * 4)
    with pytest.raises(DataError) as error:
        audience(table, SCHEMA, "id")
    assert [(p.row, p.column) for p in error.value.problems] == [
        (4, "id"),
        (3, "id"),
        (3, "recency"),
        (5, "recency"),
    ]


def test_a_parquet_audience_gives_the_same_categories_as_a_csv_one():
    typed = pd.DataFrame({"recency": [1, 2], "channel": [1.0, np.nan]})
    text = frame(recency=["1", "2"], channel=["1", None])
    a, b = audience(typed, SCHEMA, None), audience(text, SCHEMA, None)
    pd.testing.assert_frame_equal(a.features, b.features)


def test_no_rows_are_an_error():
    with pytest.raises(DataError, match="no rows"):
        audience(frame(recency=[], channel=[]), SCHEMA, None)


def test_the_schema_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "required_features_schema.csv"
    write_schema(path, SCHEMA)
    assert path.read_bytes() == b"column,type\nrecency,numeric\nchannel,categorical\n"
    assert read_schema(path) == SCHEMA


def test_a_broken_schema_file_is_named_by_row(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("column,type\na,number\na,numeric\n,numeric\n")
    with pytest.raises(DataError) as error:
        read_schema(path)
    assert sorted(p.row for p in error.value.problems) == [2, 3, 4]
