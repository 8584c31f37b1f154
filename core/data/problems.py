"""Collect what is wrong with a file: every problem counted, the first thousand of each kind listed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.cells import cell_text
from core.errors import DataError, Problem, problems_of

MAX_LISTED = 1000
MAX_SHOWN = 40


def shown(value: object) -> str | None:
    """A value as a message may show it: at most 40 characters."""
    text = cell_text(value)
    if text is None or len(text) <= MAX_SHOWN:
        return text
    return text[: MAX_SHOWN - 1] + "…"


def row_problems(
    wrong: NDArray[np.bool_], values: pd.Series, message: str, fix: str, column: str | None = None
) -> list[Problem]:
    """One Problem for each row where `wrong` (n,) is true, with its spreadsheet row and its value.

    Past MAX_LISTED a last Problem without a row says how many more there are.
    """
    rows = np.flatnonzero(wrong)
    name = str(values.name) if column is None else column
    listed = [
        Problem(message, fix, column=name, row=int(row) + 2, value=shown(values.iloc[int(row)]))
        for row in rows[:MAX_LISTED]
    ]
    if len(rows) > MAX_LISTED:
        more = len(rows) - MAX_LISTED
        listed.append(Problem(f"The same in {more:,} more rows.", column=name, rows=more))
    return listed


def refuse(problems: Sequence[Problem], subject: str = "The file") -> None:
    """Raise DataError with all the problems; do nothing when there are none."""
    if not problems:
        return
    if len(problems) == 1:
        message = f"{subject} cannot be used: {problems[0]}"
    else:
        message = f"{subject} cannot be used: {problems_of(problems):,} problems. The first: {problems[0]}"
    raise DataError(message, problems=tuple(problems))
