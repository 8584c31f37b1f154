"""Persuadables, sure things, lost causes and do-not-disturb: how large each group can be.

No one is ever seen both contacted and not, so the shares are not known, even from a perfect experiment: what
is known is between which bounds they lie (Fréchet-Hoeffding; Heckman, Smith & Clements, REStud 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.uplift.contrast import Contrast, contrast
from core.uplift.evidence import Evidence, FloatArray

CELLS = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest share of customers that the experiment allows, 0-1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FourGroups:
    """Bounds of the four groups. response: an outcome above 0. persuadables respond only if contacted;
    sure_things always; lost_causes never; do_not_disturb only if left alone."""

    persuadables: Bounds
    sure_things: Bounds
    lost_causes: Bounds
    do_not_disturb: Bounds


def four_groups(evidence: Evidence, arm_index: int | None = None) -> FourGroups:
    """Bounds from response rates with and without contact, in tenths of the ranking and then averaged.

    Within tenths the bounds are narrower, the more the better the ranking; all come from outcomes. arm_index
    as in `core.uplift.contrast.contrast`.
    """
    rows = contrast(evidence, arm_index)
    contacted, control, share = _rates(rows)
    lowest_both = np.maximum(0.0, contacted + control - 1.0)
    highest_both = np.minimum(contacted, control)

    def bounds(low: FloatArray, high: FloatArray) -> Bounds:
        return Bounds(float(share @ low), float(share @ high))

    return FourGroups(
        persuadables=bounds(contacted - highest_both, contacted - lowest_both),
        sure_things=bounds(lowest_both, highest_both),
        lost_causes=bounds(1 - contacted - control + lowest_both, 1 - contacted - control + highest_both),
        do_not_disturb=bounds(control - highest_both, control - lowest_both),
    )


def _rates(rows: Contrast) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Response rates of contacted and control in each cell of the ranking, and the cells' shares.

    Cells end where a block ends; a cell without one of the arms joins the next.
    """
    responded = (rows.outcome > 0).astype(np.float64)
    sums = np.stack(
        [
            rows.in_blocks(v)
            for v in (
                rows.contacted,
                rows.contacted * responded,
                rows.control,
                rows.control * responded,
                np.ones(rows.customers),
            )
        ]
    )
    cell = np.minimum((rows.end - 1) * CELLS // rows.customers, CELLS - 1)
    table = np.stack([np.bincount(cell, weights=v, minlength=CELLS) for v in sums])
    merged: list[FloatArray] = []
    waiting = np.zeros(len(table))
    for column in table.T:
        waiting = waiting + column
        if waiting[0] > 0 and waiting[2] > 0:
            merged.append(waiting)
            waiting = np.zeros(len(table))
    merged[-1] = merged[-1] + waiting
    final = np.stack(merged, axis=1)
    return final[1] / final[0], final[3] / final[2], final[4] / final[4].sum()
