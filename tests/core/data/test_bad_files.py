"""Bad files get a clear error: what is wrong, where, and what to do; never a traceback of a library."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from core.data.readers import read_table
from core.errors import DataError, NotFoundError, TooLargeError
from core.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


BAD = {
    "empty.csv": (b"", "'empty.csv' is empty"),
    "blank.csv": (b"\xef\xbb\xbf\r\n ,,\n", "is empty"),
    "header.csv": (b"id,spend\n", "has a header but no rows"),
    "header2.csv": (b"id,spend", "has a header but no rows"),
    "rows of blanks.csv": (b"id,spend\n,\n\n", "has a header but no rows"),
    "image.csv": (PNG, "a PNG image"),
    "paper.csv": (PDF, "a PDF document"),
    "book.csv": (workbook(["id"], [1]), "a ZIP archive or an Excel workbook"),
    "page.csv": (b"<html><body>no table</body></html>", "a web page"),
    "excel.csv": ("id\tspend\n1\t2\n".encode("utf-16"), "UTF-16.*CSV UTF-8"),
    "nul.csv": (b"id,spend\n1,\x00\n", "NUL bytes"),
    "binary.csv": (b"id,spend\n1,\x81\xff\n", "neither UTF-8 nor Windows-1252"),
    "pipes.csv": (b"id|spend\n1|2\n", "not separated by a comma, a semicolon or a tab"),
    "twice.csv": (b"id,spend,id\n1,2,3\n", r"'id' names 2 columns: 1 \(A\), 3 \(C\)"),
    "unnamed.csv": (b"id,,x\n1,2,3\n", r"Column 2 \(B\) has no name"),
    "ragged.csv": (b"id,spend\n1,2\n\n3,4,5\n", "row 4: The row has 3 cells, the header has 2"),
    "quote.csv": (b'id,spend\n1,"2\n3,4\n', "row 2: A cell holds a line break.*not closed"),
    "damaged.csv.gz": (gzip.compress(b"id,spend\n1,2\n" * 1000)[:-20], "damaged"),
    "plain.csv.gz": (b"id,spend\n1,2\n", "not a gzip file"),
    "image.csv.gz": (gzip.compress(PNG), "a PNG image"),
    "image.xlsx": (PNG, "a PNG image"),
    "plain.xlsx": (b"id,spend\n1,2\n", "ending|ends with .xlsx"),
    "zip.xlsx": (zipped(a="<a/>"), "could not be read as an Excel workbook"),
    "cut.xlsx": (workbook(["id"], [1])[:-100], "could not be read as an Excel workbook"),
    "entity.xlsx": (zipped(a='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><a/>'), "not a workbook"),
    "empty.xlsx": (workbook(), "is empty"),
    "header.xlsx": (workbook(["id", "spend"]), "has a header but no rows"),
    "twice.xlsx": (workbook(["id", "id"], [1, 2]), "'id' names 2 columns"),
    "unnamed.xlsx": (workbook(["id", None, "x"], [1, 2, 3]), r"Column 2 \(B\) has no name"),
    "wider.xlsx": (workbook(["id"], [1, 2]), r"Column 2 \(B\) has no name"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0" + b"\0" * 100, r"old Excel workbook \(.xls\).*Save it as .xlsx"),
    "broken.parquet": (b"PAR1" + b"\0" * 100, "damaged"),
    "image.parquet": (PNG, "a PNG image"),
    "image.png": (PNG, r"Use one of \.csv, \.csv\.gz, \.xlsx, \.parquet"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_named_with_what_is_wrong(tmp_path, name):
    data, message = BAD[name]
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as error:
        read_table(path, name=name)
    assert error.value.fix or error.value.problems
    assert not isinstance(error.value, TooLargeError)


def test_every_ragged_row_is_counted_and_a_thousand_are_listed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n1\n" * 1500)
    with pytest.raises(DataError) as error:
        read_table(path)
    problems = error.value.problems
    assert [p.row for p in problems[:3]] == [3, 5, 7]
    assert len(problems) == 1001
    assert "500 more rows" in problems[-1].message


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NotFoundError, match=r"no file 'gone\.csv'"):
        read_table(tmp_path / "gone.csv")


def test_large_files_are_refused_before_they_are_read_with_the_limit_named(tmp_path):
    """Five gigabytes, as a sparse file: refused by its size."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"id,x\n")
        file.truncate(5 * 10**9)
    with pytest.raises(TooLargeError, match=r"at most 500 MB.*PERSUADABLE_MAX_UPLOAD_MB"):
        read_table(path, settings=Settings())


def test_a_gzip_bomb_is_unpacked_no_further_than_the_limit(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"id,x\n")
        for _ in range(20):
            file.write(b"0" * 10**6)
    with pytest.raises(TooLargeError, match="at most 5 MB"):
        read_table(path, settings=Settings(max_upload_mb=5))


@pytest.mark.parametrize("megabytes", [60, 300])
def test_a_zip_bomb_is_not_opened(tmp_path, megabytes):
    """60 MB of zeros by their ratio, 300 MB by their size; the directory tells, nothing is unpacked."""
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(megabytes):
            member.write(b"0" * 10**6)
    with pytest.raises(TooLargeError, match=f"would unpack to {megabytes} MB"):
        read_table(path, settings=Settings(max_upload_mb=50 if megabytes == 300 else 500))


def test_more_rows_than_accepted_are_refused_in_every_format(tmp_path):
    frame = pd.DataFrame({"a": range(20), "b": ['"'] * 20})
    limit = Settings(max_rows=10)
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame[["a"]].to_csv(tmp_path / "unquoted.csv", index=False)
    frame.to_csv(tmp_path / "t.csv.gz", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    (tmp_path / "t.xlsx").write_bytes(workbook(["a"], *([i] for i in range(20))))
    for path in tmp_path.iterdir():
        with pytest.raises(TooLargeError, match=r"more than 10 rows.*PERSUADABLE_MAX_ROWS"):
            read_table(path, settings=limit)


def test_messages_never_hold_more_than_forty_characters_of_a_cell(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"{'x' * 300},{'x' * 300}\n1,2\n")
    with pytest.raises(DataError) as error:
        read_table(path)
    assert "x" * 41 not in str(error.value)
