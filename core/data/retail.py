"""UCI Online Retail II (Chen, D. (2012), DOI 10.24432/C5CG6D, CC BY 4.0): both sheets as one table."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.cells import cell_text
from core.errors import NotAvailableError
from core.files import replacing
from core.progress import Progress, silent

COLUMNS = (
    "Invoice",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "Price",
    "Customer ID",
    "Country",
)
ROWS = 1_067_371
_CHECKS = {"with a customer": 824_364, "cancelled": 19_494, "negative quantity": 22_950, "price ≤ 0": 6_207}
_BATCH = 50_000  # rows kept in memory
_SCHEMA = pa.schema(
    [
        ("sheet", pa.large_string()),
        ("Invoice", pa.large_string()),
        ("StockCode", pa.large_string()),
        ("Description", pa.large_string()),
        ("Quantity", pa.int64()),
        ("InvoiceDate", pa.timestamp("ms")),
        ("Price", pa.float64()),
        ("Customer ID", pa.int64()),
        ("Country", pa.large_string()),
    ]
)
COLUMNS = tuple(_SCHEMA.names[1:])  # the header of both sheets


def check(path: Path) -> None:
    """Raise NotAvailableError unless a Parquet file holds the published lines (counts of facts, not bytes:
    the source publishes no hash)."""
    try:
        table = pq.read_table(path, columns=["Invoice", "Quantity", "Price", "Customer ID"])
    except (pa.ArrowException, OSError) as error:
        raise NotAvailableError("The file is not Online Retail II in Parquet.") from error
    counts = {
        "with a customer": table.num_rows - table["Customer ID"].null_count,
        "cancelled": pc.sum(pc.starts_with(table["Invoice"], "C")).as_py(),
        "negative quantity": pc.sum(pc.less(table["Quantity"], 0)).as_py(),
        "price ≤ 0": pc.sum(pc.less_equal(table["Price"], 0)).as_py(),
    }
    if table.num_rows != ROWS or counts != _CHECKS:
        raise NotAvailableError("The file does not hold the lines of Online Retail II as published.")


def convert(archive: Path, path: Path, progress: Progress = silent) -> None:
    """The published ZIP (a workbook of two sheets inside) as one Parquet file with the column `sheet`.

    Takes some minutes: a million rows of XML. Raises NotAvailableError where the ZIP is not what it was.
    """
    try:
        with zipfile.ZipFile(archive) as packed, tempfile.TemporaryDirectory() as folder:
            member = next(name for name in packed.namelist() if name.lower().endswith(".xlsx"))
            workbook = Path(folder) / "retail.xlsx"
            with packed.open(member) as source, workbook.open("wb") as target:
                shutil.copyfileobj(source, target)
            with replacing(path) as beside, io.FileIO(workbook) as file:
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
                with pq.ParquetWriter(beside, _SCHEMA, compression="zstd") as writer:
                    done = 0
                    for sheet in book.worksheets:
                        done = _convert_sheet(sheet, writer, done, progress)
                book.close()
    except (zipfile.BadZipFile, StopIteration, KeyError, ValueError, pa.ArrowException) as error:
        raise NotAvailableError("The download is not Online Retail II as published.") from error


def _convert_sheet(sheet: Any, writer: pq.ParquetWriter, done: int, progress: Progress) -> int:
    rows = sheet.iter_rows(values_only=True)
    header = tuple(str(cell) for cell in next(rows))[: len(COLUMNS)]
    if header != COLUMNS:
        raise ValueError("another header")
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append((sheet.title.removeprefix("Year "), *row[: len(COLUMNS)]))
        if len(batch) == _BATCH:
            writer.write_table(_batch(batch))
            done += len(batch)
            progress("Reading the workbook", min(done / ROWS, 1.0))
            batch = []
    writer.write_table(_batch(batch))
    return done + len(batch)


def _batch(rows: list[tuple[Any, ...]]) -> pa.Table:
    frame = pd.DataFrame(rows, columns=_SCHEMA.names, dtype=object)
    arrays = []
    for field in _SCHEMA:
        cells = frame[field.name].tolist()
        if pa.types.is_large_string(field.type):
            cells = [cell_text(cell) for cell in cells]  # invoices and stock codes are partly numbers
        arrays.append(pa.array(cells, field.type, from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)
