"""The learners that can be chosen by name."""

from __future__ import annotations

from core.errors import SettingError
from core.uplift.learners.bases import Boosting, Linear
from core.uplift.learners.boosters import BOOSTERS, OPTIONAL
from core.uplift.learners.effects import DRLearner, RLearner, XLearner
from core.uplift.learners.forest import ForestT
from core.uplift.learners.interface import Learner, LearnerInfo, Prediction
from core.uplift.learners.outcomes import SLearner, TLearner
from core.uplift.learners.screened import screened
from core.uplift.learners.segments import SegmentTable
from core.uplift.learners.two_part import TwoPart

DEFAULT = "x-hgb"
"""The learner that `auto` keeps unless another is better."""

LEARNERS: dict[str, LearnerInfo] = {
    info.name: screened(info)
    for info in (
        LearnerInfo(
            "x-hgb",
            "X-learner, shallow boosting",
            "Learns the change itself: what each customer did less what the other group's customers would "
            "have done; trees of at most four leaves.",
            build=lambda seed: XLearner(Boosting(seed), seed),
            restore=XLearner.restore,
            missing=True,
            effort=10,
        ),
        LearnerInfo(
            "t-ridge",
            "Two straight lines",
            "Predicts the outcome with and without the contact by a penalised line each (logistic for 0/1).",
            build=lambda seed: TLearner(Linear()),
            restore=TLearner.restore,
        ),
        LearnerInfo(
            "segments",
            "Segment table",
            "Up to eight segments, each with its measured effect, drawn to the average where it is noisy.",
            build=SegmentTable,
            restore=SegmentTable.restore,
        ),
        LearnerInfo(
            "s-hgb",
            "S-learner, shallow boosting",
            "One prediction of the outcome with the contact among the features.",
            build=lambda seed: SLearner(Boosting(seed, rounds=200)),
            restore=SLearner.restore,
            missing=True,
            effort=10,
        ),
        LearnerInfo(
            "two-part",
            "Response times value",
            "For revenue that is mostly 0: the change in the chance to buy, times what a purchase is worth.",
            build=lambda seed: TwoPart(Linear(), seed),
            restore=TwoPart.restore,
            effort=3,
        ),
        LearnerInfo(
            "dr-hgb",
            "Doubly robust, shallow boosting",
            "Learns the change from each customer's doubly robust score.",
            build=lambda seed: DRLearner(Boosting(seed), seed),
            restore=DRLearner.restore,
            missing=True,
            effort=25,
        ),
        LearnerInfo(
            "r-hgb",
            "R-learner, shallow boosting",
            "Learns the change from what neither the customer nor the chance of contact explains.",
            build=lambda seed: RLearner(Boosting(seed), seed),
            restore=RLearner.restore,
            missing=True,
            effort=25,
        ),
        LearnerInfo(
            "t-rf",
            "Two regularised forests",
            "Predicts the outcome with and without the contact by two random forests whose trees see a "
            "third of the customers each and whose leaves have at least 200.",
            build=lambda seed: ForestT(trees=60, leaf=200, share=1 / 3, seed=seed),
            restore=ForestT.restore,
            held_out=True,
            effort=20,
        ),
        LearnerInfo(
            "t-rf-deep",
            "Two deep forests (classic recipe)",
            "The usual recipe of two random forests grown to single customers; kept for comparison.",
            build=lambda seed: ForestT(trees=300, leaf=1, seed=seed),
            restore=ForestT.restore,
            caution="overfits",
            held_out=True,
            effort=300,
        ),
        *BOOSTERS,
    )
}


def learner_info(name: str) -> LearnerInfo:
    """The learner of that name; SettingError names those there are."""
    if name not in LEARNERS and name in OPTIONAL:
        raise SettingError(
            f"The learner '{name}' needs the package {OPTIONAL[name]}, which is not installed.",
            f"Install it with: python -m pip install {OPTIONAL[name]}",
        )
    if name not in LEARNERS:
        raise SettingError(f"There is no learner '{name}'.", f"Choose one of: {', '.join(LEARNERS)}.")
    return LEARNERS[name]


__all__ = ["DEFAULT", "LEARNERS", "Learner", "LearnerInfo", "Prediction", "learner_info"]
