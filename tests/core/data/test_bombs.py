"""Small files that stand for large tables are refused before they are unpacked, with the limit named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_bad_files import workbook

from core.data.parquet_pages import pages
from core.data.readers import read_table
from core.errors import DataError, TooLargeError
from core.settings import Settings

NAMES = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)


def test_a_parquet_file_that_holds_more_text_than_the_limit_is_not_unpacked(tmp_path):
    """A dictionary holds each value once: 100,000 rows of 1,000 characters lie in a few kilobytes."""
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"id": range(100_000), "x": ["x" * 1000] * 100_000}), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TooLargeError, match=r"more than 80 MB.*PERSUADABLE_MAX_UPLOAD_MB"):
        read_table(path, settings=Settings(max_upload_mb=20))
    assert len(read_table(path, settings=Settings(max_upload_mb=30))) == 100_000


def test_a_parquet_file_is_judged_by_rows_times_columns_before_it_is_opened(tmp_path):
    """200 columns x 60,000 rows x 8 bytes are 96 MB, packed to almost nothing."""
    path = tmp_path / "wide.parquet"
    nothing = pa.array(np.zeros(60_000))
    pq.write_table(pa.table({f"c{k}": nothing for k in range(200)}), path)
    with pytest.raises(TooLargeError, match="more than 80 MB"):
        read_table(path, settings=Settings(max_upload_mb=20))


def test_a_parquet_footer_that_lies_about_its_pages_is_found_out(tmp_path):
    """60 MB of zeros in one page, said in the footer to be a few bytes."""
    path = tmp_path / "liar.parquet"
    table = pa.table({"x": [b"\0" * 60_000_000]})
    pq.write_table(table, path, compression="zstd", use_dictionary=False, write_statistics=False)
    true = pq.read_metadata(path).row_group(0)
    assert sum(page.unpacked for page in pages(path, pq.read_metadata(path))) > 60_000_000
    content, claim = path.read_bytes(), varint(2 * true.total_byte_size)
    assert content.count(claim) == 2  # of the column and of the row group
    path.write_bytes(content.replace(claim, b"\x82\x80\x80\x00"))  # 1, written as long
    assert pq.read_metadata(path).row_group(0).column(0).total_uncompressed_size == 1
    with pytest.raises(TooLargeError, match="more than 40 MB"):
        read_table(path, settings=Settings(max_upload_mb=10))


def varint(number: int) -> bytes:
    """As Thrift's compact protocol writes a number."""
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def test_a_parquet_column_of_lists_is_named(tmp_path):
    path = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"id": [1, 2], "tags": [["a"], ["b", "c"]]}), path)
    with pytest.raises(DataError) as refused:
        read_table(path)
    assert "column 'tags': The cells hold lists" in str(refused.value.problems[0])


@pytest.mark.parametrize(
    "columns",
    [
        {"a": ["x", None, "yé"] * 5_000, "b": range(15_000)},
        {"a": pd.Categorical(["x", "y", "z"] * 5_000), "b": pd.date_range("1990-01-01", periods=15_000)},
        {"a.b": ["x"] * 3, "a": ["y"] * 3, "c": [True, False, None]},
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        {},
        {"use_dictionary": False, "column_encoding": "PLAIN"},
        {"version": "1.0", "use_dictionary": False},
    ],
)
def test_honest_parquet_files_are_read_whatever_their_pages(tmp_path, columns, written):
    frame = pd.DataFrame(columns)
    path = tmp_path / "t.parquet"
    frame.to_parquet(path, data_page_size=2_000, compression="gzip", **written)
    pd.testing.assert_frame_equal(read_table(path), frame)


def test_prefixed_text_in_parquet_is_counted_in_small_parts(tmp_path):
    """DELTA_BYTE_ARRAY, as Spark writes it: every value repeats the one before, 5,000 x 20,000 bytes."""
    path = tmp_path / "prefixed.parquet"
    table = pa.table({"x": [f"{'y' * 20_000}{k % 10}" for k in range(5_000)]})
    encoding = {"x": "DELTA_BYTE_ARRAY"}
    pq.write_table(table, path, use_dictionary=False, column_encoding=encoding, write_statistics=False)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TooLargeError, match="more than 80 MB"):
        read_table(path, settings=Settings(max_upload_mb=20))


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_honest_text_in_deltas_is_read(tmp_path, encoding):
    frame = pd.DataFrame({"a": [f"customer {k}" for k in range(5_000)], "b": ["x", "y"] * 2_500})
    path = tmp_path / "t.parquet"
    frame.to_parquet(path, use_dictionary=["b"], column_encoding={"a": encoding}, data_page_size=2_000)
    pd.testing.assert_frame_equal(read_table(path), frame)


def test_a_workbook_is_judged_by_what_its_cells_take_in_memory(tmp_path):
    """A shared text is written once and named by every cell: 2,000 x 30,000 characters are 60 MB."""
    path = tmp_path / "shared.xlsx"
    row = b'<row><c t="s"><v>0</v></c></row>'
    text = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    rewritten(
        path,
        {
            "xl/sharedStrings.xml": text.replace(b"<sst>", b"<sst xmlns='%s'>" % NAMES),
            "xl/worksheets/sheet1.xml": b"<worksheet xmlns='%s'><sheetData>%s</sheetData></worksheet>"
            % (NAMES, row * 2_000),
        },
    )
    with pytest.raises(TooLargeError, match="more than 40 MB"):
        read_table(path, settings=Settings(max_upload_mb=10))


def test_a_workbook_with_a_row_beyond_excels_last_is_refused_at_once(tmp_path):
    path = tmp_path / "far.xlsx"
    rows = b'<row><c t="n"><v>1</v></c></row><row r="900000000"><c t="n"><v>1</v></c></row>'
    rewritten(
        path,
        {
            "xl/worksheets/sheet1.xml": b"<worksheet xmlns='%s'><sheetData>%s</sheetData></worksheet>"
            % (NAMES, rows)
        },
    )
    with pytest.raises(DataError, match="rows beyond 1,048,576"):
        read_table(path)


def rewritten(path: Path, parts: dict[str, bytes]) -> None:
    """A workbook with some of its parts written by hand."""
    with zipfile.ZipFile(io.BytesIO(workbook(["a"], [1]))) as old, zipfile.ZipFile(path, "w") as new:
        for entry in {*old.namelist(), *parts}:
            text = parts.get(entry) or old.read(entry)
            new.writestr(
                entry,
                text.replace(b"</Types>", (SHARED if "xl/sharedStrings.xml" in parts else b"") + b"</Types>"),
            )
