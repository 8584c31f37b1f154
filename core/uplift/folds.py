"""Customers dealt into folds of equal make-up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def stratified_folds(strata: NDArray[Any], folds: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """(n,) fold of each row, 0 to folds - 1: rows of every stratum are dealt out evenly, in random order.

    A stratum of at least two rows is never all in one fold.
    """
    fold = np.empty(len(strata), dtype=np.int64)
    start = 0
    for value in np.unique(strata):
        mine = rng.permutation(np.flatnonzero(strata == value))
        fold[mine] = (np.arange(mine.size) + start) % folds  # go on where the last stratum ended
        start += mine.size
    return fold
