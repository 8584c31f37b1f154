"""The contact list as a file to take away, made once and kept for whoever asks again."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from core.advice.formats import count
from core.contact_rows import ContactRows
from core.data.writers import write_table
from core.errors import TooLargeError
from core.keeping import founded
from core.settings import Settings

FileKind = Literal["xlsx", "parquet"]
MOST_IN_EXCEL = 100_000
"""Contacts: more take minutes to write as a workbook, which is work for the pack and not for a click."""


def list_file(rows: ContactRows, kind: FileKind, settings: Settings) -> Path:
    """The list as a file, as `write_table` writes it. Raises TooLargeError for a workbook of too many."""
    if kind == "xlsx" and rows.contacts > MOST_IN_EXCEL:
        raise TooLargeError(
            f"The list has {count(rows.contacts)} contacts; as an Excel workbook at most "
            f"{count(MOST_IN_EXCEL)} are made at a click.",
            "Build the pack, which is made in the background, or take CSV or Parquet.",
        )

    def write(beside: Path) -> None:
        write_table(rows.at(np.arange(rows.contacts)), beside / f"contacts.{kind}")

    return founded(settings, "lists", (rows.key, kind), write) / f"contacts.{kind}"
