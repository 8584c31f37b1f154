"""Design a test: how many customers, how large a hold-out, and who is held out.

Two-sample comparison of means, normal approximation, two-sided at 1 - LEVEL: the closed form of Fleiss,
Levin & Paik, Statistical Methods for Rates and Proportions (3rd ed. 2003), chapter 4, with unpooled
variances. Why revenue needs so many customers: Lewis & Rao, "The Unfavorable Economics of Measuring the
Returns to Advertising", QJE 130 (2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import SettingError
from core.estimate import LEVEL, Estimate

POWER = 0.80
MAX_CUSTOMERS = 10**10
PRACTICAL = 10**7  # customers of a test that someone may have
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Spread of the outcome: standard deviations among contacted and held-out customers, outcome units."""

    contacted: float
    control: float

    @classmethod
    def rate(cls, base: float, uplift: float) -> Outcomes:
        """Of a yes-or-no outcome: `base` is the rate without contact, `uplift` the change to detect."""
        rates = {"response without the contact": base, "response with it": base + uplift}
        for name, p in rates.items():
            if not (math.isfinite(p) and 0.0 <= p <= 1.0):
                raise SettingError(f"The {name} is {100 * p:,.10g} %; it must lie between 0 % and 100 %.")
        return cls(math.sqrt((base + uplift) * (1 - base - uplift)), math.sqrt(base * (1 - base)))

    @classmethod
    def amount(cls, deviation: float) -> Outcomes:
        """Of an amount whose standard deviation is the same with and without contact."""
        return cls(deviation, deviation)

    def __post_init__(self) -> None:
        for deviation in (self.contacted, self.control):
            if not (math.isfinite(deviation) and deviation >= 0):
                raise SettingError(f"The standard deviation is {deviation:g}; it must be 0 or more.")

    def variance(self, holdout: float) -> float:
        """Variance of the measured uplift times the number of customers."""
        _check("hold-out share", holdout)
        return self.contacted**2 / (1 - holdout) + self.control**2 / holdout

    @property
    def best_holdout(self) -> float:
        """The hold-out share that needs fewest customers (Neyman)."""
        total = self.contacted + self.control
        return self.control / total if 0 < self.control < total else 0.5


def customers_needed(
    uplift: float, outcomes: Outcomes, holdout: float = 0.5, power: float = POWER, level: float = LEVEL
) -> int:
    """Customers in all, so that a true `uplift` (outcome units each) shows with probability `power`."""
    if not (math.isfinite(uplift) and uplift != 0):
        raise SettingError(
            "The uplift to detect must be a number other than 0.", "Give the smallest that matters."
        )
    needed = outcomes.variance(holdout) * (_quantiles(power, level) / uplift) ** 2
    if needed > MAX_CUSTOMERS:
        raise SettingError(
            f"An uplift of {uplift:g} would need more than {MAX_CUSTOMERS:,} customers.",
            "Look for a larger one.",
        )
    return max(4, math.ceil(needed))


def smallest_uplift(
    customers: int, outcomes: Outcomes, holdout: float = 0.5, power: float = POWER, level: float = LEVEL
) -> float:
    """The smallest uplift (outcome units each) that `customers` in all show with probability `power`."""
    _check_customers(customers)
    return _quantiles(power, level) * math.sqrt(outcomes.variance(holdout) / customers)


def power_of(
    customers: int, uplift: float, outcomes: Outcomes, holdout: float = 0.5, level: float = LEVEL
) -> float:
    """Probability that a test of `customers` in all shows a true `uplift` (interval at `level` off 0)."""
    _check_customers(customers)
    se = math.sqrt(outcomes.variance(holdout) / customers)
    if se == 0:
        return 1.0 if uplift else 0.0
    z = _NORMAL.inv_cdf(0.5 + level / 2)
    return _NORMAL.cdf(uplift / se - z) + _NORMAL.cdf(-uplift / se - z)


def holdout_needed(
    customers: int, uplift: float, outcomes: Outcomes, power: float = POWER, level: float = LEVEL
) -> float | None:
    """The smallest hold-out share of `customers` that shows a true `uplift`; None where no share does.

    The smaller root of K·h·(1 - h) = σ1²·h + σ0²·(1 - h), K = customers · (uplift ÷ quantiles)².
    """
    _check_customers(customers)
    k = customers * (uplift / _quantiles(power, level)) ** 2
    b = k + outcomes.control**2 - outcomes.contacted**2
    root = b**2 - 4 * k * outcomes.control**2
    if k == 0 or root < 0 or b <= 0:
        return None
    share = 2 * outcomes.control**2 / (b + math.sqrt(root))
    share = max(share, 2 / customers)
    return share if share < 1 and share * customers >= 2 else None


def customers_to_settle(
    measured: Estimate, customers: int, power: float = POWER, level: float = LEVEL
) -> int | None:
    """Customers of a test like the one that gave `measured` on `customers`, large enough to tell it from 0.

    Errors shrink with the root of the number: customers · (quantiles · se ÷ value)². For a difference of
    uplift or profit alike. None where the measured value is 0 or no test of practical size would do.
    """
    if not (math.isfinite(measured.value) and math.isfinite(measured.se)) or measured.value == 0:
        return None
    needed = customers * (_quantiles(power, level) * measured.se / measured.value) ** 2
    return math.ceil(needed) if needed <= PRACTICAL else None


def holdout(ids: pd.Series, share: float, seed: int = 42) -> NDArray[np.bool_]:
    """(n,) who is held out: exactly round(share · n) customers, at random for the seed.

    ids: (n,) unique text. A customer's draw depends on id and seed only, so that the order of the file does
    not matter, and a larger share with the same seed holds out the same customers and more.
    """
    if not (math.isfinite(share) and 0 <= share < 1):
        raise SettingError(f"The hold-out share is {share:g}; it must be at least 0 and below 1.")
    if seed < 0:
        raise SettingError(f"The seed is {seed}; it must be 0 or more.")
    key = f"{seed % 10**16:016d}"  # the hash wants 16 characters
    drawn = pd.util.hash_array(ids.astype("str").to_numpy(dtype=object), hash_key=key, categorize=False)
    order = np.lexsort((ids.to_numpy(dtype=object).astype(str), drawn))
    held = np.zeros(len(ids), np.bool_)
    held[order[: round(share * len(ids))]] = True
    return held


def _quantiles(power: float, level: float) -> float:
    _check("power", power)
    _check("level", level)
    return _NORMAL.inv_cdf(0.5 + level / 2) + _NORMAL.inv_cdf(power)


def _check(name: str, share: float) -> None:
    if not (math.isfinite(share) and 0 < share < 1):
        raise SettingError(
            f"The {name} is {100 * share:,.10g} %; it must lie above 0 % and below 100 %.",
            "Half is 50 %; in commands and links it is written 0.5.",
        )


def _check_customers(customers: int) -> None:
    if not 4 <= customers <= MAX_CUSTOMERS:
        raise SettingError(
            f"A test takes 4 to {MAX_CUSTOMERS:,} customers, not {customers:,}.", "Give such a number."
        )
