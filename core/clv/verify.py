"""`lifetimes` as the independent check: refitted from our optimum, parameters and predictions side by side.

Only its fitters and predictions are used; not its plots, its frequency strings or its pickled fitters.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.clv.customers import DAYS, Customers
from core.clv.fitted import Fitted
from core.clv.orders import Histories
from core.clv.purchase import purchase_model
from core.clv.rows import FloatArray, Rows
from core.clv.spend import GAMMA_GAMMA, expected_spend, spend_rows
from core.errors import DataError
from core.progress import Progress, silent

PACKAGE = "lifetimes"
_NUDGE = 1.05  # it starts beside our optimum, not on it, so that staying there is a finding


@dataclass(frozen=True, slots=True)
class Comparison:
    """One model, ours beside theirs. theirs: parameters, in our unit. likelihood_theirs: our likelihood at
    their parameters, so that the two are comparable. predictions: name to (ours, theirs), over all customers
    for whom both give a number. differences: the largest of a customer, relative for expected orders and
    spend, absolute for p(alive). untold: customers for whom lifetimes gives no number."""

    model: str
    names: tuple[str, ...]
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    likelihood_ours: float
    likelihood_theirs: float
    predictions: dict[str, tuple[float, float]]
    differences: dict[str, float]
    untold: int = 0

    @property
    def parameter_difference(self) -> float:
        """The largest relative difference of a parameter."""
        return float(max(abs(t / o - 1) for o, t in zip(self.ours, self.theirs)))

    def agrees(self, tolerance: float = 0.01) -> bool:
        """Whether every prediction differs by less than `tolerance`, and our likelihood is not the lower
        one."""
        close = all(d < tolerance for d in self.differences.values())
        return close and self.likelihood_ours >= self.likelihood_theirs - 1e-6 * abs(self.likelihood_theirs)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "agrees": self.agrees()}


def verify(
    customers: Customers,
    fit: Fitted,
    horizon: float,
    spend: Fitted | None = None,
    progress: Progress = silent,
) -> tuple[Comparison, ...]:
    """Refit with lifetimes and compare; horizon in days. The spend model too where it is given.

    Raises DataError where lifetimes does not come to an end on these data; that says nothing of ours.
    """
    found = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            progress(f"Refitting {fit.model} with {PACKAGE}", 0.0)
            found.append(_purchase(Histories.of(customers).rows, fit, horizon / DAYS[fit.unit]))
            if spend is not None and customers.spend is not None:
                progress(f"Refitting the spend model with {PACKAGE}", 0.6)
                found.append(_spend(customers, spend))
        except DataError:
            raise
        except Exception as error:  # its own exceptions and SciPy's
            raise DataError(
                f"{PACKAGE} could not be fitted to these data ({type(error).__name__}): "
                "there is nothing to compare with.",
                "This says nothing about our own fit.",
            ) from error
    progress("Compared", 1.0)
    return tuple(found)


def _purchase(rows: Rows, fit: Fitted, time: float) -> Comparison:
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

    scale = 1.0 / float(rows.T.max())  # lifetimes fits in units of the longest age
    start = fit.params * np.where([name in ("alpha", "beta") for name in fit.names], scale, 1.0)
    start = start * _NUDGE
    weight = rows.weight.astype(np.int64)
    if fit.model == "pareto-nbd":
        theirs = ParetoNBDFitter()
        theirs.fit(rows.x, rows.t_x, rows.T, weights=weight, initial_params=start)
    else:
        theirs = ModifiedBetaGeoFitter() if fit.model == "mbg-nbd" else BetaGeoFitter()
        theirs.fit(rows.x, rows.t_x, rows.T, weights=weight, initial_params=np.log(start))
    params = _finite(np.array([float(theirs.params_[name]) for name in fit.names]))
    model = purchase_model(fit.model)
    ours_alive = model.p_alive(fit.params, rows.x, rows.t_x, rows.T)
    ours_orders = ours_alive * model.alive_orders(fit.params, rows.x, rows.T, np.full(rows.size, time))
    their_alive = np.asarray(theirs.conditional_probability_alive(rows.x, rows.t_x, rows.T))
    their_orders = np.asarray(theirs.predict(time, rows.x, rows.t_x, rows.T))
    told = np.isfinite(their_alive) & np.isfinite(their_orders)
    heavy = rows.weight[told]
    many = max(float(heavy.sum()), 1.0)
    totals = float(heavy @ ours_orders[told]), float(heavy @ their_orders[told])
    return Comparison(
        model=fit.model,
        names=fit.names,
        ours=fit.values,
        theirs=tuple(float(p) for p in params),
        likelihood_ours=fit.log_likelihood,
        likelihood_theirs=float(model.log_likelihood(np.log(params), rows)[0]),
        predictions={
            "p_alive": (float(heavy @ ours_alive[told]) / many, float(heavy @ their_alive[told]) / many),
            "expected_orders": totals,
        },
        differences={
            "p_alive": _largest(np.abs(ours_alive - their_alive)[told]),
            "expected_orders": _relative(ours_orders[told], their_orders[told]),
            "total_orders": abs(totals[1] / totals[0] - 1),
        },
        untold=int(rows.weight[~told].sum()),
    )


def _spend(customers: Customers, fit: Fitted) -> Comparison:
    from lifetimes import GammaGammaFitter

    assert customers.spend is not None
    rows = spend_rows(customers.x, customers.spend)
    theirs = GammaGammaFitter()
    theirs.fit(pd.Series(rows.x), pd.Series(rows.mean), initial_params=np.log(fit.params * _NUDGE))
    params = _finite(np.array([float(theirs.params_[name]) for name in fit.names]))
    their_spend = np.asarray(
        theirs.conditional_expected_average_profit(pd.Series(rows.x), pd.Series(rows.mean))
    )
    our_spend = expected_spend(fit.params, rows.x, rows.mean)
    return Comparison(
        model=fit.model,
        names=fit.names,
        ours=fit.values,
        theirs=tuple(float(p) for p in params),
        likelihood_ours=fit.log_likelihood,
        likelihood_theirs=float(GAMMA_GAMMA.log_likelihood(np.log(params), rows)[0]),
        predictions={"expected_spend": (float(our_spend.mean()), float(their_spend.mean()))},
        differences={"expected_spend": _relative(our_spend, their_spend)},
    )


def _finite(params: FloatArray) -> FloatArray:
    if not (np.isfinite(params) & (params > 0)).all():
        raise ArithmeticError("parameters that are no numbers")
    return params


def _relative(ours: FloatArray, theirs: FloatArray) -> float:
    """Largest relative difference, over what is not negligible beside the largest."""
    some = ours > 1e-6 * float(ours.max())
    return _largest(np.abs(theirs[some] / ours[some] - 1))


def _largest(differences: FloatArray) -> float:
    if not np.isfinite(differences).all():
        raise ArithmeticError("predictions that are no numbers")
    return float(differences.max(initial=0.0))
