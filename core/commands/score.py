"""`persuadable score`: from an audience file to the contact list."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core import advice
from core.contact_list import contact_list
from core.data.readers import read_table, write_table
from core.policy.suppression import suppressed
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models
from core.uplift.design import holdout as draw


def score(
    source: Path,
    out: Path,
    model_folder: Path,
    scenario: Scenario,
    *,
    id_column: str | None,
    everyone: bool,
    holdout: float = 0.0,
    seed: int = 42,
    progress: Progress,
) -> None:
    """Read, score, write, and say what the list is expected to earn.

    holdout: share of all customers drawn by `seed` who are not contacted, so that the campaign can be
    measured; with it the table has a column holdout 0/1.
    """
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    scored = contact_list(frame, model, scenario, id_column=id_column, progress=part(progress, 0.2, 0.9))
    progress("Writing the list", 0.9)
    table = with_holdout(scored.table, holdout, seed) if holdout else scored.table
    contacts = table[table["should_contact"] == 1].drop(columns="should_contact")
    write_table(table if everyone else contacts, out)
    progress("Done", 1.0)
    for sentence in advice.verdict(scored.decision).sentences:
        say(sentence)
    if model.meta.binary and scenario.value == 1.0:
        say(advice.worth_unsaid(model.meta.outcome))
    for sentence in advice.scoring_notes(scored.scores.unseen, scored.scores.missing):
        say(sentence)
    if n := int(suppressed(scored.table).sum()):
        say(advice.suppressed_note(n))
    if scored.own_costs:
        say(advice.own_costs_note(scored.own_costs, scenario.cost))
    if holdout:
        held = advice.count(int(table["holdout"].sum()))
        spared = advice.count(len(scored.contacts) - len(contacts))
        say(
            f"{held} customers are held out by chance, {spared} of them would have been contacted; --all "
            "lists them. The figures above are without the hold-out."
        )
    say(f"Wrote {out}.")


def with_holdout(table: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """The table with holdout 0/1; whoever is held out is not contacted. Raises SettingError."""
    held = draw(table["row_id"].astype("str"), share, seed)
    contacted = table["should_contact"].to_numpy() * ~held
    return table.assign(should_contact=contacted, holdout=held.astype(int))
