"""Order dates as whole days, whatever a file writes them like; what is ambiguous or mixed is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from core.clv.rows import IntArray
from core.data.columns import text
from core.data.problems import refuse, row_problems, shown
from core.errors import DataError, Problem

MISSING = np.iinfo(np.int64).min
_EPOCH = date(1970, 1, 1)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_ZONE = r"(?i)(:[0-9]{2}(?:[.,][0-9]+)?)\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})$"  # only behind a clock time
_TIME = r"(?:[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:\s*[AaPp][Mm])?)?"
_FORMS = {
    "year-month-day": rf"^([0-9]{{4}})[-/.]?([0-9]{{2}})[-/.]?([0-9]{{2}}){_TIME}$",
    "year-month-day, short": rf"^([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}$",
    "day and month first": rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TIME}$",
    "named month": rf"^([0-9]{{1,2}})[-\s]([A-Za-z]{{3,9}})[-\s,]+([0-9]{{4}}){_TIME}$",
}
_FIX = "Write every date as YYYY-MM-DD."


@dataclass(frozen=True, slots=True)
class _Cells:
    """The distinct texts of a column and each row's place among them (-1: missing)."""

    distinct: pd.Series
    place: IntArray


def to_day(when: date) -> int:
    """Days since 1970-01-01."""
    return (when - _EPOCH).days


def to_date(day: int) -> date:
    """The date of a day counted from 1970-01-01."""
    return date.fromordinal(_EPOCH.toordinal() + int(day))


def parse_date(written: str, what: str) -> date:
    """One date as a person types it; DataError names `what` it is for."""
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        raise DataError(f"{what} is '{shown(written)}', not a date.", "Write it as YYYY-MM-DD.") from None


def order_days(frame: pd.DataFrame, column: str, *, day_first: bool | None = None) -> IntArray:
    """(n,) days since 1970-01-01, MISSING where the cell is empty.

    Clock times are cut off; a time zone that all rows share is, too, so that a day is the shop's own day.
    day_first: how to read 03/04/2011 where no row of the file tells. Raises DataError for cells that are no
    dates, for more than one format or time zone, and for an ambiguous column.
    """
    series = frame[column]
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        series = series.dt.tz_localize(None)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        days = series.to_numpy().astype("datetime64[D]").astype(np.int64)
        days = np.where(series.isna().to_numpy(), MISSING, days)
    else:
        days = _from_text(text(frame, column).reset_index(drop=True), column, day_first)
    known = days != MISSING
    odd = known & ((days < to_day(_EARLIEST)) | (days > to_day(_LATEST)))
    refuse(row_problems(odd, series, "The date is not between 1900 and 2199.", _FIX, column))
    return days


def refuse_future(days: IntArray, series: pd.Series, column: str, today: date) -> None:
    """Raise DataError where orders lie after today: a mistyped year would stretch everyone's silence."""
    late = (days != MISSING) & (days > to_day(today))
    fix = "Correct it, or give the last day of observation (--observation-end)."
    refuse(row_problems(late, series, "The date lies in the future.", fix, column))


def _from_text(cells: pd.Series, column: str, day_first: bool | None) -> IntArray:
    place, distinct = pd.factorize(cells, use_na_sentinel=True)
    if not len(distinct):
        return np.full(len(cells), MISSING, dtype=np.int64)
    found = _Cells(pd.Series(distinct, dtype="str"), place.astype(np.int64))
    written = _without_zone(found, cells, column)
    days = np.full(len(written), MISSING, dtype=np.int64)
    form = np.full(len(written), -1)
    for index, (name, pattern) in enumerate(_FORMS.items()):
        parts = written.str.extract(pattern)
        here = parts[0].notna().to_numpy() & (form < 0)
        if not here.any():
            continue
        # YYYY-MM-DD with and without leading zeros is one format to people
        form[here] = 0 if name.startswith("year") else index
        chosen = parts[here]
        if name == "day and month first":
            first, second = (_whole(chosen[i]) for i in (0, 1))
            if _day_first(first, second, chosen, column, day_first):
                first, second = second, first
            days[here] = _days(_whole(chosen[2]), first, second)
        elif name == "named month":
            stamps = pd.to_datetime(
                chosen[0].str.zfill(2) + " " + chosen[1].str[:3].str.title() + " " + chosen[2],
                format="%d %b %Y",
                errors="coerce",
            )
            whole = stamps.to_numpy().astype("datetime64[D]").astype(np.int64)
            days[here] = np.where(stamps.isna().to_numpy(), MISSING, whole)
        else:
            days[here] = _days(*(_whole(chosen[i]) for i in range(3)))
    in_row = found.place >= 0
    wrong = in_row & (days[found.place] == MISSING)
    if wrong.any():
        refuse(row_problems(wrong, cells, "The value is not a date.", _FIX, column))
    counts = np.bincount(form[found.place[in_row]] + 1, minlength=len(_FORMS) + 1)[1:]
    if (counts > 0).sum() > 1:
        rare = in_row & (form[found.place] != int(counts.argmax()))
        message = "The dates are written in more than one format; this row differs from most."
        refuse(row_problems(rare, cells, message, _FIX, column))
    return np.where(in_row, days[found.place], MISSING)


def _whole(texts: pd.Series) -> IntArray:
    return np.asarray(texts.astype(np.int64), dtype=np.int64)


def _without_zone(found: _Cells, cells: pd.Series, column: str) -> pd.Series:
    zones = found.distinct.str.extract(_ZONE)[1]
    known = zones.dropna().str.upper().str.replace(":", "").replace({"UTC": "Z", "GMT": "Z", "+0000": "Z"})
    if known.empty:
        return found.distinct
    if len(known) < len(found.distinct) or known.nunique() > 1:
        zone = zones.fillna("").iloc[found.place].reset_index(drop=True)
        common = zone.mode().iloc[0]
        rare = (zone != common).to_numpy() & (found.place >= 0)
        message = "The dates are in more than one time zone; this row differs from most."
        refuse(row_problems(rare, cells, message, "Write all dates in one time zone.", column))
    return found.distinct.str.replace(_ZONE, r"\1", regex=True)


def _day_first(
    first: IntArray, second: IntArray, parts: pd.DataFrame, column: str, wanted: bool | None
) -> bool:
    """Whether 03/04/2011 is the 3rd of April, by the rows in which one of the two is over 12."""
    example = "/".join(str(part) for part in parts.iloc[0])
    day, month = bool((first > 12).any()), bool((second > 12).any())
    if day and month:
        raise DataError(
            f"Column '{column}' holds dates with the day first and dates with the month first.",
            _FIX,
            (Problem("Both 31/12 and 12/31 occur.", _FIX, column=column),),
        )
    if day or month:
        return day
    if wanted is None:
        raise DataError(
            f"Column '{column}': it cannot be told whether {example} starts with the day or the month.",
            _FIX + " Or say which of the two comes first (--day-first or --month-first).",
        )
    return wanted


def _days(year: IntArray, month: IntArray, day: IntArray) -> IntArray:
    """Days since 1970-01-01, MISSING where there is no such date."""
    possible = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    months = (np.where(possible, year, 1970) - 1970) * 12 + np.where(possible, month, 1) - 1
    start = months.astype("datetime64[M]")
    days = start.astype("datetime64[D]").astype(np.int64) + np.where(possible, day, 1) - 1
    same = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]") == start
    return np.where(possible & same, days, MISSING)
