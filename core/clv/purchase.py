"""How often customers order and when they leave: one door to BG/NBD, MBG/NBD and Pareto/NBD."""

from __future__ import annotations

import numpy as np

from core.clv import words
from core.clv.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from core.clv.customers import Customers
from core.clv.determined import REPEATERS
from core.clv.fitted import Fitted, fitted
from core.clv.fitting import maximise
from core.clv.pareto_nbd import PARETO_NBD, ParetoNBD
from core.clv.rows import Rows
from core.errors import DataError, SettingError
from core.progress import Progress, silent

PurchaseModel = BetaGeometric | ParetoNBD

MODELS: dict[str, PurchaseModel] = {model.key: model for model in (BG_NBD, MBG_NBD, PARETO_NBD)}

_FEW = 50


def purchase_model(key: str) -> PurchaseModel:
    """The model of a key; SettingError names the ones there are."""
    if key not in MODELS:
        raise SettingError(f"There is no model '{key}'.", f"Choose one of {', '.join(MODELS)}.")
    return MODELS[key]


def fit(customers: Customers, model: str = "bg-nbd", progress: Progress = silent) -> Fitted:
    """Fit a purchase model by maximum likelihood.

    Raises DataError where the data cannot tell: one customer, nobody with a repeat order, no time passed.
    """
    refuse_untellable(customers)
    rows, _ = customers.rows()
    return fit_rows(rows, model, customers.unit, progress)


def fit_rows(rows: Rows, model: str, unit: str = "day", progress: Progress = silent) -> Fitted:
    """Fit to customers already counted by history."""
    chosen = purchase_model(model)
    optimum = maximise(chosen, rows, progress)
    notes = []
    repeaters = int(rows.order_weight[rows.orders > 0].sum())
    if REPEATERS * len(chosen.names) <= repeaters < _FEW:
        notes.append(words.FEW_REPEAT.format(customers=words.people(repeaters)))
    if chosen is BG_NBD:
        notes.append(words.ONE_TIME)
    return fitted(chosen.key, chosen.names, optimum, round(rows.customers), unit, tuple(notes), repeaters)


def bootstrap(
    rows: Rows, fit: Fitted, draws: int = 50, seed: int = 1, progress: Progress = silent
) -> list[Fitted]:
    """Fits to `draws` samples of the customers with replacement: the rows stay, their weights change."""
    rng = np.random.default_rng(seed)
    found = []
    for draw in range(draws):
        progress("Resampling customers", draw / draws)
        sample = rows.resampled(round(rows.customers), rng)
        found.append(fit_rows(sample, fit.model, fit.unit))
    return found


def refuse_untellable(customers: Customers) -> None:
    """Raise DataError where no purchase model can learn anything."""
    if len(customers) < 2:
        raise DataError(words.ONE_CUSTOMER)
    if not (customers.orders > 0).any():
        if not (customers.age > 0).any():
            raise DataError(words.NO_TIME, "Choose a later end of observation.")
        raise DataError(words.NO_REPEAT, "Give a longer period, or check which column is the customer.")
