"""What the experiment says a marketer should do: one of four answers, with the numbers behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from core.estimate import Estimate
from core.policy.economics import RankedUplift
from core.uplift.claim import ClaimCheck, claim_of
from core.uplift.contrast import Contrast, contrast
from core.uplift.design import POWER, customers_to_settle
from core.uplift.evidence import Evidence
from core.uplift.gain import GainCurve, curve_of
from core.uplift.influence import area_gained

DIFFER_LEVEL = 0.95
"""Level at which customers are said to differ. The folds of cross-fitting learn from one another's customers,
so that a ranking found in noise is measured as better more often than an interval knows: in up to 12 % of
campaigns without differences where it should be 5 %. Chernozhukov et al. (2018, "Generic machine learning
inference") halve the error for this reason; where one part was held out, it is stricter than needed."""


class Answer(Enum):
    """The four answers. A value is a stable code for files and URLs; the sentences are in `core.advice`."""

    TARGETING_PAYS = "targeting-pays"
    CONTACT_EVERYONE = "contact-everyone"
    CONTACT_NO_ONE = "contact-no-one"
    NOT_ENOUGH_EVIDENCE = "not-enough-evidence"


@dataclass(frozen=True, slots=True)
class Verdict:
    """answer, and what it rests on; money for the customers measured.

    claim: the chosen set beside everyone. customers_differ: gained by the ranking over random, outcome units
    per customer; only a lower end above 0 shows that customers differ at all. settled: whether the chosen set
    and everyone are told apart. test: customers of a new test, of the same shares of arms, that would tell
    with power POWER if the truth is as measured; None where nothing is open or no size would do.
    """

    answer: Answer
    claim: ClaimCheck
    customers_differ: Estimate
    settled: bool
    customers: int
    test: int | None


def verdict(evidence: Evidence, margin: float = 0.30, cost: float = 0.05, value: float = 1.0) -> Verdict:
    """The answer under the given economics. margin: share kept; cost: money per contact; value: per unit."""
    rows = contrast(evidence)
    differ = customers_differ(rows, evidence.customers)
    ranked = RankedUplift.of(rows.score)
    return verdict_of(ranked, curve_of(rows, band=False), differ, margin, cost, value)


def customers_differ(rows: Contrast, customers: int) -> Estimate:
    """Gained by the ranking over random on average over all shares, outcome units per customer; its interval
    is at DIFFER_LEVEL. customers: rows of the evidence behind `rows`."""
    return area_gained(rows, customers).estimate(DIFFER_LEVEL)


def verdict_of(
    ranked: RankedUplift,
    curve: GainCurve,
    differ: Estimate,
    margin: float,
    cost: float,
    value: float,
) -> Verdict:
    """The answer from what was measured before: scores, the curve in their order, and whether they differ."""
    claim = claim_of(ranked, curve, margin, cost, value)
    return _judge(claim, differ, ranked.customers)


def _judge(claim: ClaimCheck, differ: Estimate, customers: int) -> Verdict:
    chosen, everyone, gap = claim.measured, claim.everyone, claim.gap
    targets = 0 < claim.contacts < customers
    if targets and chosen.lo > 0 and (gap.lo > 0 or (gap.hi > 0 and everyone.lo <= 0)):
        # paying for sure, and either better than everyone or everyone not known to pay
        answer = Answer.TARGETING_PAYS
    elif everyone.lo > 0:
        answer = Answer.CONTACT_EVERYONE
    elif everyone.hi < 0 and (not targets or chosen.value <= 0):
        answer = Answer.CONTACT_NO_ONE
    else:
        answer = Answer.NOT_ENOUGH_EVIDENCE
    settled = gap.tells or not targets
    open_question = _open_question(answer, claim, settled, targets)
    test = None if open_question is None else customers_to_settle(open_question, customers, POWER)
    return Verdict(answer, claim, differ, settled, customers, test)


def _open_question(answer: Answer, claim: ClaimCheck, settled: bool, targets: bool) -> Estimate | None:
    """The difference a further test would have to settle, None where there is none."""
    if answer is Answer.NOT_ENOUGH_EVIDENCE:
        better_first = sorted([claim.measured, claim.everyone] if targets else [claim.everyone], key=_worth)
        return better_first[-1]
    return None if settled else claim.gap


def _worth(estimate: Estimate) -> float:
    return estimate.value if math.isfinite(estimate.value) else -math.inf
