"""The one way in for tables: by the ending of the name, within the limits of the settings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.data.csv_reader import read_csv, uncompressed
from core.data.limits import check_bytes
from core.data.parquet_reader import read_parquet
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
    return read_parquet(path, name, settings, progress)
