"""What a model is worth on rows it has not seen: one frozen value, and its JSON form."""

from __future__ import annotations

import math
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.estimate import Estimate
from core.progress import Progress, silent
from core.uplift.bootstrap import REPLICATES, bootstrap
from core.uplift.claim import ClaimCheck, claim_check
from core.uplift.contrast import Contrast, contrast
from core.uplift.deciles import deciles_of
from core.uplift.evidence import Evidence, FloatArray
from core.uplift.gain import GainCurve, curve_of
from core.uplift.qini import Areas
from core.uplift.rate import Rates
from core.uplift.slope import calibration_slope

SHARES = (0.1, 0.2, 0.3)
MANY_ROWS = 200_000
"""Above this many rows a fifth of the bootstrap replicates do."""


@dataclass(frozen=True)
class Ranking:
    """How well a score ranks customers by what contact changes, with intervals from outcomes.

    effect: average effect of contact, outcome units per customer. qini, auuc: dimensionless, as in
    `core.uplift.qini`. autoc, rate_qini: outcome units (`core.uplift.rate`). uplift_at:
    share → effect among the best share. slope: calibration slope, None for a constant score.
    """

    effect: Estimate
    qini: Estimate
    auuc: Estimate
    autoc: Estimate
    rate_qini: Estimate
    uplift_at: dict[float, Estimate]
    slope: Estimate | None


@dataclass(frozen=True)
class Evaluation:
    """Everything `evaluation.json` says. Money is for the `customers` evaluated.

    ranking: of each customer's best arm; by_arm: of each contact arm alone, in the order of `arms`.
    profit_at: share → measured profit of contacting the best share. deciles as `core.uplift.deciles`.
    """

    customers: int
    arms: tuple[str, ...]
    counts: tuple[int, ...]
    margin: float
    cost: float
    value: float
    ranking: Ranking
    by_arm: dict[str, Ranking]
    claim: ClaimCheck
    profit_at: dict[float, Estimate]
    deciles: pd.DataFrame
    curve: GainCurve

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe: estimates as {value, se, lo, hi}, numbers that do not exist as null."""
        result: dict[str, Any] = {
            "customers": self.customers,
            "arms": dict(zip(self.arms, self.counts)),
            "economics": {"margin": self.margin, "cost": self.cost, "value": self.value},
            "ranking": _plain(self.ranking),
            "by_arm": _plain(self.by_arm),
            "claim": _plain(self.claim) | {"ratio": _plain(self.claim.ratio)},
            "profit_at": _plain(self.profit_at),
            "deciles": [_plain(row) for row in self.deciles.to_dict("records")],
        }
        curve = self.curve.thinned(200)
        result["curve"] = {name: _plain(column.to_list()) for name, column in curve.to_frame().items()}
        result["curve"]["critical"] = _plain(curve.critical)
        return result


def evaluate(
    evidence: Evidence,
    margin: float = 0.30,
    cost: float = 0.05,
    value: float = 1.0,
    *,
    replicates: int | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Judge the evidence's scores by its outcomes, under the given economics.

    margin: share of revenue kept. cost: money per contact. value: money per outcome unit. replicates: of the
    bootstrap over customers; None for 1,000 (a fifth of it for large evidence). Deterministic.
    """
    progress("Measuring the ranking", 0.0)
    rows = contrast(evidence)
    curve = curve_of(rows)
    ranking = ranking_of(rows, curve, replicates)
    by_arm = {}
    contacts = evidence.arms[1:]
    for k, name in enumerate(contacts):
        progress(f"Measuring {name}", (k + 1) / (len(contacts) + 1))
        by_arm[name] = ranking if len(contacts) == 1 else ranking_of(contrast(evidence, k), None, replicates)
    n = rows.customers
    profit_at = {s: curve.at(s).scaled(n * margin * value, -cost * s * n) for s in (*SHARES, 1.0)}
    counts = np.bincount(evidence.arm, minlength=len(evidence.arms))
    progress("Measuring the ranking", 1.0)
    return Evaluation(
        customers=evidence.customers,
        arms=evidence.arms,
        counts=tuple(int(c) for c in counts),
        margin=margin,
        cost=cost,
        value=value,
        ranking=ranking,
        by_arm=by_arm,
        claim=claim_check(rows, curve, margin, cost, value),
        profit_at=profit_at,
        deciles=deciles_of(rows),
        curve=curve,
    )


def ranking_of(rows: Contrast, curve: GainCurve | None = None, replicates: int | None = None) -> Ranking:
    """Judge the order of rows already sorted; `slope` supposes that their score is the predicted uplift."""
    curve = curve or curve_of(rows, band=False)
    if replicates is None:
        replicates = REPLICATES if rows.customers <= MANY_ROWS else REPLICATES // 5

    areas, rates = Areas(rows), Rates(rows)

    def statistics(weight: FloatArray | None) -> FloatArray:
        return np.array([*areas(weight), *rates(weight)])

    qini, auuc, autoc, rate_qini = bootstrap(statistics, rows.customers, replicates)
    return Ranking(
        effect=rows.effect,
        qini=qini,
        auuc=auuc,
        autoc=autoc,
        rate_qini=rate_qini,
        uplift_at={share: curve.at(share).scaled(1 / share) for share in SHARES},
        slope=calibration_slope(rows),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return {name: _plain(getattr(value, name)) for name in ("value", "se", "lo", "hi")}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
