"""From a raw table to the contact list: the one path of the command line, HTTP and packs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.conditions import heeded
from core.data.audience import audience
from core.decision import Decision, decide
from core.errors import DataError
from core.policy.contacts import chosen, contact_table
from core.policy.economics import RankedUplift
from core.policy.suppression import SUPPRESSED
from core.progress import Progress, part, silent
from core.scenario import Scenario
from core.uplift.gain import GainCurve, gain_curve
from core.uplift.likeness import unmeasured_of
from core.uplift.model import Model
from core.uplift.scoring import Scores, score


@dataclass(frozen=True)
class ScoredList:
    """An audience scored and decided upon, however it came in: file, upload or store."""

    table: pd.DataFrame
    """Every customer, best first, with should_contact 0/1."""
    scores: Scores
    decision: Decision
    ranked: RankedUplift
    curve: GainCurve | None
    """Of the experiment; None where it does not hold for these customers."""

    @property
    def own_costs(self) -> tuple[str, ...]:
        """Columns with customers' own costs, which plans heed and this list does not."""
        return tuple(name for name in heeded(tuple(self.table.columns)) if name != SUPPRESSED)

    @property
    def contacts(self) -> pd.DataFrame:
        """The contact list: what every door of the product gives out."""
        return chosen(self.table)


def contact_list(
    frame: pd.DataFrame,
    model: Model,
    scenario: Scenario,
    *,
    id_column: str | None = None,
    progress: Progress = silent,
) -> ScoredList:
    """Score a raw table and decide.

    Raises DataError where the table lacks what the model needs.
    """
    try:
        people = audience(frame, model.meta.schema, id_column or model.meta.id_column)
    except DataError as error:
        raise DataError(
            f"The model '{model.meta.id}' cannot score this file. {error.message}", error.fix, error.problems
        ) from None
    scores = score(model, people, part(progress, 0.0, 0.9))
    progress("Choosing the contacts", 0.9)
    table = contact_table(scores, people.extra, scenario)
    ranked = RankedUplift.of(scores.uplift.max(axis=1))
    curve = gain_curve(model.evidence) if model.evidence is not None else None
    unmeasured = unmeasured_of(model, scores)
    decision = decide(ranked, curve, scenario, unmeasured)
    return ScoredList(table, scores, decision, ranked, None if unmeasured else curve)
