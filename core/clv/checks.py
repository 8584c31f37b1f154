"""Whether the spend model's assumption holds: how much is spent does not depend on how often."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy import stats

from core.clv.customers import Customers

_WEAK = 0.1


@dataclass(frozen=True, slots=True)
class Dependence:
    """Correlations of repeat orders and mean amount over repeat customers; log_log: of their logarithms,
    with its slope. p_value: of Spearman's correlation."""

    customers: int
    pearson: float
    spearman: float
    p_value: float
    log_log: float
    slope: float

    @property
    def holds(self) -> bool:
        """Whether frequency and amount are close to independent (Spearman and log-log below 0.1)."""
        return abs(self.spearman) < _WEAK and abs(self.log_log) < _WEAK

    def as_dict(self) -> dict[str, float | int | bool]:
        """For JSON."""
        return {**asdict(self), "holds": self.holds}


def dependence(customers: Customers) -> Dependence | None:
    """None where fewer than three repeat customers have amounts, or one of the two does not vary."""
    if customers.spend is None:
        return None
    some = (customers.orders > 0) & (customers.spend > 0)
    x, mean = customers.x[some], customers.spend[some]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(mean) <= 1e-12 * mean.max():
        return None
    rank = stats.spearmanr(x, mean)
    line = stats.linregress(np.log(x), np.log(mean))
    return Dependence(
        customers=len(x),
        pearson=float(np.corrcoef(x, mean)[0, 1]),
        spearman=float(rank.statistic),
        p_value=float(rank.pvalue),
        log_log=float(line.rvalue),
        slope=float(line.slope),
    )
