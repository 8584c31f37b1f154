"""Excel workbooks as tables of text, read as a stream and never unpacked beyond the limits."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from core.data.cells import cell_text
from core.data.header import check_header
from core.data.limits import TIMES_UNPACKED, check_columns, check_rows, check_unpacked
from core.data.neutralise import original
from core.errors import DataError, PersuadableError, TooLargeError
from core.progress import Progress, silent
from core.settings import Settings

_MAX_RATIO = 200  # sheets of repeated text pack 30 to 50 times; a bomb 1,000 times
_SMALL = 50_000_000  # bytes below which the ratio does not matter
_STEP = 5_000  # rows between two words about progress
_CELL, _TEXT = 8, 49  # bytes in memory of a place in a column, and of a text around its characters
_LAST_ROW = 1_048_576  # of a sheet: a higher number makes the reader count through rows that are not there


def read_xlsx(path: Path, name: str, settings: Settings, progress: Progress = silent) -> pd.DataFrame:
    """Read the first sheet with a table; every column is text (dtype str), an empty cell is missing.

    Whole numbers have no decimal point (3.0 is "3"), dates are ISO, booleans True and False. Visible sheets
    with the same header continue the table (a long list split over sheets); others are left out, and
    `frame.attrs["notices"]` says which. Blank rows at the end are dropped.
    """
    progress("Opening the workbook", 0.0)
    _check_archive(path, name, settings)
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")  # openpyxl tells of styles it does not keep
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                return _read_book(book, name, settings, progress)
            finally:
                book.close()
    except (PersuadableError, MemoryError):
        raise
    except Exception as error:  # whatever openpyxl stumbles over in a damaged workbook is the file's fault
        raise DataError(
            f"'{name}' could not be read as an Excel workbook.", "Open it, save it as .xlsx, and try again."
        ) from error


def _check_archive(path: Path, name: str, settings: Settings) -> None:
    """Judge the ZIP directory before unpacking (zipfile unpacks no more than the directory says)."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            limit = TIMES_UNPACKED * settings.max_upload_bytes
            unpacked = sum(entry.file_size for entry in entries)
            bomb = any(
                entry.file_size > _SMALL and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1)
                for entry in entries
            )
            if unpacked > limit or bomb:
                raise TooLargeError(
                    f"'{name}' would unpack to {unpacked / 1e6:,.0f} MB "
                    f"from {path.stat().st_size / 1e6:,.1f} MB; it is not opened.",
                    f"Give the table as CSV or Parquet; at most {limit / 1e6:,.0f} MB are unpacked.",
                )
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if b"<!DOCTYPE" in part.read(4096):  # no workbook has one; it can hold an entity bomb
                            raise DataError(
                                f"'{name}' is not a workbook that can be trusted.", "Save it again."
                            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise DataError(
            f"'{name}' could not be read as an Excel workbook.", "Open it, save it as .xlsx, and try again."
        ) from error


def _read_book(book: Any, name: str, settings: Settings, progress: Progress) -> pd.DataFrame:
    header: list[str] = []
    columns: list[list[str | None]] = []
    read: list[str] = []
    left_out: list[str] = []
    size = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        expected = max((sheet.max_row or 0) - 1, 1)
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        rows = _rows(sheet)
        first = next(rows, None)
        if first is None:
            continue
        names = [(cell or "").strip() for cell in first]
        if not read:
            header = names
            columns = [[] for _ in names]
            check_columns(len(names), name)
        elif names != header:
            left_out.append(sheet.title)
            continue
        read.append(sheet.title)
        size = _append(rows, columns, expected, name, settings, progress, size)
    if not read:
        raise DataError(f"'{name}' is empty.", "Give a table with a header row and at least one row.")
    while header and not header[-1] and not any(columns[-1]):  # formatted, but empty, columns
        header.pop()
        columns.pop()
    for extra, column in enumerate(columns[len(header) :], start=1):
        if any(column):
            header.extend([""] * extra)
    columns = columns[: len(header)]
    check_header(header, name)
    if not columns[0]:
        raise DataError(f"'{name}' has a header but no rows.", "Give at least one row below the header.")
    frame = pd.DataFrame(
        {column: pd.Series(cells, dtype="str") for column, cells in zip(header, columns, strict=True)}
    )
    if len(read) > 1 or left_out:
        notice = f"Read: {_quoted(read)}." + (
            f" Not read, another header: {_quoted(left_out)}." if left_out else ""
        )
        frame.attrs["notices"] = [notice]
    progress("Reading the rows", 1.0)
    return frame


def _rows(sheet: Any) -> Iterator[list[str | None]]:
    """The sheet's rows as text, without the blank ones at its end; nothing for a blank sheet."""
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True)):
        if number >= _LAST_ROW:
            raise DataError(
                f"The sheet '{sheet.title}' has rows beyond {_LAST_ROW:,}, the last that Excel knows.",
                "Save the workbook again, or give the table as CSV.",
            )
        row = [_text(cell) for cell in cells]
        if any(cell is not None for cell in row):
            for _ in range(blank):
                yield []
            blank = 0
            yield row
        else:
            blank += 1


def _text(cell: object) -> str | None:
    text = cell_text(cell)
    return original(text) if text and isinstance(cell, str) else text or None


def _append(
    rows: Iterator[list[str | None]],
    columns: list[list[str | None]],
    expected: int,
    name: str,
    settings: Settings,
    progress: Progress,
    size: int,
) -> int:
    """Add the rows to the columns. size: bytes in memory so far; returns them with the rows."""
    for number, row in enumerate(rows):
        while len(row) > len(columns):  # wider than the header: a column without a name
            size += _CELL * len(columns[0])
            check_unpacked(size, settings, name)
            columns.append([None] * len(columns[0]))
        size += _CELL * len(columns) + sum(_TEXT + len(cell) for cell in row if cell)
        check_unpacked(size, settings, name)
        for position, column in enumerate(columns):
            column.append(row[position] if position < len(row) else None)
        if number % _STEP == 0:
            check_columns(len(columns), name)
            check_rows(len(columns[0]), settings, name)
            progress("Reading the rows", min(number / expected, 0.99))
    check_rows(len(columns[0]), settings, name)
    return size


def _quoted(titles: list[str]) -> str:
    return ", ".join(f"'{title}'" for title in titles)
