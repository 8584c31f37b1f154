"""The one way in for tables: by the ending of the name, within the limits of the settings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.data.csv_reader import read_csv, uncompressed
from core.data.header import check_header
from core.data.limits import check_bytes, check_columns, check_rows
from core.data.signature import expect
from core.data.writers import ENDINGS, csv_bytes, ending, write_table
from core.data.xlsx_reader import read_xlsx
from core.errors import DataError, NotFoundError
from core.progress import Progress, part, silent
from core.settings import Settings

__all__ = ["ENDINGS", "csv_bytes", "ending", "read_table", "write_table"]


def read_table(
    path: Path, *, name: str | None = None, settings: Settings | None = None, progress: Progress = silent
) -> pd.DataFrame:
    """Read a table by the ending of `name`, or of `path`: .csv, .csv.gz, .xlsx or .parquet.

    Returns a frame with at least one row and an index 0, 1, 2 …. CSV and XLSX: every column is text, missing
    cells are NA (see read_csv, read_xlsx); Parquet keeps its types. `name` is what messages call the file.
    Raises NotFoundError where there is no file; TooLargeError over PERSUADABLE_MAX_UPLOAD_MB (packed and
    unpacked) or PERSUADABLE_MAX_ROWS; DataError for what is empty, not a table, or broken in header or rows.
    """
    settings = settings or Settings.from_environment()
    name = name or path.name
    kind = ending(name)
    if not path.is_file():
        raise NotFoundError(f"There is no file '{name}'.", "Check the path.")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"'{name}' is empty.", "Give a table with a header row and at least one row.")
    check_bytes(size, settings, name)
    if kind == ".csv":
        return read_csv(path, name, settings, progress)
    with path.open("rb") as file:
        expect(file.read(64), kind, name)
    if kind == ".csv.gz":
        progress("Unpacking the file", 0.0)
        with uncompressed(path, name, settings) as plain:
            return read_csv(plain, name, settings, part(progress, 0.2, 1.0))
    if kind == ".xlsx":
        return read_xlsx(path, name, settings, progress)
    return _read_parquet(path, name, settings, progress)


def _read_parquet(path: Path, name: str, settings: Settings, progress: Progress) -> pd.DataFrame:
    progress("Reading the rows", 0.0)
    try:
        with pq.ParquetFile(path) as file:
            check_rows(file.metadata.num_rows, settings, name)
            check_columns(file.metadata.num_columns, name)
            unpacked = sum(
                file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups)
            )
            check_bytes(unpacked, settings, name, "Unpacked it", times=4)
            table = file.read()
        check_header([str(column).strip() for column in table.column_names], name)
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError) as error:
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
