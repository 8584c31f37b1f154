"""Champion and challengers: learners compared on the same customers, customer by customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import DataError
from core.estimate import LEVEL, Estimate
from core.uplift.claim import ClaimCheck, claim_check
from core.uplift.contrast import Contrast, contrast
from core.uplift.evidence import Evidence
from core.uplift.gain import curve_of
from core.uplift.influence import Influenced, area_gained, set_gain
from core.uplift.slope import calibration_slope

Standing = Literal["champion", "better", "worse", "indistinguishable"]
Reason = Literal["kept", "better", "level and cheaper"]

LEVEL_SHORTFALL = 0.5
"""A cheaper learner is level when it is not distinguishable and at most this many standard errors behind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One learner on the leaderboard, beside the incumbent.

    area: gained over random on average over all shares, outcome units per customer; qini is this ÷ the
    average effect, the same for all. profit: measured, money, of contacting those who pay by its scores, for
    the customers measured. slope: calibration. gap, gap_profit: less the incumbent's, paired. standing: by
    `gap`, at LEVEL for all challengers together. effort: what it costs to train and score, any one unit.
    """

    learner: str
    area: Estimate
    qini: Estimate
    profit: Estimate
    claim: ClaimCheck
    slope: Estimate | None
    gap: Estimate
    gap_profit: Estimate
    standing: Standing
    effort: float


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """All learners, best Qini first. champion: the one to use; incumbent: the one it had to beat; reason:
    why. customers: measured, the same for all."""

    entries: tuple[Entry, ...]
    champion: str
    incumbent: str
    reason: Reason
    customers: int

    def entry(self, learner: str) -> Entry:
        """The entry of one learner."""
        return next(entry for entry in self.entries if entry.learner == learner)


def leaderboard(
    candidates: Mapping[str, Evidence],
    incumbent: str,
    effort: Mapping[str, float] | None = None,
    *,
    margin: float = 0.30,
    cost: float = 0.05,
    value: float = 1.0,
) -> Leaderboard:
    """Compare learners by what their ranking gains, paired on the same cross-fitted rows.

    incumbent: the learner that stays unless another is better: the lower end of the paired difference above 0
    (one-sided at (1 - LEVEL) ÷ 2, Bonferroni over the challengers), or level with it and cheaper by `effort`.
    Raises DataError where the candidates do not hold the same customers in the same order.
    """
    _same_rows(candidates)
    judged = {name: _Judged.of(evidence, margin, cost, value) for name, evidence in candidates.items()}
    base = judged[incumbent]
    places = _places({name: one.area for name, one in judged.items()}, incumbent, effort or {})
    entries = []
    for place in places:
        one = judged[place.learner]
        entries.append(
            Entry(
                learner=place.learner,
                area=one.area.estimate(),
                qini=_qini(one.area, one.rows.effect.value),
                profit=one.claim.measured,
                claim=one.claim,
                slope=calibration_slope(one.rows),
                gap=place.gap,
                gap_profit=(one.profit - base.profit).estimate(),
                standing=place.standing,
                effort=place.effort,
            )
        )
    champion, reason = _promote(places, incumbent)
    return Leaderboard(tuple(entries), champion, incumbent, reason, base.area.influence.size)


def champion_of(
    candidates: Mapping[str, Evidence], incumbent: str, effort: Mapping[str, float] | None = None
) -> str:
    """The champion of `leaderboard`, whose ranking alone decides. Raises as it does."""
    _same_rows(candidates)
    areas = {name: area_gained(contrast(one), one.customers) for name, one in candidates.items()}
    return _promote(_places(areas, incumbent, effort or {}), incumbent)[0]


def paired_profit(
    first: Evidence, second: Evidence, margin: float, cost: float, value: float = 1.0
) -> Estimate:
    """Measured profit of contacting those who pay by the first scores less by the second, money, paired."""
    _same_rows({"first": first, "second": second})
    one, other = (_Judged.of(e, margin, cost, value).profit for e in (first, second))
    return (one - other).estimate()


@dataclass(frozen=True)
class _Judged:
    rows: Contrast
    area: Influenced
    profit: Influenced
    claim: ClaimCheck

    @classmethod
    def of(cls, evidence: Evidence, margin: float, cost: float, value: float) -> _Judged:
        rows = contrast(evidence)
        claim = claim_check(rows, curve_of(rows, band=False), margin, cost, value)
        n, chosen = rows.customers, claim.contacts
        gain = set_gain(rows, chosen, evidence.customers)
        profit = gain.times(n * margin * value, -cost * chosen)
        return cls(rows, area_gained(rows, evidence.customers), profit, claim)


def _qini(area: Influenced, effect: float) -> Estimate:
    return area.estimate().scaled(1.0 / effect) if effect else area.estimate().scaled(np.nan)


def _standing(gap: Estimate) -> Standing:
    if gap.lo > 0:
        return "better"
    return "worse" if gap.hi < 0 else "indistinguishable"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a learner stands by its ranking. area: its value; gap: less the incumbent's."""

    learner: str
    area: float
    gap: Estimate
    standing: Standing
    effort: float


def _places(areas: Mapping[str, Influenced], incumbent: str, effort: Mapping[str, float]) -> list[_Place]:
    """The learners, the largest area first."""
    together = 1.0 - (1.0 - LEVEL) / max(len(areas) - 1, 1)
    places = []
    for name, area in areas.items():
        gap = area - areas[incumbent]
        standing: Standing = "champion" if name == incumbent else _standing(gap.estimate(together))
        places.append(_Place(name, area.value, gap.estimate(), standing, float(effort.get(name, 0.0))))
    return sorted(places, key=lambda place: (-place.area, place.effort, place.learner))


def _promote(places: list[_Place], incumbent: str) -> tuple[str, Reason]:
    better = [place for place in places if place.standing == "better"]
    if better:
        return better[0].learner, "better"
    own = next(place.effort for place in places if place.learner == incumbent)
    level = [
        place
        for place in places
        if place.standing == "indistinguishable"
        and place.effort < own
        and place.gap.value >= -LEVEL_SHORTFALL * place.gap.se
    ]
    if level:
        return min(level, key=lambda place: (place.effort, place.learner)).learner, "level and cheaper"
    return incumbent, "kept"


def _same_rows(candidates: Mapping[str, Evidence]) -> None:
    first, *others = candidates.values()
    for other in others:
        if not (
            np.array_equal(first.arm, other.arm)
            and np.array_equal(first.outcome, other.outcome)
            and first.arms == other.arms
            and first.ids.equals(other.ids)
        ):
            raise DataError(
                "The learners were not measured on the same customers, so they cannot be compared.",
                "Train them on the same file with the same seed.",
            )
