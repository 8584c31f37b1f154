"""From a scored list to the pack that is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pandas as pd

from core import advice
from core.advice.conditions import PLANNED, condition_words, heeded_words, own_cost_words
from core.clv.tiers import tiers_of_scored
from core.conditions import heeded
from core.contact_list import ScoredList
from core.estimate import LEVEL
from core.grid_axes import grid_axes
from core.packs.pack import Pack
from core.plan_decision import plan_decision, plan_value
from core.policy.contacts import SCORE_COLUMNS
from core.policy.cost_sensitivity import FACTORS, best_action_sensitivity
from core.policy.economics import SensitivityGrid, profit_curve, sensitivity
from core.policy.plan import Plan
from core.policy.plan_report import PlanReport
from core.scenario import Scenario
from core.uplift.deciles import deciles
from core.uplift.model import Model


def assemble(
    scored: ScoredList,
    model: Model,
    *,
    audience: str,
    created: datetime,
    link: str = "",
    report: PlanReport | None = None,
    same_customers: Callable[[], bool] = lambda: False,
) -> Pack:
    """Gather what the workbook and its summary are written from.

    audience: what the customers are called (a file or data set name). created: local time. link: where the
    decision can be seen again. report: of the plan to hand over in the place of the plain list.
    same_customers: whether an id names the same customer in the experiment that the model keeps.
    """
    scenario, meta = scored.decision.scenario, model.meta
    decision, contacts = scored.decision, scored.contacts
    if report is not None:
        evidence = None if scored.decision.unmeasured else model.evidence
        value = plan_value(report.plan, evidence, same_customers)
        decision = plan_decision(report.plan, value, scored.decision.unmeasured)
        contacts = plan_contacts(report.plan, scored)
    on = advice.measured_on(meta.n_test, held_out=bool(meta.test_size), unmeasured=scored.decision.unmeasured)
    assumptions: tuple[tuple[str, str], ...] = (
        ("Audience", audience),
        ("Customers scored", advice.count(scored.decision.customers)),
        ("Margin", advice.percent(scenario.margin)),
        ("Cost per contact", _cost_words(scenario, report)),
        ("Value of one outcome unit", advice.money(scenario.value, cents=True)),
        ("Policy", advice.policy(scenario) if report is None else PLANNED),
        *(("Condition", words) for words in _conditions(scored, report)),
        ("Model", meta.id),
        ("Learner", meta.learner),
        ("Outcome", meta.outcome),
        ("Contacts compared with", f"{meta.control} ({meta.treatment_col})"),
        ("Campaign fingerprint", meta.fingerprint),
        ("Measured on", on),
        (
            "Interval",
            f"{advice.percent(LEVEL, 0)}, from the outcomes of customers; of each figure by itself, and on "
            "the profit curve for the whole curve at once",
        ),
        ("Made", f"{created:%Y-%m-%d %H:%M}"),
    )
    if scenario.name:
        assumptions = (("Scenario", scenario.name), *assumptions)
    if meta.roles.cap is not None:
        words = f"Amounts above {advice.money(meta.roles.cap)} count as that, in learning and in measuring"
        assumptions = (*assumptions, ("Outcome capped", words))
    if meta.simulated:
        assumptions = (("Data", advice.SIMULATED), *assumptions)
    if link:
        assumptions = (*assumptions, ("Link", link))
    return Pack(
        scenario=scenario,
        decision=decision,
        contacts=contacts,
        curve=profit_curve(scored.ranked, scenario.margin, scenario.cost, scenario.value),
        measured=scored.curve,
        deciles=deciles(model.evidence) if model.evidence is not None else None,
        grid=_grid(scored, report),
        assumptions=assumptions,
        created=created,
        link=link,
        binary=meta.binary,
        report=report,
        tiers=tiers_of_scored(scored.table),
    )


def plan_contacts(plan: Plan, scored: ScoredList) -> pd.DataFrame:
    """The plan's contacts, best first, and beside each what the audience says of the customer."""
    contacts = plan.table()
    several = [name for name in scored.table.columns if str(name).startswith("uplift_hat[")]
    known = {*contacts.columns, *SCORE_COLUMNS, *several, *(["arm"] if several else []), "should_contact"}
    own = [name for name in scored.table.columns if name not in known]
    beside = scored.table.set_index("row_id")[own].loc[contacts["row_id"]].reset_index(drop=True)
    return pd.concat([contacts, beside], axis=1)


def _grid(scored: ScoredList, report: PlanReport | None) -> SensitivityGrid:
    """By one cost for everyone; of a plan in which contacts have costs of their own by a factor on them."""
    scenario = scored.decision.scenario
    margins, costs = grid_axes(scenario)
    if report is None or not report.plan.formulation.own_costs:
        return sensitivity(scored.ranked, margins, costs, scenario.value)
    formulation = report.plan.formulation
    may = ~formulation.offers.suppressed
    revenue, cost = formulation.revenue[:, may], formulation.problem.rows.cost[:, may]
    grid = best_action_sensitivity(revenue, cost, margins, FACTORS)
    return replace(grid, share=grid.contacts / max(formulation.offers.customers, 1))


def _cost_words(scenario: Scenario, report: PlanReport | None) -> str:
    if report is None or not report.plan.formulation.own_costs or not report.plan.contacts:
        return advice.money(scenario.cost, cents=True)
    cost = report.plan.formulation.problem.rows.cost[report.plan.solution.choice]
    return own_cost_words(float(cost.min()), float(cost.max()))


def _conditions(scored: ScoredList, report: PlanReport | None) -> tuple[str, ...]:
    if report is None:
        return ()
    own = heeded_words(heeded(scored.table.columns))
    return (*condition_words(report.plan.formulation.constraints), *own)
