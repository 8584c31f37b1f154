"""Columns of a table as numbers, text and ids, whatever file they came from, with what is wrong named by row."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.data.cells import as_text
from core.data.problems import refuse, row_problems
from core.data.schema import Kind
from core.errors import Problem

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(\.[0-9]{3})+$"
_GROUPED_DECIMAL = r"^[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?([eE][+-]?[0-9]+)?$"
_MISSING = pa.array(["nan", "na", "n/a", "#n/a", "null", "none", "<na>"], pa.large_string())
_INFINITE = r"^[+-]?inf(inity)?$"
_CODE = r"^0[0-9]+$"  # 01234: a code, not a number


def spreadsheet_row(index: int) -> int:
    """The row number a spreadsheet shows for the row at an index counted from 0: the header is row 1."""
    return index + 2


def require(frame: pd.DataFrame, names: Sequence[str], subject: str = "The file") -> None:
    """Raise DataError naming every column of `names` that the frame does not have, and the nearest it has."""
    have = [str(column) for column in frame.columns]
    refuse([_missing(name, have) for name in dict.fromkeys(names) if name not in have], subject)


def numeric(frame: pd.DataFrame, column: str) -> tuple[NDArray[np.float64], list[Problem]]:
    """A column as (n,) float64, and what is wrong with it, row by row.

    Missing cells, and text such as NaN or n/a, are NaN and no problem. Text that is no number, and infinity,
    are NaN and a problem each (the first thousand listed). Decimal commas (1,5 and 1.234,56) are read where
    the file writes them so (`frame.attrs["decimal"]`, set by read_csv). A column of only True and False is
    1 and 0.
    """
    series = frame[column]
    if pd.api.types.is_numeric_dtype(series.dtype):  # booleans are numeric
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        problems: list[Problem] = []
    elif pd.api.types.is_datetime64_any_dtype(series.dtype):
        message = "The column holds dates, not numbers."
        return np.full(len(series), np.nan), [Problem(message, "Choose another column.", column=column)]
    else:
        values, problems = _parse(series, column, frame.attrs.get("decimal") == ",")
    infinite = np.isinf(values)
    if infinite.any():
        fix = "Give a finite number, or leave the cell empty."
        problems += row_problems(infinite, series, "The number is infinite.", fix, column)
        values = np.where(infinite, np.nan, values)
    return values, problems


def text(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as (n,) text (dtype str), without blanks around it; missing and blank cells are NA.

    A whole number from a Parquet column has no decimal point: 7.0 and 7 are both "7".
    """
    return pd.Series(_trimmed(frame[column]).to_pandas().array, index=frame.index, name=column, dtype="str")


def kind(frame: pd.DataFrame, column: str) -> Kind:
    """Whether a column holds numbers. Codes with a leading zero (01234), text and dates are categorical."""
    series = frame[column]
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "numeric"
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return "categorical"
    cells = _trimmed(series)
    if pc.any(pc.match_substring_regex(cells, _CODE)).as_py():
        return "categorical"
    values, problems = numeric(frame[[column]], column)
    return "numeric" if not problems and not np.isnan(values).all() else "categorical"


def ids(frame: pd.DataFrame, column: str | None) -> tuple[pd.Series, list[Problem]]:
    """The ids of the rows as (n,) text, and a Problem for each that is missing or repeats an earlier one.

    Without a column the rows are numbered from 0 and the series is called "row_id".
    """
    if column is None:
        return pd.Series(np.arange(len(frame)).astype(str), name="row_id", dtype="str"), []
    values = text(frame, column).reset_index(drop=True)
    absent = values.isna()
    fix = "Give every row an id, or choose no id column."
    problems = row_problems(absent.to_numpy(), values, "The id is missing.", fix)
    repeated = values.duplicated() & ~absent
    if repeated.any():
        fix = "Keep one row per customer, or choose no id column."
        message = "The id stands in an earlier row already."
        problems += row_problems(repeated.to_numpy(), values, message, fix)
    return values, problems


def distinct(frame: pd.DataFrame, column: str, limit: int) -> tuple[str, ...] | None:
    """The different values of a column as text, sorted, missing left out; None where there are over `limit`."""
    found = pc.unique(_trimmed(frame[column])).drop_null()
    return tuple(sorted(found.to_pylist())) if len(found) <= limit else None


def _missing(name: str, have: list[str]) -> Problem:
    near = difflib.get_close_matches(name, have, n=1, cutoff=0.75)
    fix = f"Is it '{near[0]}'?" if near else "Add it, or choose another column."
    return Problem(f"There is no column '{name}'.", fix, column=name)


def _trimmed(series: pd.Series) -> pa.Array:
    cells = pc.utf8_trim_whitespace(as_text(series))
    blank = pc.equal(cells, "")
    return pc.if_else(blank, pa.scalar(None, pa.large_string()), cells) if pc.any(blank).as_py() else cells


def _parse(series: pd.Series, column: str, decimal_comma: bool) -> tuple[NDArray[np.float64], list[Problem]]:
    cells = _trimmed(series)
    fix = "Write a number, or leave the cell empty."
    if decimal_comma:
        cells, fix = _with_points(cells), "Write a number such as 1234,56, or leave the cell empty."
    try:
        return _floats(cells), []
    except pa.ArrowInvalid:
        pass
    lower = pc.utf8_lower(cells)
    cells = pc.if_else(pc.is_in(lower, _MISSING), pa.scalar(None, pa.large_string()), cells)
    if pc.all(pc.is_in(lower, pa.array(["true", "false"], pa.large_string()), skip_nulls=False)).as_py():
        truth = pc.if_else(pc.equal(lower, "true"), 1.0, 0.0)
        return truth.to_numpy(zero_copy_only=False).astype(np.float64), []
    number = pc.or_(pc.match_substring_regex(cells, _NUMBER), pc.match_substring_regex(lower, _INFINITE))
    wrong = pc.fill_null(pc.invert(number), False).to_numpy(zero_copy_only=False)
    values = _floats(pc.if_else(number, cells, pa.scalar(None, pa.large_string())))
    if not decimal_comma and pc.any(pc.match_substring_regex(cells, r"^[+-]?[0-9.]*,[0-9.,]*[0-9]$")).as_py():
        fix = "Write a number with a decimal point and no thousands separators, such as 1234.56."
    return values, row_problems(wrong, series, "The value is not a number.", fix, column)


def _floats(cells: pa.Array) -> NDArray[np.float64]:
    numbers = pc.cast(cells, pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _with_points(cells: pa.Array) -> pa.Array:
    """Numbers of a file with decimal commas, written with a point.

    1,5 is 1.5 and 1.234,56 is 1234.56. Where no cell of the column has a comma, 1.234 is 1234 if all cells
    with a point are grouped in thousands; else the column is written with points and is left as it is.
    """
    commas = pc.match_substring(cells, ",")
    points = pc.match_substring(cells, ".")
    convertible = pc.match_substring_regex(cells, _GROUPED_DECIMAL)
    if not pc.any(commas).as_py():
        grouped = pc.match_substring_regex(cells, _GROUPED)
        if not pc.any(points).as_py() or pc.any(pc.and_not(points, grouped)).as_py():
            return cells
    else:  # a point that does not group thousands is wrong here: leave it a problem
        cells = pc.if_else(
            pc.and_not(points, convertible),
            pc.binary_join_element_wise(
                cells, pa.scalar("?", pa.large_string()), pa.scalar("", pa.large_string())
            ),
            cells,
        )
    pointed = pc.replace_substring(pc.replace_substring(cells, ".", ""), ",", ".")
    return pc.if_else(convertible, pointed, cells)
