"""Scores by several models brought to one scale, so that customers are ranked only as one model ranks them.

A model that has not seen a fold whose customers happened to buy much thinks less of customers of their kind
than the other models do. Put side by side, the raw scores of customers of one kind are therefore in the
reverse order of their luck, and what is measured of the best tenth is too low. Ranking inside each fold, then
taking equal places of all folds together, is free of it: Chernozhukov, Demirer, Duflo & Fernández-Val (2018,
rev. 2023), "Generic machine learning inference"; Imai & Li (2025, JBES), who rank fold by fold as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TIE_SLOPE = 1e-9
"""Share of the scores' range that lies between first and last place at least, so that customers whom a group
tells apart stay apart where other groups do not tell theirs."""


def pooled(scores: FloatArray, group: NDArray[np.int64]) -> FloatArray:
    """(n,) scores on one scale: the order inside each group stays, equal scores of a group stay equal, and
    each group has the distribution of all scores together, with their mean.

    scores: (n,). group: (n,) customers of one number were scored by the same models.
    """
    n = scores.size
    order = np.lexsort((scores, group))
    value, mine = scores[order], group[order]
    new_group = np.append(True, mine[1:] != mine[:-1])
    new_block = new_group | np.append(True, value[1:] != value[:-1])
    block, first = np.flatnonzero(new_block), np.flatnonzero(new_group)
    size = np.diff(np.append(first, n))
    of_block = np.cumsum(new_group)[block] - 1
    low = block - first[of_block]
    high = np.append(block[1:], n) - first[of_block]
    # A block's value: the mean of all scores between its first and its last place, places as shares of all.
    everyone = np.sort(scores)
    least = everyone[0]
    running = np.append(0.0, np.cumsum(everyone - least))
    begin, end = (side * n / size[of_block] for side in (low, high))
    places = np.arange(n + 1)
    level = least + (np.interp(end, places, running) - np.interp(begin, places, running)) / (end - begin)
    for one in range(first.size):  # the rounding of long sums must not turn neighbours round
        of_one = slice(*np.searchsorted(of_block, (one, one + 1)))
        level[of_one] = np.maximum.accumulate(level[of_one])
    level += TIE_SLOPE * (everyone[-1] - least) * ((begin + end) / (2 * n) - 0.5)
    result = np.empty(n)
    result[order] = np.repeat(level, np.diff(np.append(block, n)))
    return result
