"""CSV in the ways spreadsheets of Europe and America write it."""

from __future__ import annotations

import pytest

from core.data import columns
from core.data.readers import read_table

ROWS = [["id", "name", "spend"], ["007", "Müller", "1.5"], ["008", "Ön, Åse; AB", ""]]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_separators_and_line_ends_are_found(tmp_path, encoding, separator, newline):
    text = newline.join(separator.join(f'"{cell}"' if cell else "" for cell in row) for row in ROWS) + newline
    frame = read_table(write(tmp_path / "t.csv", text, encoding))
    assert frame.columns.tolist() == ROWS[0]
    assert frame["name"].tolist() == ["Müller", "Ön, Åse; AB"]
    assert frame["id"].tolist() == ["007", "008"]
    assert frame["spend"].isna().tolist() == [False, True]


def test_decimal_commas_are_read_where_the_separator_is_a_semicolon(tmp_path):
    path = write(tmp_path / "t.csv", "id;x;y\n1;1,5;1.234\n2;-1.234,56;12.345\n")
    frame = read_table(path)
    assert frame["x"].tolist() == ["1,5", "-1.234,56"]  # as it stands, to pass through
    assert columns.numeric(frame, "x")[0].tolist() == [1.5, -1234.56]
    assert columns.numeric(frame, "y")[0].tolist() == [1234.0, 12345.0]


def test_decimal_points_stay_points_in_a_semicolon_file(tmp_path):
    """The UCI bank marketing file is written so: semicolons, and 93.994 is ninety-four."""
    frame = read_table(write(tmp_path / "t.csv", "id;x\n1;93.994\n2;92.201\n"))
    assert columns.numeric(frame, "x")[0].tolist() == [93.994, 92.201]


def test_headers_may_hold_the_other_separator(tmp_path):
    frame = read_table(write(tmp_path / "t.csv", "Umsatz, EUR;Name\n1,5;x\n2,5;y\n"))
    assert frame.columns.tolist() == ["Umsatz, EUR", "Name"]


def test_quoted_line_breaks_belong_to_the_cell(tmp_path):
    frame = read_table(write(tmp_path / "t.csv", 'id,"no\nte"\n1,"a\nb"\n2,"say ""x"""\n'))
    assert frame.columns.tolist() == ["id", "no\nte"]
    assert frame["no\nte"].tolist() == ["a\nb", 'say "x"']


def test_blank_lines_keep_the_row_numbers_of_the_spreadsheet(tmp_path):
    frame = read_table(write(tmp_path / "t.csv", "id,x\n1,a\n\n3,oops\n\n,\n\n"))
    assert len(frame) == 3
    _, problems = columns.numeric(frame, "x")
    assert [p.row for p in problems] == [2, 4]
    assert [p.row for p in columns.ids(frame, "id")[1]] == [3]


def test_a_single_column_is_a_table(tmp_path):
    assert read_table(write(tmp_path / "t.csv", "id\n1\n2"))["id"].tolist() == ["1", "2"]


def test_text_beyond_the_first_piece_decides_the_encoding(tmp_path):
    """A Windows-1252 letter after five megabytes of ASCII."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,x\n" + b"1,abcdefgh\n" * 500_000 + "2,ü\n".encode("cp1252"))
    assert read_table(path)["x"].iloc[-1] == "ü"
