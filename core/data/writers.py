"""Tables into files: one text form everywhere, written whole or not at all."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.data.cells import TEXT, as_text
from core.data.neutralise import neutralise, neutralise_array
from core.data.sheet_numbers import number_columns, sheet_number
from core.errors import DataError
from core.files import replacing

ENDINGS = (".csv", ".csv.gz", ".xlsx", ".parquet")
SHEET_ROWS = 1_048_575  # an Excel sheet less its header
_CELL_CHARACTERS = 32_767  # what an Excel cell can hold
_EXACT = 10**15  # Excel keeps 15 digits of a number
_BLOCK = 65_536  # rows made into text at a time


def ending(name: str) -> str:
    """Which of ENDINGS a file name has; DataError naming them for any other."""
    lower = name.lower()
    for known in (".csv.gz", ".csv", ".xlsx", ".parquet"):
        if lower.endswith(known):
            return known
    raise DataError(f"'{name}' has an ending that is not known.", f"Use one of {', '.join(ENDINGS)}.")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame by the ending of `path`: .csv, .csv.gz, .xlsx or .parquet. The index is not written.

    CSV: UTF-8, commas, LF; floats in the shortest text that reads back the same; missing is empty; cells in
    quotation marks only where needed. Text that a spreadsheet would run as a formula gets an apostrophe in
    front (`core.data.neutralise`), in ids and column names too; numbers never change; `read_table` takes it
    away again. .csv.gz: the same bytes, compressed without a time stamp: equal frames give equal files.
    XLSX: the same apostrophes, ids as text, columns of numbers as numbers (`core.data.sheet_numbers`), floats
    to 16 digits; over 1,048,575 rows go on in further
    sheets. Parquet: types and text as they are.
    """
    kind = ending(path.name)
    if kind == ".parquet":
        table = pa.Table.from_pandas(frame, preserve_index=False)
        with replacing(path) as beside:
            pq.write_table(table, beside, compression="zstd")
    elif kind == ".xlsx":
        with replacing(path) as beside:
            _write_xlsx(frame, beside)
    elif kind == ".csv":
        with replacing(path) as beside, beside.open("wb") as file:
            for piece in csv_bytes(frame):
                file.write(piece)
    else:
        with (
            replacing(path) as beside,
            beside.open("wb") as file,
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed,
        ):
            for piece in csv_bytes(frame):
                packed.write(piece)


def csv_bytes(frame: pd.DataFrame) -> Iterator[bytes]:
    """The bytes of `write_table`'s .csv, in pieces of 65,536 rows; joined they are the file."""
    names = pa.array([str(column) for column in frame.columns], TEXT)
    yield (",".join(_quote(neutralise_array(names)).to_pylist()) + "\n").encode()
    if frame.columns.empty:
        return
    columns = [_prepared(frame.iloc[:, position]) for position in range(frame.shape[1])]
    comma, newline, nothing = (pa.scalar(text, TEXT) for text in (",", "\n", ""))
    for start in range(0, len(frame), _BLOCK):
        cells = [_csv_cells(column[start : start + _BLOCK]) for column in columns]
        cells[-1] = pc.binary_join_element_wise(cells[-1], newline, nothing, null_handling="replace")
        lines = pc.binary_join_element_wise(*cells, comma, null_handling="replace")
        # The lines stand one after another in the array's own buffer: these are the bytes of the file.
        _, offsets, data = lines.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)
        yield bytes(memoryview(data)[int(ends[lines.offset]) : int(ends[lines.offset + len(lines)])])


def _prepared(column: pd.Series) -> pd.Series | pa.Array:
    """Columns whose text form depends on all their rows (times, mixed types) are made into text at once."""
    numeric = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_extension_array_dtype(
        column.dtype
    )
    return column if numeric or column.dtype == "str" else as_text(column)


def _csv_cells(column: pd.Series | pa.Array) -> pa.Array:
    if isinstance(column, pd.Series):
        text = as_text(column)
        return text if pd.api.types.is_numeric_dtype(column.dtype) else _quote(neutralise_array(text))
    return _quote(neutralise_array(column))


def _quote(texts: pa.Array) -> pa.Array:
    """Quotation marks around cells with a separator of any of our dialects, a quotation mark or a break."""
    mask = pc.match_substring_regex(texts, '[",;\t\r\n\ufeff]')
    if not pc.any(mask).as_py():
        return texts
    mark, nothing = pa.scalar('"', TEXT), pa.scalar("", TEXT)
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(mask, pc.binary_join_element_wise(mark, doubled, mark, nothing), texts)


def _write_xlsx(frame: pd.DataFrame, path: Path) -> None:
    for position, column in enumerate(frame.columns):
        cells = frame.iloc[:, position]
        if not pd.api.types.is_numeric_dtype(cells.dtype) and cells.dtype == "str":
            longest = pc.max(pc.utf8_length(as_text(cells))).as_py() or 0
            if longest >= _CELL_CHARACTERS:
                raise DataError(
                    f"Column '{column}' holds a text of {longest:,} characters; an Excel cell holds 32,767.",
                    "Write .csv or .parquet.",
                )
    book = openpyxl.Workbook(write_only=True)
    header = [_sheet_text(str(column)) for column in frame.columns]
    numbers = number_columns(frame)
    for number, first in enumerate(range(0, max(len(frame), 1), SHEET_ROWS), start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        sheet.append(header)
        last = min(first + SHEET_ROWS, len(frame))
        for start in range(first, last, _BLOCK):
            block = frame.iloc[start : min(start + _BLOCK, last)]
            columns = [
                _sheet_cells(block.iloc[:, i], written=str(name) in numbers)
                for i, name in enumerate(block.columns)
            ]
            for row in zip(*columns, strict=True):
                sheet.append(row)
    book.save(path)


def _sheet_cells(column: pd.Series, *, written: bool) -> list[Any]:
    """written: whether it is text that holds numbers."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return [None if pd.isna(value) else bool(value) for value in column]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return [_sheet_number(value) for value in column.tolist()]
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return [None if pd.isna(value) else value.to_pydatetime(warn=False) for value in column]
    shown = sheet_number if written else _sheet_text
    return [None if text is None else shown(text) for text in as_text(column).to_pylist()]


def _sheet_number(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def _sheet_text(text: str) -> str:
    return neutralise(ILLEGAL_CHARACTERS_RE.sub("", text))
