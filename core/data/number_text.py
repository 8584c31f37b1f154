"""Numbers written as text, with a decimal point or a decimal comma."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.data.cells import TEXT

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_INFINITE = r"^[+-]?inf(inity)?$"
MISSING = pa.array(["nan", "na", "n/a", "#n/a", "null", "none", "<na>"], TEXT)
_TRUTH = pa.array(["true", "false"], TEXT)
_WITH_COMMA = r"^[+-]?[0-9.]*,[0-9.,]*[0-9]$"
_GROUPED = r"^[+-]?[0-9]{1,3}(\.[0-9]{3})+$"
_COMMA_NUMBER = r"^[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?([eE][+-]?[0-9]+)?$"
_NULL = pa.scalar(None, TEXT)


def parse(cells: pa.Array, decimal_comma: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_], str]:
    """Trimmed text (n,) as float64 (n,), which of it (n,) is no number, and how to mend that.

    Null, and text such as NaN or n/a, is NaN and not wrong; what is wrong is NaN too. A column of only True
    and False is 1 and 0. Digits grouped by a comma (1,234) are wrong, never guessed at.
    """
    mixed = np.zeros(len(cells), dtype=bool)
    fix = "Write a number, or leave the cell empty."
    if decimal_comma:
        cells, mixed = with_points(cells)
        fix = "Write a number such as 1234,56, or leave the cell empty."
    if not mixed.any():
        try:
            return _floats(cells), mixed, fix
        except pa.ArrowInvalid:
            pass
    lower = pc.utf8_lower(cells)
    cells = pc.if_else(pc.is_in(lower, MISSING), _NULL, cells)
    truth = pc.is_in(lower, _TRUTH)
    if pc.all(pc.or_(truth, pc.is_null(cells))).as_py() and pc.any(truth).as_py():
        values = pc.if_else(
            truth, pc.if_else(pc.equal(lower, "true"), 1.0, 0.0), pa.scalar(None, pa.float64())
        )
        return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64), mixed, fix
    number = pc.or_(pc.match_substring_regex(cells, _NUMBER), pc.match_substring_regex(lower, _INFINITE))
    wrong = mixed | pc.fill_null(pc.invert(number), False).to_numpy(zero_copy_only=False)
    if not decimal_comma and pc.any(pc.match_substring_regex(cells, _WITH_COMMA)).as_py():
        fix = "Write a number with a decimal point and no thousands separators, such as 1234.56."
    return _floats(pc.if_else(number, cells, _NULL)), wrong, fix


def _floats(cells: pa.Array) -> NDArray[np.float64]:
    numbers = pc.cast(cells, pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def with_points(cells: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Numbers of a file with decimal commas, written with a point; and which mix the two, so cannot be read.

    1,5 is 1.5 and 1.234,56 is 1234.56. Where no cell of the column has a comma, 1.234 is 1234 if all cells
    with a point are grouped in thousands; else the column is written with points and is left as it is.
    """
    points = pc.match_substring(cells, ".")
    readable = pc.match_substring_regex(cells, _COMMA_NUMBER)
    mixed = pc.and_not(points, readable)
    if not pc.any(pc.match_substring(cells, ",")).as_py():
        stray = pc.and_not(points, pc.match_substring_regex(cells, _GROUPED))
        if pc.any(stray).as_py():
            return cells, np.zeros(len(cells), dtype=bool)
    pointed = pc.replace_substring(pc.replace_substring(cells, ".", ""), ",", ".")
    cells = pc.if_else(readable, pointed, pc.if_else(mixed, _NULL, cells))
    return cells, pc.fill_null(mixed, False).to_numpy(zero_copy_only=False)
