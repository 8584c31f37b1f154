"""Parquet files as tables, judged by what they would unpack to before they are unpacked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.header import check_header
from core.data.limits import check_columns, check_rows, check_unpacked
from core.data.parquet_pages import pages
from core.data.problems import refuse
from core.errors import DataError, Problem
from core.progress import Progress
from core.settings import Settings

_BATCH = 65_536  # rows looked at together
_AT_ONCE = 100_000_000  # bytes that a batch of text in deltas may unpack to
_CELL = 8  # bytes of a number in memory
_OBJECT = 120  # of a value that becomes a Python object: decimals, dates, times


def read_parquet(path: Path, name: str, settings: Settings, progress: Progress) -> pd.DataFrame:
    """Read the file with its types. Raises TooLargeError and DataError as `readers.read_table` says.

    A small file can stand for any amount of text (a dictionary holds each value once), so the rows, the pages
    and the text are counted first, and nothing of it is unpacked into a table beyond the limit.
    """
    progress("Looking at the file", 0.0)
    try:
        with pq.ParquetFile(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
            check_rows(metadata.num_rows, settings, name)
            check_columns(metadata.num_columns, name)
            check_header([str(column).strip() for column in schema.names], name)
            _check_flat(schema)
            _check_size(path, metadata, schema, name, settings)
            progress("Reading the rows", 0.3)
            frame: pd.DataFrame = file.read().to_pandas()
    except MemoryError:  # pyarrow's own is an ArrowException too
        raise
    except (pa.ArrowException, OSError, ValueError, IndexError, KeyError, TypeError) as error:
        raise DataError(
            f"'{name}' is damaged: it could not be read as Parquet.", "Write it again."
        ) from error
    named = any(level is not None for level in frame.index.names)
    frame = frame.reset_index(drop=not named)  # a pandas index with a name is a column
    if frame.empty:
        raise DataError(f"'{name}' has columns but no rows.", "Give at least one row.")
    frame.columns = frame.columns.astype(str)
    progress("Reading the rows", 1.0)
    return frame


def _check_flat(schema: pa.Schema) -> None:
    """A list in a cell has no place in a table, and could hold any number of values."""
    fix = "Write one value a cell, or leave the column out."
    refuse(
        [
            Problem("The cells hold lists or records.", fix, column=field.name)
            for field in schema
            if pa.types.is_nested(field.type)
        ]
    )


def _check_size(
    path: Path, metadata: pq.FileMetaData, schema: pa.Schema, name: str, settings: Settings
) -> None:
    rows = metadata.num_rows
    size = rows * sum(_cell_bytes(field.type) for field in schema)
    check_unpacked(size, settings, name)
    packed, largest, deltas = 0, 1, set()
    for page in pages(path, metadata):
        if page.values > rows:
            raise ValueError("a page has more rows than the file")
        packed, largest = packed + page.unpacked, max(largest, page.unpacked)
        check_unpacked(packed, settings, name)
        if page.deltas:
            deltas.add(schema.names[page.column])
    texts = [field.name for field in schema if _is_text(field.type)]
    if texts:
        batch = max(min(_BATCH, _AT_ONCE // (largest * len(texts))), 16) if deltas else _BATCH
        # Arrow cannot read text in deltas as a dictionary, so it is unpacked in small parts.
        as_dictionary = [text for text in texts if text not in deltas]
        with pq.ParquetFile(path, read_dictionary=as_dictionary) as file:
            for part in file.iter_batches(batch_size=batch, columns=texts, use_threads=False):
                size += sum(_text_bytes(column) for column in part.columns)
                check_unpacked(size, settings, name)


def _cell_bytes(kind: pa.DataType) -> int:
    if pa.types.is_fixed_size_binary(kind):
        return _CELL + int(kind.byte_width)
    return _OBJECT if pa.types.is_decimal(kind) or pa.types.is_date(kind) or pa.types.is_time(kind) else _CELL


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _text_bytes(column: pa.Array) -> int:
    """Bytes of a column's text once every cell holds its own."""
    if not pa.types.is_dictionary(column.type):
        return int(pc.sum(pc.binary_length(column)).as_py() or 0)
    lengths = pc.cast(pc.binary_length(column.dictionary), pa.int64())
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)
