"""Column roles and types: what a campaign or an audience consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["numeric", "categorical"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column the model reads and its type."""

    column: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Roles:
    """What each column of a campaign file is for.

    id None: rows are numbered from 0 as `row_id`. arms: the contact values learnt from, each with its own
    uplift; empty: all values other than the control, pooled as one contact arm. features: empty: every other
    column. drop: columns never used as features. cap: outcomes above it count as it; None: as they stand.
    propensity: the column with each customer's designed probability of contact; None: the same for all.
    """

    treatment: str
    control: str
    outcome: str
    id: str | None = None
    arms: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    cap: float | None = None
    propensity: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not a feature, and why (one sentence for people).

    code names the kind of reason: "arm" (depends on the arm), "chose" (the same, and may have decided it),
    "outcome" (repeats it), "constant", "identifier", "dates", "dropped" (the user's wish); "" for any other.
    """

    column: str
    reason: str
    code: str = ""


@dataclass(frozen=True)
class Experiment:
    """A validated campaign: n customers, k arms (arm 0 is the control).

    ids: (n,) text, unique. arm: (n,) int8, index into `arms`. outcome: (n,) float64 ≥ 0. features: (n, p)
    frame, float64 (NaN = missing) for numeric and str (missing = NA) for categorical columns, numeric first,
    each in file order. propensities: (k,) shares of the arms, by design. left_out: columns not used.
    pooled: the treatment's values that make up the one contact arm, where several were pooled. capped: how
    many outcomes were above `roles.cap`, and the share of their sum that this took away. propensity: (n,)
    designed probability of contact of each customer, 0-1, with one contact arm; None: the same for all.
    """

    ids: pd.Series
    arm: NDArray[np.int8]
    arms: tuple[str, ...]
    outcome: NDArray[np.float64]
    features: pd.DataFrame
    schema: tuple[Feature, ...]
    propensities: tuple[float, ...]
    roles: Roles
    left_out: tuple[LeftOut, ...] = ()
    pooled: tuple[str, ...] = ()
    capped: tuple[int, float] = (0, 0.0)
    propensity: NDArray[np.float64] | None = None

    @property
    def binary(self) -> bool:
        """Whether the outcome is 0/1."""
        return bool(np.isin(self.outcome, (0.0, 1.0)).all())

    @property
    def treated(self) -> NDArray[np.bool_]:
        """(n,) whether the customer was contacted, in any arm."""
        return self.arm > 0


@dataclass(frozen=True)
class Audience:
    """Customers to score: ids (n,) text unique; features (n, p) as in Experiment; extra (n, q) every column
    of the file except the id, untouched, to pass through. missing: missing values per feature (only > 0)."""

    ids: pd.Series
    features: pd.DataFrame
    extra: pd.DataFrame
    missing: dict[str, int]
