"""What a scenario decides for an audience: predicted profit beside the profit measured on the experiment."""

from __future__ import annotations

from dataclasses import dataclass

from core.estimate import Estimate
from core.policy.economics import RankedUplift, best_contacts
from core.scenario import Scenario
from core.uplift.gain import GainCurve
from core.uplift.likeness import Unmeasured


@dataclass(frozen=True, slots=True)
class Economics:
    """Predicted money of a set of contacts: incremental revenue, cost, and margin · revenue - cost."""

    revenue: float
    cost: float
    profit: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Whom the scenario contacts and what it earns, in money for this audience.

    measured*: what the same share of the experiment's held-out customers, best first, earned, carried over to
    the audience's size; None without an experiment. measured_gap: chosen minus everyone, paired on the rows.
    Contacting no one earns 0 by definition. one_score: whether every customer has the same score, so that
    nothing tells the first of the list from the last. reached: of a plan with conditions, customers contacted
    at least once; None where no conditions were set. unmeasured: why nothing was measured. weight: the
    column by which a plan weighs each customer's gain.
    """

    scenario: Scenario
    customers: int
    contacts: int
    best_contacts: int
    predicted: Economics
    predicted_everyone: Economics
    measured: Estimate | None
    measured_everyone: Estimate | None
    measured_gap: Estimate | None
    one_score: bool = False
    reached: int | None = None
    unmeasured: Unmeasured = ""
    weight: str | None = None

    @property
    def share(self) -> float:
        """Customers contacted ÷ customers, 0-1."""
        people = self.contacts if self.reached is None else self.reached
        return people / self.customers if self.customers else 0.0

    @property
    def claim_ratio(self) -> float | None:
        """Predicted ÷ measured profit; None where the measured profit is not above 0."""
        if self.measured is None or self.measured.value <= 0:
            return None
        return self.predicted.profit / self.measured.value


def decide(
    ranked: RankedUplift, curve: GainCurve | None, scenario: Scenario, unmeasured: Unmeasured = ""
) -> Decision:
    """Choose by predicted profit and value the choice on the experiment.

    ranked: the audience's scores. curve: gain per customer of the experiment against the share contacted.
    unmeasured: why there is no curve, or it does not hold for this audience and is not heeded.
    """
    curve = None if unmeasured else curve
    best = best_contacts(ranked, scenario.margin, scenario.cost, scenario.value)
    fixed = scenario.policy == "bestN" and scenario.topn is not None
    customers = ranked.customers
    contacts = min(scenario.topn or 0, customers) if fixed else best
    worth = scenario.margin * scenario.value

    def predicted(n: int) -> Economics:
        revenue, cost = scenario.value * float(ranked.total(n)), scenario.cost * n
        return Economics(revenue, cost, scenario.margin * revenue - cost)

    share = contacts / customers if customers else 0.0
    measured = everyone = gap = None
    if curve is not None:
        measured = curve.at(share).scaled(customers * worth, -scenario.cost * contacts)
        everyone = curve.at(1.0).scaled(customers * worth, -scenario.cost * customers)
        gap = curve.gap_at(share).scaled(customers * worth, scenario.cost * (customers - contacts))
    return Decision(
        scenario,
        customers,
        contacts,
        best,
        predicted(contacts),
        predicted(customers),
        measured,
        everyone,
        gap,
        one_score=customers > 1 and ranked.block_end.size == 1,
        unmeasured=unmeasured,
    )
