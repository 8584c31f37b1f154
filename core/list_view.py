"""What is looked at of a contact list: filtered and sorted, as places in the list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.contact_rows import ContactRows
from core.data.cells import as_text
from core.errors import SettingError
from core.keeping import founded
from core.policy.economics import FloatArray, IntArray
from core.settings import Settings

TextTest = Literal["contains", "notContains", "equals", "startsWith", "blank", "notBlank"]
NumberTest = Literal["greaterThanOrEqual", "lessThanOrEqual", "equals", "inRange", "blank", "notBlank"]
_EXACT = 2**53
_WORTH_KEEPING = 200_000  # contacts: the order of fewer is found again as fast as it is read


@dataclass(frozen=True, slots=True)
class Filter:
    """A test of one column. value: text, or the number of a number's test; to: the end of a range, inclusive.

    Texts are compared without regard to capitals. A missing cell passes `blank` and `notContains` alone.
    """

    column: str
    test: str
    value: str | float | None = None
    to: float | None = None


@dataclass(frozen=True, slots=True)
class View:
    """filters: all must pass. sorts: (column, descending), the first decides; equals stay in list order."""

    filters: tuple[Filter, ...] = ()
    sorts: tuple[tuple[str, bool], ...] = ()


def seen(rows: ContactRows, view: View, settings: Settings) -> IntArray | range:
    """Places in the list, in the order of the view; of a long list found once, kept on disk for the blocks.

    Raises SettingError for a column that the list does not have, or a test that its column does not take.
    """
    if view == View():
        return range(rows.contacts)
    if rows.contacts < _WORTH_KEEPING:
        return found(rows, view)
    folder = founded(
        settings, "views", (rows.key, repr(view)), lambda beside: _write(beside, found(rows, view))
    )
    return np.asarray(np.load(folder / _PLACES, mmap_mode="r", allow_pickle=False))


def found(rows: ContactRows, view: View) -> IntArray:
    """The places of `seen`, computed."""
    places = np.arange(rows.contacts)
    passing = np.ones(rows.contacts, dtype=np.bool_)
    for one in view.filters:
        passing &= _passes(rows, one)
    places = places[passing]
    for name, descending in reversed(view.sorts):
        _known(rows, name)
        key = _sort_key(rows.id_order() if name == "row_id" else rows.column(name))[places]
        places = places[np.argsort(-key if descending else key, kind="stable")]
    return places


_PLACES = "places.npy"


def _write(folder: Path, places: IntArray) -> None:
    np.save(folder / _PLACES, places.astype(np.int32))


def _known(rows: ContactRows, name: str) -> None:
    if name not in rows.columns:
        raise SettingError(f"The contact list has no column '{name[:40]}'.", "Reload the page.")


def _passes(rows: ContactRows, one: Filter) -> NDArray[np.bool_]:
    _known(rows, one.column)
    numeric = rows.numeric(one.column)
    if one.test not in get_args(NumberTest if numeric else TextTest):
        raise SettingError(f"'{one.column}' cannot be filtered by '{one.test[:40]}'.")
    values = rows.column(one.column)
    return _passes_number(values, one) if numeric else _passes_text(values, one)


def _passes_number(values: pa.Array | NDArray[Any], one: Filter) -> NDArray[np.bool_]:
    numbers = _numbers(values)
    if one.test in ("blank", "notBlank"):
        return np.asarray(np.isnan(numbers) == (one.test == "blank"))
    low = high = one.value
    if one.test == "inRange":
        high = one.to
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        raise SettingError(f"The filter of '{one.column}' needs a number.")
    if one.test == "greaterThanOrEqual":
        high = np.inf
    if one.test == "lessThanOrEqual":
        low = -np.inf
    return np.asarray((numbers >= low) & (numbers <= high))


def _passes_text(values: pa.Array, one: Filter) -> NDArray[np.bool_]:
    if pa.types.is_dictionary(values.type):  # each different text is looked at once
        passing = np.append(_passes_text(values.dictionary, one), one.test in ("blank", "notContains"))
        return np.asarray(passing[_places(values)], dtype=np.bool_)
    text = as_text(pd.Series(values.to_pandas())) if not _is_text(values.type) else values
    if one.test in ("blank", "notBlank"):
        blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(text), ""), True)
        return np.asarray(blank.to_numpy(zero_copy_only=False) == (one.test == "blank"), dtype=np.bool_)
    wanted = str(one.value or "")
    tests = {
        "contains": lambda: pc.match_substring(text, wanted, ignore_case=True),
        "notContains": lambda: pc.invert(pc.match_substring(text, wanted, ignore_case=True)),
        "startsWith": lambda: pc.starts_with(text, wanted, ignore_case=True),
        "equals": lambda: pc.equal(pc.utf8_lower(text), wanted.lower()),
    }
    passing = pc.fill_null(tests[one.test](), one.test == "notContains")
    return np.asarray(passing.to_numpy(zero_copy_only=False))


def _places(values: pa.Array) -> IntArray:
    """Where each value stands in the dictionary; at its end where it is missing."""
    return np.asarray(pc.fill_null(values.indices, -1).to_numpy(zero_copy_only=False))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _numbers(values: pa.Array | NDArray[Any]) -> FloatArray:
    if isinstance(values, np.ndarray):
        return np.asarray(values, dtype=np.float64)
    return np.asarray(pc.fill_null(pc.cast(values, pa.float64(), safe=False), np.nan).to_numpy())


def _sort_key(values: pa.Array | NDArray[Any]) -> FloatArray:
    """Numbers that sort as the values do; NaN, which sorts last both ways, where a value is missing."""
    if isinstance(values, np.ndarray):
        return _numbers(values)
    kind = values.type
    if pa.types.is_dictionary(kind):
        return np.asarray(np.append(_sort_key(values.dictionary), np.nan)[_places(values)])
    if pa.types.is_floating(kind) or pa.types.is_boolean(kind) or _exact(values):
        return _numbers(values)
    ranks = pc.rank(values, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.float64)
    return np.where(pc.is_null(values).to_numpy(zero_copy_only=False), np.nan, ranks)


def _exact(values: pa.Array) -> bool:
    if not pa.types.is_integer(values.type):
        return False
    ends = pc.min_max(values)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    return low is None or (low > -_EXACT and high < _EXACT)
