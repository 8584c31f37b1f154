"""The claim check: what the model predicts for the customers it would choose, beside what was measured."""

from __future__ import annotations

from dataclasses import dataclass

from core.estimate import Estimate
from core.policy.economics import RankedUplift, best_contacts
from core.uplift.contrast import Contrast
from core.uplift.gain import GainCurve


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """Profit of contacting all whose predicted profit is positive, money for the evaluated customers.

    share: of customers chosen. predicted: summed predictions. measured: from outcomes. everyone: measured
    profit of contacting all. random: measured profit of as many customers drawn at random. gap: measured
    profit of the chosen less that of contacting everyone, paired. ratio: predicted ÷ measured, None where the
    measured profit is not above 0.
    """

    contacts: int
    share: float
    predicted: float
    predicted_everyone: float
    measured: Estimate
    everyone: Estimate
    random: Estimate
    gap: Estimate

    @property
    def ratio(self) -> float | None:
        return self.predicted / self.measured.value if self.measured.value > 0 else None

    @property
    def overclaims(self) -> bool:
        """Whether the prediction lies above the interval of what was measured."""
        return self.predicted > self.measured.hi


def claim_check(rows: Contrast, curve: GainCurve, margin: float, cost: float, value: float) -> ClaimCheck:
    """Check the claim on the rows behind `curve`; their score must be the predicted uplift.

    margin: share of revenue kept. cost: money per contact. value: money per outcome unit.
    """
    return claim_of(RankedUplift.of(rows.score), curve, margin, cost, value)


def claim_of(ranked: RankedUplift, curve: GainCurve, margin: float, cost: float, value: float) -> ClaimCheck:
    """The claim of these scores, checked on the curve that was measured in their order."""
    worth = margin * value
    n, chosen = ranked.customers, best_contacts(ranked, margin, cost, value)
    share = chosen / n
    everyone = curve.everyone.scaled(n * worth, -cost * n)
    return ClaimCheck(
        contacts=chosen,
        share=share,
        predicted=float(ranked.total(chosen)) * worth - cost * chosen,
        predicted_everyone=float(ranked.total(n)) * worth - cost * n,
        measured=curve.at(share).scaled(n * worth, -cost * chosen),
        everyone=everyone,
        random=everyone.scaled(share),
        gap=curve.gap_at(share).scaled(n * worth, cost * (n - chosen)),
    )
