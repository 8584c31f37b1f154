"""From a scored list to the pack that is handed over."""

from __future__ import annotations

from datetime import datetime

from core import advice
from core.clv.tiers import tiers_of_scored
from core.contact_list import ScoredList
from core.estimate import LEVEL
from core.packs.pack import Pack, grid_axes
from core.policy.economics import profit_curve, sensitivity
from core.uplift.deciles import deciles
from core.uplift.model import Model


def assemble(scored: ScoredList, model: Model, *, audience: str, created: datetime, link: str = "") -> Pack:
    """Gather what the workbook and its summary are written from.

    audience: what the customers are called (a file or data set name). created: local time. link: where the
    decision can be seen again.
    """
    scenario, meta = scored.decision.scenario, model.meta
    measured = model.evidence is not None
    margins, costs = grid_axes(scenario)
    assumptions: tuple[tuple[str, str], ...] = (
        ("Audience", audience),
        ("Customers scored", advice.count(scored.decision.customers)),
        ("Margin", advice.percent(scenario.margin)),
        ("Cost per contact", advice.money(scenario.cost, cents=True)),
        ("Value of one outcome unit", advice.money(scenario.value, cents=True)),
        ("Policy", advice.policy(scenario)),
        ("Model", meta.id),
        ("Learner", meta.learner),
        ("Outcome", meta.outcome),
        ("Contacts compared with", f"{meta.control} ({meta.treatment_col})"),
        ("Campaign fingerprint", meta.fingerprint),
        ("Measured on", advice.measured_on(meta.n_test, held_out=bool(meta.test_size), measured=measured)),
        (
            "Interval",
            f"{advice.percent(LEVEL, 0)}, from the outcomes of customers; of each figure by itself, and on "
            "the profit curve for the whole curve at once",
        ),
        ("Made", f"{created:%Y-%m-%d %H:%M}"),
    )
    if meta.simulated:
        assumptions = (("Data", advice.SIMULATED), *assumptions)
    if link:
        assumptions = (*assumptions, ("Link", link))
    return Pack(
        scenario=scenario,
        decision=scored.decision,
        contacts=scored.contacts,
        curve=profit_curve(scored.ranked, scenario.margin, scenario.cost, scenario.value),
        measured=scored.curve,
        deciles=deciles(model.evidence) if model.evidence is not None else None,
        grid=sensitivity(scored.ranked, margins, costs, scenario.value),
        assumptions=assumptions,
        created=created,
        link=link,
        binary=meta.binary,
        tiers=tiers_of_scored(scored.table),
    )
