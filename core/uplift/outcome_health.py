"""The shape of an experiment's outcome: how rare, how heavy in the tail."""

from __future__ import annotations

import numpy as np

from core.advice.formats import percent
from core.data.schema import Experiment
from core.uplift.finding import Finding

FEW_POSITIVE = 50
MUCH_CAPPED = 0.1
TAIL_SHARE = 0.5
"""The top 1 % of customers above zero holding more of the outcome than this is a heavy tail."""


def outcome(experiment: Experiment) -> list[Finding]:
    y = experiment.outcome
    positive = y[y > 0]
    if positive.size == 0:
        return [
            Finding(
                "outcome",
                "problem",
                "The outcome is 0 for every customer: there is nothing to learn.",
                "Choose another outcome column, or wait until the campaign has had its effect.",
            )
        ]
    if np.ptp(y) == 0:
        return [
            Finding(
                "outcome", "problem", "The outcome is the same for every customer.", "Choose another column."
            )
        ]
    found = []
    share = positive.size / y.size
    kind = "answered" if experiment.binary else "have an outcome above 0"
    found.append(Finding("outcome", "note", f"{percent(share)} of the customers {kind} ({positive.size:,})."))
    fewest = min(int((y[experiment.arm == k] > 0).sum()) for k in range(len(experiment.arms)))
    if fewest < FEW_POSITIVE:
        found.append(
            Finding(
                "rare",
                "warning",
                f"In one arm only {fewest:,} customers have an outcome above 0: "
                "differences between customers can hardly be learnt from so few.",
                "Use an outcome that happens more often, such as visits, or a larger campaign.",
            )
        )
    many, gone = experiment.capped
    if experiment.roles.cap is not None:
        found.append(
            Finding(
                "cap",
                "warning" if gone > MUCH_CAPPED else "note",
                f"Outcomes above {experiment.roles.cap:,g} count as {experiment.roles.cap:,g}, as you asked: "
                f"{many:,} customers, {gone:.1%} of the sum. Every profit is of capped amounts.",
                "A cap this low hides what a contact earns." if gone > MUCH_CAPPED else "",
            )
        )
    if not experiment.binary:
        top = np.sort(positive)[::-1][: max(1, positive.size // 100)]
        held = float(top.sum() / positive.sum())
        if held > TAIL_SHARE and positive.size >= 100:
            found.append(
                Finding(
                    "tail",
                    "warning",
                    f"{top.size:,} customers hold {percent(held, 0)} of the outcome: a few large amounts "
                    "decide every number.",
                    "Check them. A yes-or-no outcome is steadier, or amounts capped (`train --cap`).",
                )
            )
    return found
