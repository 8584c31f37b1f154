"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from core.errors import DataError

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a word-processor document"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
)
_WANTED = {
    ".csv": None,
    ".csv.gz": "a gzip file",
    ".xlsx": "a ZIP archive or an Excel workbook",
    ".parquet": "a Parquet file",
}
_FIX = {
    "UTF-16 text": "Save it as 'CSV UTF-8'.",
    "an old Excel workbook (.xls)": "Save it as .xlsx or as CSV.",
    "a gzip file": "If it is a compressed CSV file, give its name the ending .csv.gz.",
    "a ZIP archive or an Excel workbook": "If it is a workbook, give its name the ending .xlsx.",
    "a Parquet file": "Give its name the ending .parquet.",
}


def identify(head: bytes) -> str | None:
    """What the first bytes say the file is; None for what may be plain text."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        return "a web page or XML"
    return None


def expect(head: bytes, ending: str, name: str) -> None:
    """Raise DataError unless the first bytes fit the ending of the file's name."""
    found, wanted = identify(head), _WANTED[ending]
    if found == wanted:
        return
    saying = f"it is {found}" if found else f"it is not {wanted}"
    fix = _FIX.get(found or "", "Give a table: CSV, XLSX or Parquet.")
    raise DataError(
        f"'{name}' is not a table that can be read: its name ends with {ending}, but {saying}.", fix
    )
