"""How a CSV file is written: encoding, separator, header; found by looking at its bytes."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.data.limits import check_rows
from core.data.signature import expect
from core.errors import DataError
from core.settings import Settings

SEPARATORS = ("\t", ";", ",")  # of equals the first is taken: a comma also stands inside decimal numbers
_FOREIGN_SEPARATORS = "|^~"
_CHUNK = 1 << 22
_SAMPLE = 1 << 20
_SAMPLE_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """encoding: "utf-8" (with or without BOM) or "cp1252". header: names without surrounding blanks.

    quotes: how many quotation marks there are; a well-formed file has an even number.
    """

    encoding: str
    separator: str
    header: tuple[str, ...]
    quotes: int


def find_dialect(path: Path, name: str, settings: Settings) -> Dialect:
    """Read the file once, in pieces, and say how it is written.

    Raises DataError for what is empty, not text, or separated by something other than a comma, a semicolon
    or a tab; TooLargeError for more lines than rows are accepted (where no cell can hold a line break).
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, quotes, lines, sample, blank = True, 0, 0, b"", True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if not sample:
                expect(chunk[:64], ".csv", name)
                sample = chunk[:_SAMPLE]
            if b"\0" in chunk:
                raise DataError(
                    f"'{name}' is not a text file: it holds NUL bytes.", "Save the table as 'CSV UTF-8'."
                )
            quotes += chunk.count(b'"')
            blank = blank and not chunk.strip(b"\xef\xbb\xbf \t\r\n,;")
            lines += chunk.count(b"\n")
            if not quotes:
                check_rows(lines - 1, settings, name)
            if utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
        if utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                utf8 = False
        if blank:
            raise DataError(f"'{name}' is empty.", "Give a table with a header row and at least one row.")
        if not utf8:
            _check_windows_1252(path, name)
    encoding = "utf-8" if utf8 else "cp1252"
    text = sample.decode("utf-8-sig" if utf8 else encoding, errors="ignore")
    separator, header = _separator(text, whole=len(sample) < _SAMPLE, name=name)
    return Dialect(encoding, separator, header, quotes)


def _check_windows_1252(path: Path, name: str) -> None:
    undefined = b"\x81\x8d\x8f\x90\x9d"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if len(chunk.translate(None, undefined)) != len(chunk):
                raise DataError(
                    f"'{name}' is neither UTF-8 nor Windows-1252 text.", "Save the table as 'CSV UTF-8'."
                )


def _separator(text: str, whole: bool, name: str) -> tuple[str, tuple[str, ...]]:
    """The separator by which most of the first records are as wide as the header; then the widest."""
    best: tuple[tuple[float, int], str, list[str]] | None = None
    for separator in SEPARATORS:
        try:
            records = list(
                islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _SAMPLE_RECORDS + 1)
            )
        except csv.Error:
            continue
        if not whole and len(records) <= _SAMPLE_RECORDS:
            records = records[:-1]  # cut off in the middle
        if not records:
            continue
        width = len(records[0])
        body = [record for record in records[1:] if record]
        if whole and not body:
            raise DataError(f"'{name}' has a header but no rows.", "Give at least one row below the header.")
        fitting = sum(len(record) == width for record in body) / len(body) if body else 1.0
        rank = (fitting if width > 1 else 0.0, width)
        if best is None or rank > best[0]:
            best = (rank, separator, records[0])
    if best is None:
        raise DataError(
            f"The first rows of '{name}' could not be read.",
            "Perhaps a quotation mark is opened and not closed.",
        )
    header = tuple(column.strip() for column in best[2])
    if len(header) == 1 and any(mark in header[0] for mark in _FOREIGN_SEPARATORS):
        raise DataError(
            f"The columns of '{name}' are not separated by a comma, a semicolon or a tab.",
            "Save the table as CSV with one of these separators.",
        )
    return best[1], header
