"""What the scores are judged by: rows of the experiment that the model that scored them has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import DataError
from core.uplift.pooling import pooled

FloatArray = NDArray[np.float64]

_UPLIFT, _Y1, _OWN = "uplift_hat: ", "y1_hat: ", "contact_propensity"


@dataclass(frozen=True)
class Evidence:
    """Held-out or cross-fitted rows with their scores: n customers, K contact arms.

    ids: (n,) text, unique. arm: (n,) int8, index into `arms` (0 is the control). outcome: (n,).
    uplift, y1: (n, K), outcome units per customer; y0: (n,). arms: K + 1 names. propensities: K + 1 shares,
    by design. propensity: (n,) each customer's designed probability of contact, where K is 1 and it was not
    the same for all. group: (n,) customers of one number were scored by the same models; None where one model
    scored all, and in a table read again. Raises DataError where shapes disagree, a score is not finite, a
    probability does not lie between 0 and 1, or an arm has fewer than two rows.
    """

    ids: pd.Series
    arm: NDArray[np.int8]
    outcome: FloatArray
    uplift: FloatArray
    y1: FloatArray
    y0: FloatArray
    arms: tuple[str, ...]
    propensities: tuple[float, ...]
    propensity: FloatArray | None = None
    group: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        n, k = len(self.ids), len(self.arms) - 1
        shapes = {
            "arm": (self.arm.shape, (n,)),
            "outcome": (self.outcome.shape, (n,)),
            "uplift": (self.uplift.shape, (n, k)),
            "y1": (self.y1.shape, (n, k)),
            "y0": (self.y0.shape, (n,)),
            "propensities": ((len(self.propensities),), (k + 1,)),
        }
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise DataError(f"The evidence's {name} has shape {found}; {wanted} was expected.")
        if not all(np.isfinite(a).all() for a in (self.outcome, self.uplift)):
            raise DataError("The evidence holds scores or outcomes that are not finite numbers.")
        e = self.propensity
        if e is not None and (k != 1 or e.shape != (n,) or not ((e > 0) & (e < 1)).all()):
            raise DataError(
                "The evidence's probabilities of contact must be one a customer, above 0 and below 1, "
                "with one contact arm."
            )
        if abs(sum(self.propensities) - 1.0) > 1e-6 or min(self.propensities) <= 0:
            shares = ", ".join(f"{p:g}" for p in self.propensities)
            raise DataError(
                f"The propensities {shares} must be above 0 and sum to 1.",
                "Give the share of customers that the design put in each arm.",
            )
        counts = np.bincount(self.arm, minlength=k + 1)
        if counts.size > k + 1:
            raise DataError("The evidence holds an arm that has no name.")
        for name, count in zip(self.arms, counts):
            if count < 2:
                raise DataError(
                    f"Only {int(count)} of the {n:,} rows kept for measuring are in arm '{name}'.",
                    "Use a larger experiment, or keep a larger share of it for measuring.",
                )

    @property
    def customers(self) -> int:
        return len(self.ids)

    def chance(self, arm: int) -> FloatArray:
        """(n,) each customer's probability of the arm by design, 0 the control."""
        if self.propensity is None:
            return np.full(self.customers, self.propensities[arm])
        return self.propensity if arm else 1.0 - self.propensity

    def pooled(self, uplift: FloatArray) -> Evidence:
        """The same with (n, K) `uplift` on one scale over the groups."""
        if self.group is not None:
            uplift = np.column_stack([pooled(column, self.group) for column in uplift.T])
        return replace(self, uplift=uplift)

    def at(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Evidence:
        """The customers at `rows`, in that order."""
        arrays = ("arm", "outcome", "uplift", "y1", "y0")
        return replace(
            self,
            ids=self.ids.iloc[rows].reset_index(drop=True),
            propensity=None if self.propensity is None else self.propensity[rows],
            group=None if self.group is None else self.group[rows],
            **{name: getattr(self, name)[rows] for name in arrays},
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a customer, complete in itself: row_id, arm (its name), propensity (of that arm), outcome,
        y0_hat, then `y1_hat: <arm>` and `uplift_hat: <arm>` for each contact arm; contact_propensity, the
        customer's own, where it was stated."""
        columns: dict[str, object] = {
            "row_id": self.ids.to_numpy(),
            "arm": pd.Categorical(np.asarray(self.arms)[self.arm], categories=list(self.arms)),
            "propensity": np.asarray(self.propensities)[self.arm],
            "outcome": self.outcome,
            "y0_hat": self.y0,
        }
        for k, name in enumerate(self.arms[1:]):
            columns[_Y1 + name] = self.y1[:, k]
            columns[_UPLIFT + name] = self.uplift[:, k]
        if self.propensity is not None:
            columns[_OWN] = self.propensity
        return pd.DataFrame(columns).astype({"row_id": "str"})

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Evidence:
        """The evidence that `to_frame` wrote. Raises DataError where the columns are not its columns."""
        contacts = [str(c)[len(_UPLIFT) :] for c in frame.columns if str(c).startswith(_UPLIFT)]
        needed = {"row_id", "arm", "propensity", "outcome", "y0_hat", *(_Y1 + name for name in contacts)}
        missing = sorted(needed - set(frame.columns))
        labels = [] if missing else [str(v) for v in frame["arm"].unique()]
        control = [name for name in labels if name not in contacts]
        if missing or not contacts or len(control) != 1:
            raise DataError(
                "This is not a table of evidence that this program wrote.", "Train the model again."
            )
        arms = (control[0], *contacts)
        codes = frame["arm"].astype(str).map({name: k for k, name in enumerate(arms)}).to_numpy(np.int64)
        propensity = frame["propensity"].to_numpy(np.float64)
        found = dict(zip(codes.tolist(), propensity.tolist()))
        shares = tuple(found.get(k, 0.0) for k in range(len(arms)))
        return cls(
            ids=frame["row_id"].astype("str").reset_index(drop=True),
            arm=codes.astype(np.int8),
            outcome=frame["outcome"].to_numpy(np.float64),
            uplift=frame[[_UPLIFT + name for name in contacts]].to_numpy(np.float64),
            y1=frame[[_Y1 + name for name in contacts]].to_numpy(np.float64),
            y0=frame["y0_hat"].to_numpy(np.float64),
            arms=arms,
            propensities=shares,
            propensity=frame[_OWN].to_numpy(np.float64) if _OWN in frame else None,
        )
