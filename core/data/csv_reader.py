"""CSV files as tables of text: every cell as it stands, so that what passes through stays as it was."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from core.data.csv_dialect import Dialect, find_dialect
from core.data.header import check_header
from core.data.limits import check_bytes, check_columns, check_rows
from core.data.neutralise import original, original_array
from core.data.problems import MAX_LISTED, refuse
from core.errors import DataError, Problem
from core.progress import Progress, silent
from core.settings import Settings

_BLOCK = 4 << 20  # bytes read at a time; a single row may not be longer
_CHUNK = 1 << 20
_DECIMAL_COMMA = r"^\s*[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+\s*$"


def read_csv(path: Path, name: str, settings: Settings, progress: Progress = silent) -> pd.DataFrame:
    """Read a CSV file; every column is text (dtype str), an empty cell is missing.

    Blank lines are rows without values, so that rows keep the numbers a spreadsheet shows; blank rows at the
    end are dropped. The apostrophe before formula-like text (`neutralise`) is taken away again. Where the
    separator is a semicolon and a number is written 1,5 or 1.234,56, `frame.attrs["decimal"]` is ",".
    Raises DataError naming the row of every line that is wider or narrower than the header.
    """
    progress("Looking at the file", 0.0)
    dialect = find_dialect(path, name, settings)
    check_columns(len(dialect.header), name)
    names = [original(column) for column in dialect.header]
    check_header(names, name)
    progress("Reading the rows", 0.2)
    table = _table(path, name, dialect)
    if dialect.quotes % 2:
        _check_quotes(table, name)
    columns = [original_array(column) for column in table.columns]
    progress("Checking the rows", 0.8)
    rows = _last_row(columns)
    if rows == 0:
        raise DataError(f"'{name}' has a header but no rows.", "Give at least one row below the header.")
    check_rows(rows, settings, name)
    frame: pd.DataFrame = pa.table(columns, names=names).slice(0, rows).to_pandas()
    if dialect.separator == ";" and any(_has_decimal_comma(column) for column in columns):
        frame.attrs["decimal"] = ","
    progress("Reading the rows", 1.0)
    return frame


@contextmanager
def uncompressed(path: Path, name: str, settings: Settings) -> Iterator[Path]:
    """A temporary file with the text of a .csv.gz, decompressed no further than the upload limit."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "table.csv"
        size = 0
        try:
            with gzip.open(path, "rb") as packed, plain.open("wb") as out:
                while chunk := packed.read(_CHUNK):
                    size += len(chunk)
                    check_bytes(size, settings, name, "Unpacked it")
                    out.write(chunk)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"'{name}' is damaged: it could not be unpacked.", "Send it again.") from error
        yield plain


def _table(path: Path, name: str, dialect: Dialect) -> pa.Table:
    try:
        return arrow_csv.read_csv(
            path,
            read_options=_read_options(dialect),
            parse_options=_parse_options(dialect),
            convert_options=_convert_options(dialect),
        )
    except pa.ArrowInvalid as error:  # its own message quotes customers' data
        refuse(_ragged_rows(path, dialect), f"'{name}'")
        raise DataError(
            f"'{name}' could not be read as CSV.",
            "Perhaps a quotation mark is opened and not closed.",
        ) from error


def _read_options(dialect: Dialect, use_threads: bool = True) -> arrow_csv.ReadOptions:
    return arrow_csv.ReadOptions(
        encoding="utf8" if dialect.encoding == "utf-8" else dialect.encoding,
        column_names=list(dialect.header),
        skip_rows_after_names=1,
        block_size=_BLOCK,
        use_threads=use_threads,
    )


def _parse_options(dialect: Dialect, handler: object = None) -> arrow_csv.ParseOptions:
    return arrow_csv.ParseOptions(
        delimiter=dialect.separator,
        newlines_in_values=dialect.quotes > 0,
        ignore_empty_lines=False,
        invalid_row_handler=handler,
    )


def _convert_options(dialect: Dialect) -> arrow_csv.ConvertOptions:
    return arrow_csv.ConvertOptions(
        column_types={column: pa.large_string() for column in dialect.header},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        check_utf8=False,  # find_dialect has read it all
    )


def _ragged_rows(path: Path, dialect: Dialect) -> list[Problem]:
    """Every row that is wider or narrower than the header; read again in one thread, which numbers rows."""
    found: list[Problem] = []
    more = 0

    def note(row: arrow_csv.InvalidRow) -> str:
        nonlocal more
        if len(found) < MAX_LISTED:
            message = f"The row has {row.actual_columns} cells, the header has {row.expected_columns}."
            fix = "Put cells that hold the separator in quotation marks, or correct the row."
            found.append(Problem(message, fix, row=row.number))
        else:
            more += 1
        return "skip"

    try:
        arrow_csv.read_csv(
            path,
            read_options=_read_options(dialect, use_threads=False),
            parse_options=_parse_options(dialect, note),
            convert_options=_convert_options(dialect),
        )
    except pa.ArrowInvalid:
        return found
    return [*found, Problem(f"The same in {more:,} more rows.", rows=more)] if more else found


def _check_quotes(table: pa.Table, name: str) -> None:
    """Raise where an odd number of quotation marks and a line break in a cell say that rows ran together.

    Without a line break in any cell a single mark is text (5" screen).
    """
    rows = [
        pc.index(pc.match_substring_regex(column, "[\r\n]"), value=True).as_py() for column in table.columns
    ]
    if found := [row for row in rows if row >= 0]:
        message = "A cell holds a line break, and a quotation mark in the file is opened and not closed."
        fix = "Close it, or write quotation marks inside a cell twice."
        refuse([Problem(message, fix, row=min(found) + 2)], f"'{name}'")


def _last_row(columns: list[pa.ChunkedArray]) -> int:
    """The number of rows up to the last that holds anything."""
    filled = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        if len(filled) and column[-1].as_py() is not None:
            return len(filled)  # the usual case: no blank row at the end
        filled |= pc.is_valid(column).to_numpy()
    return int(np.flatnonzero(filled)[-1]) + 1 if filled.any() else 0


def _has_decimal_comma(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, _DECIMAL_COMMA)).as_py())
