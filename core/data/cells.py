"""The one text form of a cell: what CSV files hold, and what ids and categories are compared by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()


def as_text(series: pd.Series) -> pa.Array:
    """A column as (n,) Arrow large strings; missing is null.

    Floats take the shortest text that reads back as the same number, without a decimal point where they
    are whole ("7", "0.1", "1e+15"); minus zero is "0". Booleans are "True" and "False". Times are ISO with a
    blank ("2011-01-31 10:15:00"), a date alone where the whole column is at midnight. Text stays as it is.
    """
    values = _arrow(series)
    kind = values.type
    if pa.types.is_large_string(kind):
        return values
    if pa.types.is_floating(kind):
        whole = pc.cast(pc.add(values, pa.scalar(0.0, kind)), TEXT)  # -0.0 + 0.0 is 0.0
        return pc.if_else(pc.equal(values, pa.scalar(0.0, kind)), pa.scalar("0", TEXT), whole)
    if pa.types.is_boolean(kind):
        return pc.if_else(values, pa.scalar("True", TEXT), pa.scalar("False", TEXT))
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _times(values)
    if pa.types.is_dictionary(kind):
        return as_text(pd.Series(values.dictionary_decode().to_pandas()))
    if pa.types.is_null(kind):
        return pa.nulls(len(values), TEXT)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _each(series)
    return pc.cast(values, TEXT)


def cell_text(value: Any) -> str | None:
    """One value of any type in the text form of `as_text`; None and NaN are missing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _arrow(series: pd.Series) -> pa.Array:
    try:
        values = pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        return _each(series)  # an object column of mixed types
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(TEXT) if pa.types.is_string(values.type) else values


def _each(series: pd.Series) -> pa.Array:
    return pa.array([cell_text(value) for value in series], TEXT)


def _times(values: pa.Array) -> pa.Array:
    seconds = pc.floor_temporal(values, unit="second")
    if not pc.all(pc.equal(values, seconds)).as_py():
        return pc.strftime(values, "%Y-%m-%d %H:%M:%S").cast(TEXT)
    days = pc.floor_temporal(values, unit="day")
    form = "%Y-%m-%d" if pc.all(pc.equal(values, days)).as_py() else "%Y-%m-%d %H:%M:%S"
    return pc.strftime(seconds.cast(pa.timestamp("s")), form).cast(TEXT)
