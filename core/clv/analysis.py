"""The whole of customer value in one call: clean, fit, check, predict. The command line and the page use
it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from core.clv import words
from core.clv.checks import Dependence, dependence
from core.clv.customers import Customers, Unit, customers
from core.clv.fitted import Fitted
from core.clv.ledger import Ledger
from core.clv.orders import check_horizon, whole_years
from core.clv.purchase import fit, purchase_model
from core.clv.spending import Spending, spending
from core.clv.transaction_roles import TransactionRoles, propose
from core.clv.transactions import Cancellations, Services, Transactions, transactions
from core.clv.validation import Validation, validate
from core.clv.value import Values, values
from core.clv.verify import Comparison, verify
from core.errors import DataError
from core.progress import Progress, part, silent


@dataclass(frozen=True, slots=True)
class ClvSettings:
    """What is asked for. horizon: days. discount: annual rate. roles: columns chosen by hand, by role; the
    others are proposed from their names. day_first: how to read 03/04/2011 where no row tells."""

    model: str = "bg-nbd"
    observation_end: date | None = None
    horizon: float = 365.0
    discount: float = 0.10
    unit: Unit = "day"
    cancellations: Cancellations = "drop"
    services: Services = "keep"
    day_first: bool | None = None
    roles: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise SettingError for what cannot be, before any file is read."""
        purchase_model(self.model)
        check_horizon(self.horizon, self.discount)


@dataclass(frozen=True)
class Analysis:
    """Everything that was found. validation: None where the data are too short; then `notes` say why.
    sign: of the file's currency, "" where its amounts have none."""

    settings: ClvSettings
    roles: TransactionRoles
    ledger: Ledger
    customers: Customers
    fit: Fitted
    spending: Spending
    values: Values
    dependence: Dependence | None
    validation: Validation | None
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    sign: str = ""

    def to_frame(self) -> pd.DataFrame:
        """A line a customer; see Values.to_frame."""
        return self.values.to_frame()

    def as_dict(self) -> dict[str, Any]:
        """Everything but the customers, for JSON; predictions are None where the data cannot tell them."""
        settings = asdict(self.settings)
        settings["observation_end"] = self.customers.end.isoformat()
        total = self.values
        return {
            "settings": settings,
            "roles": asdict(self.roles),
            "cleaning": self.ledger.as_dict(),
            "customers": len(self.customers),
            "repeat_customers": int((self.customers.orders > 0).sum()),
            "repeat_orders": int(self.customers.orders.sum()),
            "longest_age": int(self.customers.age.max()),
            "model": self.fit.as_dict(),
            "spend_model": None if self.spending.fit is None else self.spending.fit.as_dict(),
            "spend_reason": self.spending.reason,
            "mean_p_alive": float(total.alive.mean()) if total.determined else None,
            "expected_orders": float(total.orders.sum()) if total.determined else None,
            "total_orders": None if total.total_orders is None else asdict(total.total_orders),
            "currency_of_file": self.sign,
            "total_value": None if total.total_value is None else asdict(total.total_value),
            "residual_value": None
            if total.residual is None or not total.determined
            else float(total.residual.sum()),
            "spend_assumption": None if self.dependence is None else self.dependence.as_dict(),
            "validation": None if self.validation is None else self.validation.as_dict(),
            "lifetimes": [comparison.as_dict() for comparison in self.comparisons],
            "notes": list(self.notes),
        }


def analyse(
    frame: pd.DataFrame, settings: ClvSettings, *, check: bool = False, progress: Progress = silent
) -> Analysis:
    """From a table of order lines to every customer's value.

    check: refit with lifetimes too. Raises DataError and SettingError, in words for people, where the table
    cannot be read or cannot tell.
    """
    settings.check()
    roles = propose([str(column) for column in frame.columns], **settings.roles)
    lines = transactions(
        frame,
        roles,
        observation_end=settings.observation_end,
        cancellations=settings.cancellations,
        services=settings.services,
        day_first=settings.day_first,
        progress=part(progress, 0.0, 0.2),
    )
    known = customers(lines, unit=settings.unit)
    fitted = fit(known, settings.model, part(progress, 0.2, 0.4))
    amounts = spending(known, part(progress, 0.4, 0.45))
    predicted = values(
        known, fitted, amounts,
        horizon=settings.horizon, discount=settings.discount, progress=part(progress, 0.45, 0.7),
    )  # fmt: skip
    checked, unchecked = _validated(lines, settings, part(progress, 0.7, 0.9))
    comparisons: tuple[Comparison, ...] = ()
    if check:
        try:
            comparisons = verify(known, fitted, settings.horizon, amounts.fit, part(progress, 0.9, 1.0))
        except DataError as error:  # the check failed, not the analysis
            unchecked = (*unchecked, str(error))
    assumption = dependence(known)
    doubts = [*fitted.notes, *predicted.notes, *unchecked]
    if checked is not None and _beside(checked, fitted.model) and not whole_years(checked.days):
        doubts.append(words.CHECK_SEASON.format(days=words.days(checked.days)))
    if assumption is not None and amounts.fit is not None and not assumption.holds:
        doubts.append(words.dependent(assumption.spearman, assumption.slope))
    progress("Done", 1.0)
    return Analysis(
        settings, roles, lines.ledger, known, fitted, amounts, predicted, assumption, checked, comparisons,
        tuple(dict.fromkeys(doubts)), lines.sign,
    )  # fmt: skip


def _beside(checked: Validation, model: str) -> bool:
    """Whether what came lies outside the model's interval."""
    between = next(score.interval for score in checked.scores if score.model == model)
    return between is not None and not between.lo <= checked.actual <= between.hi


def _validated(
    lines: Transactions, settings: ClvSettings, progress: Progress
) -> tuple[Validation | None, tuple[str, ...]]:
    """A check on the last third of the time; a word instead where there is too little."""
    try:
        return validate(lines, unit=settings.unit, progress=progress), ()
    except DataError as error:
        return None, (words.UNCHECKED.format(reason=error.message),)
