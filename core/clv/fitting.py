"""Maximum likelihood on log parameters: analytic gradients, a pilot on a sample, then few passes over
all rows.

Deterministic: starts are computed from the data, the pilot is drawn with a fixed seed. One BLAS thread: the
matrices are 4 × 4, and waking other threads for them costs more than the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from core.clv.rows import FloatArray
from core.progress import Progress, silent

BOUND = float(np.log(1e6))  # a parameter stays within a factor of a million of its start
PILOT = 20_000  # customers
_SEED = 275
_DECREMENT = 1e-9  # log-likelihood still to be gained when a search stops


class Counted(Protocol):
    """Rows with weights."""

    @property
    def size(self) -> int: ...
    @property
    def customers(self) -> float: ...
    def resampled(self: R, customers: int, rng: np.random.Generator) -> R: ...


R = TypeVar("R", bound=Counted)
R_contra = TypeVar("R_contra", contravariant=True)


class Likelihood(Protocol[R_contra]):
    """A model that can be fitted to rows."""

    @property
    def names(self) -> tuple[str, ...]: ...
    def starts(self, rows: R_contra) -> FloatArray: ...
    def log_likelihood(self, theta: FloatArray, rows: R_contra) -> tuple[float, FloatArray]: ...


@dataclass(frozen=True)
class Optimum:
    """theta: (d,) log parameters. information: (d, d) minus the Hessian of the summed log-likelihood there.

    left: how much log-likelihood one more Newton step would promise. at_bound: (d,) parameters stopped by
    their bounds. evaluations: passes over all rows.
    """

    theta: FloatArray
    log_likelihood: float
    gradient: FloatArray
    information: FloatArray
    left: float
    at_bound: tuple[bool, ...]
    evaluations: int

    @property
    def converged(self) -> bool:
        return self.left < 1e-4 and not any(self.at_bound)


def maximise(model: Likelihood[R], rows: R, progress: Progress = silent) -> Optimum:
    """Fit `model` to `rows`."""
    with threadpool_limits(limits=1, user_api="blas"):
        progress("Finding where to start", 0.0)
        starts = model.starts(rows)
        low, high = starts.min(axis=0) - BOUND, starts.max(axis=0) + BOUND
        search = _Search(model.log_likelihood, low, high)
        if rows.size <= 1.5 * PILOT:
            theta = max((search.broad(start, rows) for start in starts), key=lambda t: search.value(t, rows))
            curvature = search.information(theta, rows)
        else:
            pilot = rows.resampled(PILOT, np.random.default_rng(_SEED))
            theta = max(
                (search.broad(start, pilot) for start in starts), key=lambda t: search.value(t, pilot)
            )
            curvature = search.information(theta, pilot) * (rows.customers / PILOT)
        search.evaluations = 0
        progress("Fitting all customers", 0.3)
        theta = search.close(theta, curvature, rows)
        progress("Measuring the precision", 0.7)
        information = search.information(theta, rows)
        value, gradient = search.evaluate(theta, rows)
        step = _newton(information, gradient)
        polished = np.clip(theta + step, low, high)
        better = search.evaluate(polished, rows)
        if better[0] >= value:
            theta, (value, gradient) = polished, better
        left = 0.5 * float(gradient @ _newton(information, gradient))
        at_bound = tuple(bool(b) for b in (theta <= low + 1e-6) | (theta >= high - 1e-6))
        progress("Fitted", 1.0)
        return Optimum(theta, value, gradient, information, left, at_bound, search.evaluations)


class _Search(Generic[R]):
    """The passes of one fit, counted."""

    def __init__(
        self,
        log_likelihood: Callable[[FloatArray, R], tuple[float, FloatArray]],
        low: FloatArray,
        high: FloatArray,
    ) -> None:
        self._log_likelihood = log_likelihood
        self.low, self.high = low, high
        self.evaluations = 0

    def evaluate(self, theta: FloatArray, rows: R) -> tuple[float, FloatArray]:
        self.evaluations += 1
        return self._log_likelihood(theta, rows)

    def value(self, theta: FloatArray, rows: R) -> float:
        return self.evaluate(theta, rows)[0]

    def broad(self, start: FloatArray, rows: R) -> FloatArray:
        """From far away: L-BFGS-B within the bounds."""
        total = rows.customers

        def negative(theta: FloatArray) -> tuple[float, FloatArray]:
            value, gradient = self.evaluate(theta, rows)
            return -value / total, -gradient / total

        found = minimize(
            negative,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack((self.low, self.high)),
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
        )
        return np.asarray(found.x, dtype=np.float64)

    def close(self, theta: FloatArray, curvature: FloatArray, rows: R) -> FloatArray:
        """From nearby: BFGS that starts from a known curvature, with halving of steps that do not gain."""
        value, gradient = self.evaluate(theta, rows)
        inverse = _inverse(curvature)
        rounding = 1e-11 * abs(value)  # of a sum over all rows
        for _ in range(60):
            step = inverse @ gradient
            if 0.5 * float(gradient @ step) < max(_DECREMENT, 0.01 * rounding):
                break
            step *= min(1.0, 1.0 / float(np.abs(step).max()))
            for _ in range(12):
                proposed = np.clip(theta + step, self.low, self.high)
                new_value, new_gradient = self.evaluate(proposed, rows)
                if new_value > value - rounding:
                    break
                step = step / 2
            else:
                break  # no gain at any length
            moved, turned = proposed - theta, gradient - new_gradient
            theta, value, gradient = proposed, new_value, new_gradient
            curve = float(moved @ turned)
            if curve > 1e-12:
                left = np.eye(len(theta)) - np.outer(moved, turned) / curve
                inverse = left @ inverse @ left.T + np.outer(moved, moved) / curve
        return theta

    def information(self, theta: FloatArray, rows: R) -> FloatArray:
        """Minus the Hessian by central differences of the gradient, symmetric."""
        step = 1e-4
        lines = []
        for shift in np.eye(len(theta)) * step:
            ahead, behind = self.evaluate(theta + shift, rows)[1], self.evaluate(theta - shift, rows)[1]
            lines.append((behind - ahead) / (2 * step))
        hessian = np.array(lines)
        return np.asarray((hessian + hessian.T) / 2)


def _inverse(information: FloatArray) -> FloatArray:
    """Inverse with flat and negative directions made safe, so that a step always climbs."""
    values, vectors = np.linalg.eigh(information)
    safe = np.maximum(np.abs(values), 1e-10 * max(float(np.abs(values).max()), 1e-300))
    return np.asarray((vectors / safe) @ vectors.T)


def _newton(information: FloatArray, gradient: FloatArray) -> FloatArray:
    """A Newton step, at most e^0.5 in any parameter."""
    step = _inverse(information) @ gradient
    longest = float(np.abs(step).max(initial=0.0))
    return np.asarray(step * min(1.0, 0.5 / longest) if longest > 0 else step)
