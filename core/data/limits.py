"""How much of a file is accepted, each refusal naming its limit and the setting that raises it."""

from __future__ import annotations

from core.errors import TooLargeError
from core.settings import Settings

MAX_COLUMNS = 16_384  # what a spreadsheet can hold
TIMES_UNPACKED = 4  # a packed file may unpack to this many times the upload limit


def check_bytes(size: int, settings: Settings, name: str, what: str = "It") -> None:
    """Raise TooLargeError where `size` is over the largest accepted upload."""
    if size > settings.max_upload_bytes:
        raise TooLargeError(
            f"'{name}' is too large. {what} may have at most {settings.max_upload_mb:,} MB.",
            "Split the file, or raise PERSUADABLE_MAX_UPLOAD_MB.",
        )


def check_unpacked(size: int, settings: Settings, name: str) -> None:
    """Raise TooLargeError where a packed file would need more memory than TIMES_UNPACKED uploads have."""
    limit = TIMES_UNPACKED * settings.max_upload_mb
    if size > limit * 1_000_000:
        raise TooLargeError(
            f"'{name}' would unpack to more than {limit:,} MB, {TIMES_UNPACKED} times the largest accepted "
            "upload; it is not read.",
            "Keep the columns that are needed, split the file, or raise PERSUADABLE_MAX_UPLOAD_MB.",
        )


def check_rows(rows: int, settings: Settings, name: str) -> None:
    """Raise TooLargeError where a table has more than the largest accepted number of rows."""
    if rows > settings.max_rows:
        raise TooLargeError(
            f"'{name}' has more than {settings.max_rows:,} rows, the most that are accepted.",
            "Split the file, or raise PERSUADABLE_MAX_ROWS.",
        )


def check_columns(columns: int, name: str) -> None:
    """Raise TooLargeError where a table has more columns than a spreadsheet can hold."""
    if columns > MAX_COLUMNS:
        raise TooLargeError(
            f"'{name}' has {columns:,} columns; at most {MAX_COLUMNS:,} are accepted.",
            "Keep the columns that the model needs.",
        )
