"""`persuadable score`: from an audience file to the contact list."""

from __future__ import annotations

from pathlib import Path

from core import advice
from core.contact_list import contact_list
from core.data.readers import read_table, write_table
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models


def score(
    source: Path,
    out: Path,
    model_folder: Path,
    scenario: Scenario,
    *,
    id_column: str | None,
    everyone: bool,
    progress: Progress,
) -> None:
    """Read, score, write, and say what the list is expected to earn."""
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    scored = contact_list(frame, model, scenario, id_column=id_column, progress=part(progress, 0.2, 0.9))
    progress("Writing the list", 0.9)
    write_table(scored.table if everyone else scored.contacts, out)
    progress("Done", 1.0)
    for sentence in advice.verdict(scored.decision).sentences:
        say(sentence)
    for sentence in advice.scoring_notes(scored.scores.unseen, scored.scores.missing):
        say(sentence)
    say(f"Wrote {out}.")
