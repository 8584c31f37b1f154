"""From a stored audience to its contact plan: the one path of the Policy page and of its downloads.

The plan is the one that `persuadable score --all` and `persuadable plan` make of the same customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core.data import columns
from core.policy.best_share import ChosenBest, chosen_best
from core.policy.constraints import Constraints
from core.policy.offers import COST, LAST, ONE_ACTION, RECENT, SCORE, Offers, offers
from core.policy.plan import Plan, plan
from core.policy.rule import Policy, best_arm, best_first, contacted_share, everyone, known_rule
from core.policy.suppression import SUPPRESSED
from core.policy.terms import Terms
from core.policy.value import PolicyValue, compare
from core.policy.zoom import Checkpoint
from core.scenario import Scenario
from core.workspace import Scored

MOST_SEGMENTS = 12
"""Columns with more different values are not offered as segments."""


def stored_plan(
    scored: Scored, scenario: Scenario, constraints: Constraints, checkpoint: Checkpoint = lambda: None
) -> Plan:
    """The plan for a stored audience. Raises as `core.policy.plan.plan` and `offers` do."""
    offered = stored_offers(scored, constraints)
    checkpoint()
    return plan(offered, scenario, constraints, checkpoint=checkpoint)


def stored_offers(scored: Scored, constraints: Constraints) -> Offers:
    """The offers of a stored audience; of its file only the columns that the plan needs are read."""
    arms = scored.meta.arms[1:]
    scores = scored.scores()
    table: dict[str, Any] = {"row_id": scores.ids.astype("str").array}
    if len(arms) > 1:
        table |= {f"{SCORE}[{arm}]": scores.uplift[:, k] for k, arm in enumerate(arms)}
    else:
        table[SCORE] = scores.uplift[:, 0]
    frame = pd.DataFrame(table)
    extra = _columns(scored, _needed(scored, constraints))
    for name in extra.columns:
        if name not in frame.columns:
            frame[name] = extra[name].array
    frame.attrs.update(extra.attrs)
    return offers(frame, constraints, ids_checked=True)  # when the audience was scored


def actions_of(scored: Scored) -> tuple[str, ...]:
    """The actions of plans for this audience: the model's contact arms, or the one there is."""
    arms = scored.meta.arms[1:]
    return tuple(arms) if len(arms) > 1 else (ONE_ACTION,)


def segments(scored: Scored) -> dict[str, tuple[str, ...]]:
    """Columns of the audience that part it into a few segments, with their values.

    Neither the experiment's arm and outcome, nor what was written after the treatment: no plan knows them.
    """
    meta = scored.meta
    written = {left.column for left in meta.left_out if left.code in ("arm", "chose", "outcome")}
    hidden = {meta.id_column, meta.treatment_col, meta.outcome, SUPPRESSED, *written}
    names = [name for name in scored.data.columns if name not in hidden]
    frame = _columns(scored, names)
    found = {name: columns.distinct(frame, name, MOST_SEGMENTS) for name in names}
    return {name: _in_order(values) for name, values in found.items() if values and len(values) > 1}


def _in_order(values: tuple[str, ...]) -> tuple[str, ...]:
    """As numbers where all of them are: 2 before 10."""
    try:
        return tuple(sorted(values, key=float))
    except ValueError:
        return values


def weights(scored: Scored) -> tuple[str, ...]:
    """Numeric columns beside those that the model reads: what customers may be weighed by."""
    meta = scored.meta
    known = {meta.id_column, meta.treatment_col, meta.outcome, SUPPRESSED, LAST, RECENT}
    known |= {feature.column for feature in meta.schema} | {left.column for left in meta.left_out}
    stems = (COST, "uplift_se", "uplift_lo", "uplift_hi")
    names = [n for n in scored.data.columns if n not in known and n.split("[")[0] not in stems]
    frame = _columns(scored, names)
    return tuple(name for name in names if columns.kind(frame, name) == "numeric")


def contacts_by_segment(
    scored: Scored, found: Plan, names: tuple[str, ...]
) -> dict[str, dict[str, tuple[int, int]]]:
    """By column and value: (contacts, customers) of the plan; customers without a value are left out."""
    frame = _columns(scored, list(names))
    contacts = np.zeros(found.formulation.offers.customers, dtype=np.int64)
    contacts[found.formulation.offers.place] = found.solution.choice.sum(axis=0)
    out = {}
    for name in names:
        by = pd.DataFrame({"value": columns.text(frame, name), "contacts": contacts}).groupby("value")
        total = by["contacts"].agg(["sum", "size"])
        out[name] = {str(v): (int(n), int(size)) for v, n, size in total.itertuples()}
    return out


def measured(scored: Scored, found: Plan) -> tuple[PolicyValue, ...]:
    """The plan's rule, contacting everyone and the simple rule, measured on the experiment; empty without
    one.

    Per customer of the population. Empty too where the experiment cannot tell, see
    `core.policy.rule.known_rule`.
    """
    evidence = scored.proving()
    known = known_rule(found, evidence, scored.same_customers)
    if evidence is None or known is None:
        return ()
    terms, choice = known
    policies: dict[str, Policy] = {
        "plan": choice,
        "everyone": everyone(evidence, best_arm(evidence, terms)),
        "simple": best_first(evidence, terms, contacted_share(choice)),
    }
    return compare(evidence, terms, policies)


def best_share(scored: Scored, found: Plan) -> ChosenBest | None:
    """The most profitable share under the plan's economics alone, chosen on some of the experiment's
    customers and measured on the others; None as `measured`, and where an arm has too few customers.
    """
    evidence = scored.proving()
    if evidence is None or not found.measurable:
        return None
    return chosen_best(evidence, Terms.of(found, evidence))


def _needed(scored: Scored, constraints: Constraints) -> list[str]:
    stems = (COST, "uplift_se", "uplift_lo", "uplift_hi")
    wanted = {SUPPRESSED, LAST, RECENT, constraints.weight, *(quota.column for quota in constraints.quotas)}
    return [
        name
        for name in scored.data.columns
        if name in wanted or any(name == stem or name.startswith(f"{stem}[") for stem in stems)
    ]


def _columns(scored: Scored, names: list[str]) -> pd.DataFrame:
    known = [name for name in dict.fromkeys(names) if name in scored.data.columns]
    frame: pd.DataFrame = pq.read_table(scored.workspace.data.path(scored.data.id), columns=known).to_pandas()
    return frame[known]
