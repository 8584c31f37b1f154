"""`persuadable pack`: from an audience file to the contact pack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core import advice
from core.contact_list import contact_list
from core.data.readers import read_table, write_table
from core.files import write_text
from core.packs.assembly import assemble
from core.packs.summary import markdown
from core.packs.workbook import write_pack
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models


def pack(
    source: Path,
    out: Path,
    model_folder: Path,
    scenario: Scenario,
    *,
    id_column: str | None,
    progress: Progress,
    audience: str | None = None,
    link: str = "",
) -> None:
    """Write contact_pack_YYYYMMDD_HHMM .xlsx, .md and .csv into the folder.

    audience: what the customers are called; the file's name without one. link: where the decision stands.
    """
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    scored = contact_list(frame, model, scenario, id_column=id_column, progress=part(progress, 0.2, 0.6))
    name = audience or source.name
    made = assemble(scored, model, audience=name, created=datetime.now().astimezone(), link=link)
    progress("Writing the list", 0.6)
    write_table(made.contacts, out / f"{made.stem}.csv")
    write_text(out / f"{made.stem}.md", markdown(made))
    progress("Writing the workbook", 0.7)
    write_pack(made, out / f"{made.stem}.xlsx", progress=part(progress, 0.7, 1.0))
    progress("Done", 1.0)
    for sentence in advice.verdict(scored.decision).sentences:
        say(sentence)
    say(f"Wrote {out / made.stem}.xlsx, .md and .csv.")
