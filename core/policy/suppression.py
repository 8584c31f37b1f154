"""Who must be left alone: the audience's column `suppressed`, read the same for lists and for plans."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data import columns
from core.data.problems import refuse, row_problems
from core.errors import Problem

SUPPRESSED = "suppressed"
_YES, _NO = {"1", "true", "yes", "y", "x", "1.0"}, {"", "0", "false", "no", "n", "0.0"}


def marked(frame: pd.DataFrame) -> tuple[NDArray[np.bool_], list[Problem]]:
    """(n,) whether each customer is suppressed, nobody without the column; cells neither yes nor no."""
    if SUPPRESSED not in frame.columns:
        return np.zeros(len(frame), dtype=np.bool_), []
    text = columns.text(frame, SUPPRESSED).fillna("").str.lower()
    yes = text.isin(_YES).to_numpy(dtype=np.bool_)
    wrong = ~(yes | text.isin(_NO).to_numpy(dtype=np.bool_))
    said = "This is neither yes nor no."
    return yes, row_problems(wrong, frame[SUPPRESSED], said, "Write 1 or 0.", SUPPRESSED)


def suppressed(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) whether each customer is suppressed. Raises DataError for cells that are neither yes nor no."""
    yes, problems = marked(frame)
    refuse(problems)
    return yes
