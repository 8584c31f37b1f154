"""A number with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.90
"""Every interval shown is at this level unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A point estimate, its standard error and interval, in the unit of the quantity."""

    value: float
    se: float
    lo: float
    hi: float
    level: float = LEVEL

    @classmethod
    def normal(cls, value: float, se: float, level: float = LEVEL) -> Estimate:
        """The interval value ± z·se of the normal approximation."""
        z = NormalDist().inv_cdf(0.5 + level / 2)
        return cls(float(value), float(se), float(value - z * se), float(value + z * se), level)

    def scaled(self, factor: float, shift: float = 0.0) -> Estimate:
        """The estimate of factor · quantity + shift."""
        ends = sorted((self.lo * factor + shift, self.hi * factor + shift))
        return Estimate(self.value * factor + shift, self.se * abs(factor), ends[0], ends[1], self.level)

    @property
    def tells(self) -> bool:
        """Whether the interval excludes zero."""
        return self.lo > 0 or self.hi < 0
