"""The learners that can be chosen by name."""

from __future__ import annotations

from core.errors import SettingError
from core.uplift.learners.forest import ForestT
from core.uplift.learners.interface import Learner, LearnerInfo, Prediction

DEFAULT = "t-rf"

LEARNERS: dict[str, LearnerInfo] = {
    info.name: info
    for info in (
        LearnerInfo(
            "t-rf",
            "Two regularised forests",
            "Predicts the outcome with and without the contact by two random forests whose every "
            "leaf holds at least 200 customers.",
            build=lambda seed: ForestT(trees=60, leaf=200, seed=seed),
            restore=ForestT.restore,
        ),
        LearnerInfo(
            "t-rf-deep",
            "Two deep forests (classic recipe)",
            "The usual recipe of two random forests grown to single customers; kept for comparison.",
            build=lambda seed: ForestT(trees=300, leaf=1, seed=seed),
            restore=ForestT.restore,
            caution="overfits",
        ),
    )
}


def learner_info(name: str) -> LearnerInfo:
    """The learner of that name; SettingError names those there are."""
    if name not in LEARNERS:
        raise SettingError(f"There is no learner '{name}'.", f"Choose one of: {', '.join(LEARNERS)}.")
    return LEARNERS[name]


__all__ = ["DEFAULT", "LEARNERS", "Learner", "LearnerInfo", "Prediction", "learner_info"]
