"""Amounts of money as numbers; one currency sign for a whole column is understood, several are refused."""

from __future__ import annotations

import pandas as pd

from core.clv.rows import FloatArray
from core.data.columns import numeric, text
from core.data.problems import refuse
from core.errors import DataError

_CENTS = r"^-?[0-9][0-9.]*,[0-9]{1,2}$"  # 1.234,5 and 54,76: no thousands end like this
_SIGN = r"(?i)^\s*(-?)\s*([£$€¥]|[A-Z]{3})\s*(-?[0-9.,]+)\s*$|^\s*(-?[0-9.,]+)\s*([£$€¥]|[A-Z]{3})\s*$"


_NAMES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def same_currency(one: str, other: str) -> bool:
    """Whether two signs or codes name one currency: EUR is €."""
    names = [_NAMES.get(sign.strip().upper(), sign.strip().upper()) for sign in (one, other)]
    return names[0] == names[1]


def money_amounts(frame: pd.DataFrame, column: str) -> tuple[FloatArray, str]:
    """(n,) float64, NaN where empty, and the currency sign that was taken off ('' where there was none).

    £1,234.50 and 1.234,50 € are read as people write them.

    Raises DataError for cells that are no numbers and for more than one currency.
    """
    values, problems = numeric(frame, column)
    if not problems:
        return values, ""
    cells = text(frame, column)
    parts = cells.str.extract(_SIGN)
    sign = parts[1].fillna(parts[4]).str.upper()
    if sign.notna().sum() < 0.5 * cells.notna().sum():
        refuse(problems, "The amounts")
    if sign.nunique() > 1:
        found = ", ".join(sorted(sign.dropna().unique())[:5])
        raise DataError(
            f"Column '{column}' holds amounts in several currencies: {found}.", "Convert them to one."
        )
    bare = (parts[0].fillna("") + parts[2].fillna("")).where(parts[1].notna(), parts[3]).fillna(cells)
    stripped = bare.to_frame(column)
    stripped.attrs.update(frame.attrs)
    # grouped thousands with a decimal point are unambiguous: 1,234.50
    grouped = stripped[column].str.match(r"^-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+$", na=False)
    stripped.loc[grouped, column] = stripped.loc[grouped, column].str.replace(",", "")
    commas = stripped[column].str.contains(",", na=False)
    if commas.any() and stripped.loc[commas, column].str.match(_CENTS).all():
        stripped.attrs["decimal"] = ","  # the reader of the file could not tell behind the signs
    values, problems = numeric(stripped, column)
    refuse(problems, "The amounts")
    return values, str(sign.dropna().iloc[0])
