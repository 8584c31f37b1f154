"""Numbers, text and ids from any file; what is wrong is named by the spreadsheet's row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import columns
from core.errors import DataError


def text_frame(*cells, decimal=None):
    frame = pd.DataFrame({"x": pd.Series(cells, dtype="str")})
    if decimal:
        frame.attrs["decimal"] = decimal
    return frame


def test_rows_have_the_numbers_of_the_spreadsheet():
    assert [columns.spreadsheet_row(i) for i in (0, 98)] == [2, 100]


@given(st.lists(st.floats(allow_infinity=False), min_size=1))
def test_numbers_as_text_are_read_exactly(numbers):
    """Oracle: Python's float(), of which repr() is the inverse."""
    values, problems = columns.numeric(text_frame(*map(repr, numbers)), "x")
    assert problems == []
    np.testing.assert_array_equal(values, numbers)


def test_missing_cells_are_nan_and_no_problem():
    values, problems = columns.numeric(
        text_frame("1", None, "", " ", "NaN", "n/a", "#N/A", "null", " +2.5e1 "), "x"
    )
    assert problems == []
    np.testing.assert_array_equal(values, [1, *[np.nan] * 7, 25])


@pytest.mark.parametrize("cell", ["abc", "1,234", "12 €", "1_000", "0x10", "1.2.3", "--1", "1e", "١", "12%"])
def test_text_that_is_no_number_is_a_problem_of_its_row(cell):
    values, (problem,) = columns.numeric(text_frame("1", cell), "x")
    assert np.isnan(values[1])
    assert (problem.row, problem.column, problem.value) == (3, "x", cell)
    assert problem.fix


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
def test_infinity_is_a_problem_of_its_row(cell):
    for frame in (text_frame("1", cell), pd.DataFrame({"x": [1.0, float(cell)]})):
        values, (problem,) = columns.numeric(frame, "x")
        assert (problem.row, np.isnan(values[1])) == (3, True)
        assert "infinite" in problem.message


def test_numbers_too_large_to_learn_from_are_named():
    frame = text_frame("1e308", "-1e308", "1e29")
    values, problems = columns.learnable(frame, "x")
    assert [(p.row, p.value) for p in problems] == [(2, "1e308"), (3, "-1e308")]
    assert "too large" in str(problems[0]) and values[2] == 1e29
    assert not columns.numeric(frame, "x")[1]


def test_decimal_commas_only_where_the_file_has_them():
    frame = text_frame("1,5", "-1.234,56", "1.234", "7", decimal=",")
    assert columns.numeric(frame, "x")[0].tolist() == [1.5, -1234.56, 1234.0, 7.0]
    _, problems = columns.numeric(text_frame("1,5", "1.5", decimal=","), "x")
    assert [(p.row, p.value) for p in problems] == [(3, "1.5")]


def test_true_and_false_alone_are_one_and_zero():
    assert columns.numeric(text_frame("TRUE", "False", None), "x")[0].tolist()[:2] == [1.0, 0.0]
    assert columns.numeric(pd.DataFrame({"x": [True, False]}), "x")[0].tolist() == [1.0, 0.0]
    assert len(columns.numeric(text_frame("True", "2"), "x")[1]) == 1


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["ja", "Nein", None], [1.0, 0.0]),
        (["Yes", "no"], [1.0, 0.0]),
        (["NON", "oui"], [0.0, 1.0]),
        (["no", "no"], [0.0, 0.0]),
    ],
)
def test_yes_and_no_alone_are_one_and_zero(cells, values):
    numbers, problems = columns.numeric(text_frame(*cells), "x")
    assert numbers.tolist()[:2] == values
    assert problems == []
    assert columns.yes_or_no(text_frame(*cells), "x")
    assert len(columns.numeric(text_frame(*cells, "maybe"), "x")[1]) >= 3


def test_a_column_without_any_number_is_one_problem_not_a_thousand():
    _, (problem,) = columns.numeric(text_frame(*["bought", "left"] * 100), "x")
    assert str(problem).startswith("column 'x': The column holds text, such as 'bought' and 'left'")


def test_every_problem_is_counted_and_a_thousand_are_listed():
    _, problems = columns.numeric(text_frame("1", *["abc"] * 2500), "x")
    assert len(problems) == 1001
    assert problems[999].row == 1002
    assert "1,500 more rows" in problems[-1].message


def test_dates_are_no_numbers():
    values, (problem,) = columns.numeric(pd.DataFrame({"x": pd.to_datetime(["2024-01-31"])}), "x")
    assert np.isnan(values).all()
    assert "dates" in problem.message


def test_whole_numbers_are_text_without_a_decimal_point():
    for series in (pd.Series([7.0, np.nan, 1.5]), pd.array([7, None, 1.5], dtype="Float64")):
        assert columns.text(pd.DataFrame({"x": series}), "x").fillna("-").tolist() == ["7", "-", "1.5"]
    assert columns.text(text_frame(" Mens ", " ", None), "x").fillna("-").tolist() == ["Mens", "-", "-"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", None], "numeric"),
        (["TRUE", "false"], "numeric"),
        (["01234", "99999"], "categorical"),  # codes
        (["a", "1"], "categorical"),
        ([None, None], "categorical"),
        ([*map(str, range(100)), "oops"], "numeric"),  # a slip, to be named
        ([*"1234567890" * 10, "10+"], "categorical"),  # a scale
        (["2024-01-31"], "categorical"),
    ],
)
def test_a_columns_kind_is_told_from_its_cells(cells, kind):
    assert columns.kind(text_frame(*cells), "x") == kind


@pytest.mark.parametrize(
    "few",
    [
        pd.Series([7.0, np.nan, -0.0, 0.0, 2.5]),
        pd.Series([1, 2, 3]),
        pd.Series([True, False]),
        pd.Series([" a", "a", None, "", "b "], dtype="str"),
        pd.Series([1, True, "1", None, 1.5], dtype=object),
        pd.Series(pd.to_datetime(["2011-01-31 00:00", "2011-02-01 10:15", None])),
    ],
)
def test_the_different_values_of_a_long_column_are_those_of_its_cells_as_text(few):
    """Oracle: the text of every cell, in a set. The rarest value stands last, far behind the others."""
    frame = pd.DataFrame({"x": pd.concat([few.iloc[:1]] * 30_000 + [few], ignore_index=True)})
    cells = set(columns.text(frame, "x").dropna())
    assert columns.distinct(frame, "x", 5) == tuple(sorted(cells))
    assert columns.distinct(frame, "x", len(cells) - 1) is None


def test_ids_missing_or_repeated_are_problems_of_their_rows():
    values, problems = columns.ids(text_frame("007", " ", "7", "007"), "x")
    assert values.fillna("-").tolist() == ["007", "-", "7", "007"]
    assert [(p.row, p.value) for p in problems] == [(3, None), (5, "007")]


def test_without_an_id_column_rows_are_numbered():
    values, problems = columns.ids(text_frame("a", "b"), None)
    assert (values.name, values.tolist(), problems) == ("row_id", ["0", "1"], [])


def test_all_missing_columns_are_named_with_the_nearest():
    with pytest.raises(DataError) as error:
        columns.require(pd.DataFrame({"Spend": [1], "visit": [1]}), ["spend", "visit", "segment", "spend"])
    assert [p.column for p in error.value.problems] == ["spend", "segment"]
    assert error.value.problems[0].fix == "Is it 'Spend'?"
