"""What is written is read back, in every format."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.readers import csv_bytes, ending, read_table, write_table
from core.errors import DataError

# NUL is refused in text files, lone surrogates are not text, blanks around a column's name are dropped.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NAME = TEXT.map(str.strip).filter(lambda name: bool(name) and not set("|^~").intersection(name))


@st.composite
def text_frames(draw: st.DrawFn) -> pd.DataFrame:
    names = draw(st.lists(NAME, min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(1, 6))
    cells = st.lists(st.none() | TEXT.filter(bool), min_size=rows, max_size=rows)
    frame = pd.DataFrame({name: pd.Series(draw(cells), dtype="str") for name in names})
    frame.iloc[-1, 0] = "last"  # blank rows at the end are dropped
    return frame


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text_frames())
def test_text_survives_csv(tmp_path, frame):
    path = tmp_path / "t.csv"
    write_table(frame, path)
    read = read_table(path)
    read.attrs = {}
    pd.testing.assert_frame_equal(read, frame)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_floats_survive_csv_exactly(tmp_path, numbers):
    """Oracle: Python's own float() of the text in the file."""
    path = tmp_path / "t.csv"
    write_table(pd.DataFrame({"x": numbers}), path)
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    assert [float(line) for line in lines] == numbers


def test_cells_have_one_text_form(tmp_path):
    frame = pd.DataFrame(
        {
            "float": [1.0, 0.1, np.nan, -0.0],
            "int": [1, -2, 3, 10**18],
            "bool": [True, False, True, True],
            "date": pd.to_datetime(["2024-01-31", None, "2024-02-01", "2024-02-02"]),
            "time": pd.to_datetime(["2024-01-31 10:15", "2024-01-31", None, None], format="mixed"),
            "kind": pd.Series(["a", "b", None, "a"], dtype="category"),
            "mixed": pd.Series([1, "x", None, 2.5], dtype=object),
            "maybe": pd.array([1, None, 3, 4], dtype="Int64"),
        }
    )
    assert b"".join(csv_bytes(frame)).decode() == (
        "float,int,bool,date,time,kind,mixed,maybe\n"
        "1,1,True,2024-01-31,2024-01-31 10:15:00,a,1,1\n"
        "0.1,-2,False,,2024-01-31 00:00:00,b,x,\n"
        ",3,True,2024-02-01,,,,3\n"
        "0,1000000000000000000,True,2024-02-02,,a,2.5,4\n"
    )


def test_long_tables_are_written_in_pieces_with_the_same_text(tmp_path):
    """Oracle: Python's own formatting of integers; the times are all midnight but one in the last piece."""
    n = 150_000
    days = pd.Series(pd.date_range("2000-01-01", periods=1).repeat(n)).reset_index(drop=True)
    days.iloc[-1] = pd.Timestamp("2000-01-01 12:00")
    pieces = list(csv_bytes(pd.DataFrame({"a": np.arange(n), "d": days})))
    assert len(pieces) == 4
    assert b"".join(pieces).splitlines()[1:] == [
        f"{i},2000-01-01 {'12' if i == n - 1 else '00'}:00:00".encode() for i in range(n)
    ]


def test_compressed_csv_is_the_same_bytes_every_time(tmp_path):
    frame = pd.DataFrame({"id": ["007", "ä,b"], "x": [1.5, 2.0]})
    write_table(frame, tmp_path / "a.csv.gz")
    write_table(frame, tmp_path / "b.csv.gz")
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()) == b"".join(csv_bytes(frame))
    assert read_table(tmp_path / "a.csv.gz")["id"].tolist() == ["007", "ä,b"]


def test_parquet_keeps_types_and_attributes(tmp_path):
    frame = pd.DataFrame({"id": ["007", "=1"], "x": [1.5, np.nan], "d": pd.to_datetime(["2024-01-31", None])})
    frame.attrs["decimal"] = ","
    write_table(frame, tmp_path / "t.parquet")
    read = read_table(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(read, frame)
    assert read.attrs == {"decimal": ","}


def test_a_named_pandas_index_in_parquet_is_a_column(tmp_path):
    frame = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.Index(["a", "b"], name="customer_id"))
    frame.to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").columns.tolist() == ["customer_id", "x"]


