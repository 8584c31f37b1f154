"""What customers spend per order: the fitted spend model, the one amount there is, or why it cannot be
told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.clv import words
from core.clv.customers import Customers
from core.clv.fitted import Fitted, fitted
from core.clv.fitting import maximise
from core.clv.rows import FloatArray
from core.clv.spend import GAMMA_GAMMA, expected_spend, spend_rate, spend_rows
from core.progress import Progress, silent

_FEW = 10


@dataclass(frozen=True, slots=True)
class Spending:
    """fit: the Gamma-Gamma model, or None. constant: the amount of every order where all are equal, or None.
    reason: why neither is there, for people."""

    fit: Fitted | None = None
    constant: float | None = None
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether spend can be predicted."""
        return self.fit is not None or self.constant is not None

    def expected(self, customers: Customers) -> FloatArray:
        """(n,) expected amount of each customer's next orders; only where it is known."""
        if self.fit is None:
            return np.full(len(customers), self.constant)
        return expected_spend(self.fit.params, customers.x, _means(customers))

    def draw(
        self, x: FloatArray, mean: FloatArray, orders: FloatArray, rng: np.random.Generator
    ) -> FloatArray:
        """(n,) random total of `orders` (n,) further orders of customers with x orders of mean amount `mean`.

        The parameters' own uncertainty is in it: each of their sigma points is used for every sixth customer.
        """
        if self.fit is None:
            return orders * float(self.constant or 0.0)
        total = np.zeros(len(x))
        points = self.fit.points()
        for index, point in enumerate(points):
            part = slice(index, None, len(points))
            some = orders[part]
            rate = spend_rate(point, x[part], mean[part], rng)
            total[part] = np.where(
                some > 0, rng.standard_gamma(np.maximum(point[0] * some, 1e-9)) / rate, 0.0
            )
        return total


def spending(customers: Customers, progress: Progress = silent) -> Spending:
    """Fit Gamma-Gamma to the mean amounts of repeat customers, or say what the data cannot tell."""
    if customers.spend is None:
        return Spending(reason=words.NO_SPEND)
    rows = spend_rows(customers.x, customers.spend)
    if rows.customers < _FEW:
        return Spending(reason=words.FEW_SPENDERS.format(customers=words.people(int(rows.customers))))
    if float(np.ptp(rows.mean)) <= 1e-9 * float(rows.mean.max()):
        return Spending(constant=float(rows.mean[0]), reason=words.EQUAL_AMOUNTS)
    optimum = maximise(GAMMA_GAMMA, rows, progress)
    found = fitted(GAMMA_GAMMA.key, GAMMA_GAMMA.names, optimum, round(rows.customers))
    if found.values[1] <= 1:
        return Spending(reason=words.NO_MEAN.format(q=found.values[1]))
    return Spending(fit=found)


def _means(customers: Customers) -> FloatArray:
    return np.zeros(len(customers)) if customers.spend is None else customers.spend
