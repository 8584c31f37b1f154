"""What an experiment says of a ranking under any economics: found once, so that a slider asks no row."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.estimate import Estimate
from core.policy.economics import RankedUplift
from core.uplift.contrast import contrast
from core.uplift.deciles import deciles_of
from core.uplift.evidence import Evidence
from core.uplift.gain import GainCurve, curve_of
from core.uplift.verdict import Verdict, customers_differ, verdict_of


@dataclass(frozen=True)
class Measured:
    """ranked: predicted uplift of the customers measured. curve: what contacting the best of them brought.

    customers_differ: as in `core.uplift.verdict.Verdict`. deciles: as `core.uplift.deciles.deciles`.
    """

    ranked: RankedUplift
    curve: GainCurve
    customers_differ: Estimate
    deciles: pd.DataFrame

    @classmethod
    def of(cls, evidence: Evidence) -> Measured:
        """Measure the evidence's own scores."""
        rows = contrast(evidence)
        differ = customers_differ(rows, evidence.customers)
        return cls(RankedUplift.of(rows.score), curve_of(rows), differ, deciles_of(rows))

    def verdict(self, margin: float, cost: float, value: float) -> Verdict:
        """The answer under these economics: `core.uplift.verdict.verdict` of the same evidence."""
        return verdict_of(self.ranked, self.curve, self.customers_differ, margin, cost, value)
