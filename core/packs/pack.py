"""The contact pack: one frozen value that the workbook, the summary and the figures are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.policy.economics import FloatArray, ProfitCurve, SensitivityGrid
from core.scenario import Scenario

if TYPE_CHECKING:
    from core.clv.tiers import TierTable
    from core.decision import Decision
    from core.policy.plan_report import PlanReport
    from core.uplift.gain import GainCurve

CURVE_POINTS = 400


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Contacts of a list with customers who are held out by chance, and those that are left.

    held, contacts: how many. cost, profit: of the contacts, money, predicted.
    """

    held: int
    contacts: int
    cost: float
    profit: float


@dataclass(frozen=True)
class Pack:
    """Everything that is handed over with a decision.

    contacts: the customers to contact, best first, columns as in core.policy.contacts. curve: predicted
    economics. measured: gain on the experiment, None without one. deciles: as core.uplift.evaluation gives
    them, None without an experiment. grid: sensitivity around the scenario. assumptions: (name, value) as
    people read them. created: local time. link: where the decision can be seen again, "" if nowhere.
    binary: whether the outcome is 0/1; else it is money. report: of the plan that the contacts are, where
    there are conditions; `curve` and `grid` are of the best customers without them, `grid` by a factor on the
    costs where the plan's contacts have costs of their own, which `curve` does not know. tiers: value against
    uplift, None where the scored customers carry no values.
    """

    scenario: Scenario
    decision: Decision
    contacts: pd.DataFrame
    curve: ProfitCurve
    measured: GainCurve | None
    deciles: pd.DataFrame | None
    grid: SensitivityGrid
    assumptions: tuple[tuple[str, str], ...]
    created: datetime
    link: str = ""
    binary: bool = False
    report: PlanReport | None = None
    tiers: TierTable | None = None

    @property
    def held_out(self) -> HeldOut | None:
        """Who of the list is not contacted, so that the campaign can be measured; None without a hold-out.

        The decision and every other figure are of the whole list. The hold-out of a plan's own conditions is
        not on the list.
        """
        if not {"holdout", "should_contact"} <= set(self.contacts.columns):
            return None
        contacted = self.contacts[self.contacts["should_contact"] == 1]
        own = contacted["contact_cost"].sum() if "contact_cost" in contacted.columns else None
        return HeldOut(
            held=len(self.contacts) - len(contacted),
            contacts=len(contacted),
            cost=self.scenario.cost * len(contacted) if own is None else float(own),
            profit=float(contacted["exp_profit_per_contact"].sum()),
        )

    @property
    def own_costs(self) -> bool:
        """Whether the contacts are a plan in which customers or actions have costs of their own."""
        return self.report is not None and self.report.plan.formulation.own_costs

    @property
    def cost(self) -> tuple[str, float]:
        """What a contact costs, with its name: the scenario's, or the mean of the plan's own costs."""
        if not self.own_costs:
            return "Cost per contact", self.scenario.cost
        return "Cost per contact, on average", self.decision.predicted.cost / max(self.decision.contacts, 1)

    @property
    def stem(self) -> str:
        """The file name without its ending: contact_pack_YYYYMMDD_HHMM."""
        return f"contact_pack_{self.created:%Y%m%d_%H%M}"


def measured_profit(pack: Pack, contacts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Measured profit of contacting the best `contacts` customers with its uniform band, money.

    contacts: (k,). Returns (profit, lower, upper), each (k,); None without an experiment. The gain curve is
    carried over to the audience by the share contacted: customers · margin · value · gain - cost · contacts.
    """
    if pack.measured is None:
        return None
    customers = max(pack.decision.customers, 1)
    share = np.asarray(contacts, dtype=np.float64) / customers
    worth = pack.scenario.margin * pack.scenario.value * customers
    gain = np.interp(share, pack.measured.share, pack.measured.gain)
    half = pack.measured.critical * np.interp(share, pack.measured.share, pack.measured.se)
    spent = pack.scenario.cost * np.asarray(contacts, dtype=np.float64)
    return worth * gain - spent, worth * (gain - half) - spent, worth * (gain + half) - spent
