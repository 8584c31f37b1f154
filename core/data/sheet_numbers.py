"""Which columns of text are numbers in a worksheet, so that a spreadsheet adds and sorts them."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow.compute as pc

from core.data.cells import as_text
from core.data.number_text import MISSING
from core.data.roles import called_id

_OURS = ("row_id", "action", "arm", "runner_up", "reason")  # names and ids, whatever they look like
_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?(e[+-][0-9]+)?$"
"""No leading zero, at most 15 digits before the point (Excel keeps no more), an exponent as we write it."""
_MOST_PLACES = 4


def number_columns(frame: pd.DataFrame) -> dict[str, str]:
    """The number format of each text column in which every cell is a number, or missing (n/a and the like).

    Ids (by the column's name), codes with leading zeros, long digits and answers stay text. The format has
    as many places as the most precise cell; "General" beyond four.
    """
    found = {}
    for position, name in enumerate(frame.columns):
        column = frame.iloc[:, position]
        if column.dtype != "str" or name in _OURS or called_id(str(name)):
            continue
        cells = as_text(column)
        number = pc.match_substring_regex(cells, _NUMBER)
        said = pc.or_(number, pc.is_in(pc.utf8_lower(cells), MISSING))
        if pc.any(number).as_py() and pc.all(said).as_py():
            found[str(name)] = _format(cells)
    return found


def sheet_number(text: str) -> int | float | str:
    """A cell of such a column; what says that a number is missing stays text."""
    if not re.match(_NUMBER, text):
        return text
    return float(text) if "." in text or "e" in text else int(text)


def _format(cells: object) -> str:
    if pc.any(pc.match_substring(cells, "e")).as_py():
        return "General"
    places = pc.max(pc.utf8_length(pc.replace_substring_regex(cells, r"^[^.]*\.?", ""))).as_py() or 0
    if places > _MOST_PLACES:
        return "General"
    return f"0.{'0' * places}" if places else "0"
