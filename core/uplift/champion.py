"""A champion's evidence with the choosing left out: nobody is measured by a learner they helped to choose.

The learner that came out best on some customers looks better on these customers than it is (the winner's
curse). So each fold takes the scores of the learner that the other folds would have kept, by the same rule.
What is measured is then what choosing and learning bring together: nested cross-validation (Varma & Simon
2006, BMC Bioinformatics 7:91).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.uplift.calibration import FOLDS, folds_of
from core.uplift.comparison import champion_of
from core.uplift.evidence import Evidence


def champions_evidence(
    candidates: Mapping[str, Evidence], incumbent: str, effort: Mapping[str, float], seed: int = 0
) -> Evidence:
    """The customers of the candidates, each with the scores of the champion of the other folds.

    candidates: cross-fitted and calibrated evidence of the same customers by learner. incumbent, effort: as
    `core.uplift.comparison.leaderboard` takes them.
    """
    first = candidates[incumbent]
    fold = folds_of(first, seed)
    uplift, y0 = first.uplift.copy(), first.y0.copy()
    for one in range(FOLDS):
        here = fold == one
        others = {name: evidence.at(~here) for name, evidence in candidates.items()}
        kept = candidates[champion_of(others, incumbent, effort)]
        uplift[here], y0[here] = kept.uplift[here], kept.y0[here]
    done = replace(first, y0=y0).pooled(uplift)
    return replace(done, y1=y0[:, None] + done.uplift)
