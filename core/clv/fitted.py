"""A fitted model as a plain value: numbers, their precision, and what is doubtful about them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.clv import words
from core.clv.determined import undetermined
from core.clv.fitting import Optimum
from core.clv.rows import FloatArray
from core.estimate import LEVEL, Estimate

LOOSE = 1.5  # standard deviation of a combination of log parameters that the data do not determine


@dataclass(frozen=True, slots=True)
class Fitted:
    """model: its key. names, values: the parameters. se: their standard errors, None where the data do not
    determine them. covariance: of the log parameters, loose directions capped at LOOSE. condition: of the
    information matrix. loose: parameters that can only be told together, or not at all. customers: how many
    it was fitted to. unit: of time (purchase models) or "" (spend). notes: sentences for people.
    undetermined: why nothing can be predicted from it (`determined.py`), "" where it can.
    """

    model: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    se: tuple[float | None, ...]
    log_likelihood: float
    customers: int
    covariance: tuple[tuple[float, ...], ...]
    condition: float
    converged: bool
    loose: tuple[str, ...]
    evaluations: int
    unit: str
    notes: tuple[str, ...]
    undetermined: str = ""

    @property
    def params(self) -> FloatArray:
        return np.array(self.values)

    @property
    def bic(self) -> float:
        """Bayesian information criterion: smaller is better, between models of the same customers."""
        return float(len(self.values) * np.log(self.customers) - 2 * self.log_likelihood)

    def interval(self, name: str, level: float = LEVEL) -> Estimate | None:
        """A parameter's interval, normal on the log scale; None where the data do not determine it."""
        index = self.names.index(name)
        value, se = self.values[index], self.se[index]
        if se is None:
            return None
        half = Estimate.normal(0.0, se / value, level).hi
        low, high = value * float(np.exp(-half)), value * float(np.exp(half))
        return Estimate(value, se, low, high, level)

    def points(self) -> FloatArray:
        """(2 d, d) parameters that stand for their uncertainty with equal weight.

        Sigma points: mean and covariance of the log parameters are theirs exactly (Julier & Uhlmann, 2004).
        """
        theta = np.log(self.params)
        values, vectors = np.linalg.eigh(np.array(self.covariance))
        spread = (vectors * np.sqrt(np.maximum(values, 0.0) * len(theta))).T
        return np.asarray(np.exp(np.concatenate((theta + spread, theta - spread))))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; from_dict reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Fitted:
        """What as_dict wrote."""
        tuples = {name: tuple(values[name]) for name in ("names", "values", "se", "loose", "notes")}
        covariance = tuple(tuple(line) for line in values["covariance"])
        return cls(**{**values, **tuples, "covariance": covariance})


def fitted(
    model: str,
    names: tuple[str, ...],
    optimum: Optimum,
    customers: int,
    unit: str = "",
    notes: tuple[str, ...] = (),
    repeaters: int | None = None,
) -> Fitted:
    """Read an optimum: standard errors by the delta method, ridges and bounds named.

    repeaters: customers with a repeat order, for a purchase model; None for a spend model.
    """
    values, vectors = np.linalg.eigh(optimum.information)
    with np.errstate(divide="ignore"):
        spread = np.where(values > 0, 1 / np.sqrt(np.maximum(values, 1e-300)), np.inf)
    unknown = spread > LOOSE
    loose = (np.abs(vectors[:, unknown]) > 0.3).any(axis=1) | np.array(optimum.at_bound)
    capped = np.minimum(spread, LOOSE)
    covariance = (vectors * capped**2) @ vectors.T
    params = np.exp(optimum.theta)
    se = np.sqrt(np.diag(covariance)) * params
    largest = float(np.abs(values).max())
    smallest = float(np.abs(values).min())
    told = tuple(name for name, is_loose in zip(names, loose) if is_loose)
    unknown_rates = "" if repeaters is None else undetermined(names, covariance, repeaters)
    doubts = [unknown_rates] if unknown_rates else []
    if told:
        doubts.append(words.ridge(told, predictable=not unknown_rates))
    elif not optimum.converged:
        doubts.append(words.NOT_CONVERGED)
    for name, value in zip(names, params):
        if name in ("a", "s") and abs(value - 1) < 0.02:
            doubts.append(words.near_one(name, float(value)))
    return Fitted(
        model=model,
        names=names,
        values=tuple(float(v) for v in params),
        se=tuple(None if is_loose else float(e) for e, is_loose in zip(se, loose)),
        log_likelihood=float(optimum.log_likelihood),
        customers=customers,
        covariance=tuple(tuple(float(v) for v in line) for line in covariance),
        condition=min(largest / max(smallest, 1e-300), 1e300),
        converged=bool(optimum.converged),
        loose=told,
        evaluations=optimum.evaluations,
        unit=unit,
        notes=(*doubts, *notes),
        undetermined=unknown_rates,
    )