def test_workbooks_keep_ids_as_text_and_give_numbers_and_dates_as_csv_does(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["007", "=1+1", None],
            "x": [1.0, 0.25, np.nan],
            "n": [1, 2, 10**17],
            "d": pd.to_datetime(["2024-01-31", "2024-02-01 10:15", None], format="mixed"),
            "b": [True, False, True],
        }
    )
    write_table(frame, tmp_path / "t.xlsx")
    read = read_table(tmp_path / "t.xlsx")
    assert (read.dtypes == "str").all()
    assert read.fillna("-").to_numpy().tolist() == [
        ["007", "1", "1", "2024-01-31", "True"],
        ["=1+1", "0.25", "2", "2024-02-01 10:15:00", "False"],
        ["-", "-", str(10**17), "-", "True"],
    ]
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert (sheet["A3"].data_type, sheet["A3"].value, sheet["A2"].value) == ("s", "'=1+1", "007")


def test_columns_of_numbers_are_numbers_in_a_workbook_and_codes_stay_text(tmp_path):
    """Of a CSV every column is text; a spreadsheet must add what can be added, and keep 01067 as it is."""
    frame = pd.DataFrame(
        {
            "age": ["19", "-3", None],
            "history": ["11.12", "55.40", "n/a"],
            "chance": ["3.7e-10", "1", "0.25"],
            "plz": ["01067", "80331", "50667"],
            "Kundennummer": ["4", "5", "6"],
            "card": ["1234567890123456", "1", "2"],
            "phone": ["+4917", "+4918", "+4919"],
            "code": ["12E5", "13E5", "14E5"],
            "formula": ["=1+1", "2", "3"],
        },
        dtype="str",
    )
    write_table(frame, tmp_path / "t.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows(min_row=2, values_only=True))
    first, second = rows[0], rows[1]
    assert first[:3] == (19, 11.12, 3.7e-10) and second[:3] == (-3, 55.4, 1)
    assert rows[2][:3] == (None, "n/a", 0.25)
    assert first[3:8] == ("01067", "4", "1234567890123456", "+4917", "12E5") and first[8] == "'=1+1"
    assert second[8] == "2"


def test_long_tables_go_on_in_further_sheets_and_are_read_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr("core.data.writers.SHEET_ROWS", 2)
    frame = pd.DataFrame({"id": list("abcde")})
    write_table(frame, tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["Sheet1", "Sheet2", "Sheet3"]
    read = read_table(tmp_path / "t.xlsx")
    assert read["id"].tolist() == list("abcde")
    assert "Sheet3" in read.attrs["notices"][0]


def test_sheets_of_another_table_are_left_out_and_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "when", "amount"])
    book.active.append(["1", datetime(2024, 1, 31), 3.0])
    book.active.append([None, None, None])
    notes = book.create_sheet("Notes")
    notes.append(["something else"])
    book.save(tmp_path / "t.xlsx")
    read = read_table(tmp_path / "t.xlsx")
    assert read.to_numpy().tolist() == [["1", "2024-01-31", "3"]]
    assert "'Notes'" in read.attrs["notices"][0]


def test_a_text_too_long_for_a_cell_is_refused_not_cut(tmp_path):
    with pytest.raises(DataError, match=r"40,000 characters.*\.csv"):
        write_table(pd.DataFrame({"x": ["a" * 40_000]}), tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_unknown_ending_is_refused_with_the_known_ones(tmp_path):
    for act in (lambda: ending("t.pdf"), lambda: write_table(pd.DataFrame({"a": [1]}), tmp_path / "t.txt")):
        with pytest.raises(DataError, match=r"\.csv, \.csv\.gz, \.xlsx, \.parquet"):
            act()


def test_hillstrom_passes_through_byte_for_byte(hillstrom_csv: Path, tmp_path):
    """The published file, but for its CRLF, is what writing its own table gives: no cell changes."""
    frame = read_table(hillstrom_csv)
    assert frame.shape == (64_000, 12)
    assert (frame.dtypes == "str").all()
    write_table(frame, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == hillstrom_csv.read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_formula_like_column_names_come_back_as_they_were(tmp_path, kind):
    frame = pd.DataFrame({"=a": ["x"], "'=a": ["y"], "-1": ["z"]}, dtype="str")
    write_table(frame, tmp_path / f"t{kind}")
    assert read_table(tmp_path / f"t{kind}").columns.tolist() == ["=a", "'=a", "-1"]
