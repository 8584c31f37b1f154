"""Columns of a table as numbers, text and ids, whatever file they came from; what is wrong is named."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.data.cells import as_text
from core.data.number_text import parse
from core.data.problems import refuse, row_problems, shown
from core.data.role_names import YES_NO
from core.data.schema import Kind
from core.errors import Problem

_MOSTLY, _FEW = 0.9, 50
_HEAD = 10_000  # rows in which most columns of many values show that they are
LARGEST = 1e30
"""Trees calculate in single precision, which ends at 3e38; a mean or a difference must still fit."""
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
    are NaN and a problem each (the first thousand listed). Decimal commas (1,5 and
    1.234,56) are read where the file writes them so (`frame.attrs["decimal"]`, set by read_csv). A column of
    only True and False, or of yes and no in one of five languages, is 1 and 0. A long column without any
    number is one problem.
    """
    series = frame[column]
    if pd.api.types.is_numeric_dtype(series.dtype):  # booleans are numeric
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        problems: list[Problem] = []
    elif pd.api.types.is_datetime64_any_dtype(series.dtype):
        message = "The column holds dates, not numbers."
        return np.full(len(series), np.nan), [Problem(message, "Choose another column.", column=column)]
    else:
        cells = trimmed(series)
        values, wrong, fix = parse(cells, decimal_comma=frame.attrs.get("decimal") == ",")
        if wrong.any() and (answers := _answers(cells)) is not None:
            return answers, []
        if wrong.sum() > _FEW and np.isnan(values).all():
            return values, [_no_numbers(cells, column)]
        problems = row_problems(wrong, series, "The value is not a number.", fix, column)
    infinite = np.isinf(values)
    if infinite.any():
        fix = "Give a finite number, or leave the cell empty."
        problems += row_problems(infinite, series, "The number is infinite.", fix, column)
        values = np.where(infinite, np.nan, values)
    return values, problems


def learnable(frame: pd.DataFrame, column: str) -> tuple[NDArray[np.float64], list[Problem]]:
    """`numeric` for what a model learns from: numbers beyond LARGEST are NaN and a problem each, too."""
    values, problems = numeric(frame, column)
    huge = (values > LARGEST) | (values < -LARGEST)
    if huge.any():
        fix = f"Give a number below {LARGEST:g}, or leave the cell empty."
        said = "The number is too large to learn from."
        problems = [*problems, *row_problems(huge, frame[column], said, fix, column)]
        values = np.where(huge, np.nan, values)
    return values, problems


def unsaid(values: NDArray[np.float64], raw: pd.Series, problems: Sequence[Problem]) -> NDArray[np.bool_]:
    """(n,) where `numeric` found no number and named no problem: an empty cell, or text such as n/a.

    raw: (n,) the same cells as text. Where not every problem has its row, only empty cells are told.
    """
    rows = [p.row for p in problems if p.row is not None]
    if len(rows) < len(problems):
        return raw.isna().to_numpy()
    missing = np.isnan(values)
    missing[np.array(rows, dtype=np.int64) - spreadsheet_row(0)] = False
    return missing


def text(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as (n,) text (dtype str), without blanks around it; missing and blank cells are NA.

    A whole number from a Parquet column has no decimal point: 7.0 and 7 are both "7".
    """
    return pd.Series(trimmed(frame[column]).to_pandas().array, index=frame.index, name=column, dtype="str")


def kind(frame: pd.DataFrame, column: str) -> Kind:
    """Whether a column holds numbers.

    Codes with a leading zero (01234), text and dates are categorical. A column of numbers with a few cells
    that are none is numeric, so that those cells are named: at least 90 % numbers, more than 50 different.
    """
    series = frame[column]
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "numeric"
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return "categorical"
    cells = trimmed(series)
    if is_code(cells):
        return "categorical"
    values, wrong, _ = parse(cells, decimal_comma=frame.attrs.get("decimal") == ",")
    numbers, others = int((~np.isnan(values)).sum()), int(wrong.sum())
    if not others:
        return "numeric" if numbers else "categorical"
    mostly = numbers >= _MOSTLY * (numbers + others) and len(pc.unique(cells)) > _FEW
    return "numeric" if mostly else "categorical"


def is_code(cells: pa.Array) -> bool:
    """Whether a column of text holds codes with a leading zero (01234), which are no numbers."""
    return bool(pc.any(pc.match_substring_regex(cells, _CODE)).as_py())


def yes_or_no(frame: pd.DataFrame, column: str) -> bool:
    """Whether a column of text says yes or no in every cell that says anything."""
    return _answers(trimmed(frame[column])) is not None


def _answers(cells: pa.Array) -> NDArray[np.float64] | None:
    """(n,) 1 for yes, 0 for no, NaN for nothing; None where the words are others."""
    words = pc.utf8_lower(cells)
    said = set(pc.unique(words).drop_null().to_pylist())
    yes = next((yes for yes, no in YES_NO if said and said <= {yes, no}), None)
    if yes is None:
        return None
    values = pc.cast(pc.equal(words, yes), pa.float64())
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _no_numbers(cells: pa.Array, column: str) -> Problem:
    found = " and ".join(f"'{shown(value)}'" for value in pc.unique(cells).drop_null()[:2].to_pylist())
    message = f"The column holds text, such as {found}, and no number."
    return Problem(
        message, "Choose another column, or write numbers; for yes and no, 1 and 0.", column=column
    )


def ids(
    frame: pd.DataFrame, column: str | None, instead: str = "choose no id column"
) -> tuple[pd.Series, list[Problem]]:
    """The ids of the rows as (n,) text, and a Problem for each that is missing or repeats an earlier one.

    Without a column the rows are numbered from 0 and the series is called "row_id". instead: what else helps.
    """
    if column is None:
        return pd.Series(np.arange(len(frame)).astype(str), name="row_id", dtype="str"), []
    values = text(frame, column).reset_index(drop=True)
    absent = values.isna()
    fix = f"Give every row an id, or {instead}."
    problems = row_problems(absent.to_numpy(), values, "The id is missing.", fix)
    repeated = values.duplicated() & ~absent
    if repeated.any():
        fix = f"Keep one row per customer, or {instead}."
        message = "The id stands in an earlier row already."
        problems += row_problems(repeated.to_numpy(), values, message, fix)
    return values, problems


def distinct(frame: pd.DataFrame, column: str, limit: int) -> tuple[str, ...] | None:
    """The different values of a column as text, sorted, without missing; None for more than `limit`."""
    series = frame[column]
    if len(series) > _HEAD and distinct(frame.head(_HEAD), column, limit) is None:
        return None
    if pd.api.types.is_numeric_dtype(series.dtype) or series.dtype == "str":
        series = series.drop_duplicates()  # not of objects, where 1 and True are equal and differ as text
    found = pc.unique(trimmed(series)).drop_null()
    return tuple(sorted(found.to_pylist())) if len(found) <= limit else None


def _missing(name: str, have: list[str]) -> Problem:
    near = difflib.get_close_matches(name, have, n=1, cutoff=0.75)
    fix = f"Is it '{near[0]}'?" if near else "Add it, or choose another column."
    return Problem(f"There is no column '{name}'.", fix, column=name)


def trimmed(series: pd.Series) -> pa.Array:
    """A column as (n,) Arrow large strings without blanks around them; blank cells are null."""
    cells = pc.utf8_trim_whitespace(as_text(series))
    blank = pc.equal(cells, "")
    return pc.if_else(blank, pa.scalar(None, pa.large_string()), cells) if pc.any(blank).as_py() else cells
