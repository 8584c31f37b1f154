"""What is kept of an experiment's health: the findings and the arms, in a form that a file can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import DataError
from core.uplift.finding import Finding
from core.uplift.health import BLOCKING, Health


@dataclass(frozen=True, slots=True)
class ArmSize:
    """One arm. share, planned: of customers, 0-1; planned None where not stated. mean_outcome: each."""

    arm: str
    customers: int
    share: float
    planned: float | None
    mean_outcome: float


@dataclass(frozen=True, slots=True)
class HealthReport:
    """findings: most severe first. blocked: measured profit must not be shown."""

    findings: tuple[Finding, ...]
    arms: tuple[ArmSize, ...]
    blocked: bool

    @classmethod
    def of(cls, health: Health) -> HealthReport:
        """What a file keeps of `health`."""
        arms = tuple(
            ArmSize(
                str(row["arm"]),
                int(row["customers"]),
                float(row["share"]),
                None if math.isnan(float(row["planned"])) else float(row["planned"]),
                float(row["mean_outcome"]),
            )
            for row in health.arms.to_dict("records")
        )
        return cls(health.findings, arms, health.blocked)

    def check_learnable(self) -> None:
        """Raise DataError where the outcome does not vary: any figure from it would look certain."""
        for finding in self.findings:
            if finding.code == "outcome" and finding.severity == "problem":
                raise DataError(finding.sentence, finding.action)

    def check_comparable(self) -> None:
        """Raise DataError where the arms cannot be compared: nothing may be measured on them."""
        if self.blocked:
            found = next(f for f in self.findings if f.severity == "problem" and f.code in BLOCKING)
            raise DataError(f"{found.sentence} Nothing can be measured on it.", found.action)

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> HealthReport:
        """What `as_dict` gave."""
        findings = tuple(Finding(**{**f, "columns": tuple(f["columns"])}) for f in value["findings"])
        return cls(findings, tuple(ArmSize(**arm) for arm in value["arms"]), bool(value["blocked"]))
