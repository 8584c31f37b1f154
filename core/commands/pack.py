"""`persuadable pack`: from an audience file to the contact pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core import advice
from core.contact_list import ScoredList, contact_list
from core.data.readers import read_table, write_table
from core.files import write_text
from core.packs.assembly import assemble
from core.packs.summary import markdown
from core.packs.workbook import write_pack
from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan import plan
from core.policy.plan_report import PlanReport
from core.policy.shadow import probe
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
    constraints: str | None = None,
) -> None:
    """Write contact_pack_YYYYMMDD_HHMM .xlsx, .md and .csv into the folder.

    audience: what the customers are called; the file's name without one. link: where the decision stands.
    constraints: conditions of the plan to hand over, JSON or the path of its file; None for the plain list.
    """
    wanted = None if constraints is None else _conditions(constraints, scenario)
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    scored = contact_list(frame, model, scenario, id_column=id_column, progress=part(progress, 0.2, 0.45))
    name = audience or source.name
    report = None if wanted is None else _planned(scored, wanted, progress)
    created = datetime.now().astimezone()
    made = assemble(scored, model, audience=name, created=created, link=link, report=report)
    progress("Writing the list", 0.6)
    write_table(made.contacts, out / f"{made.stem}.csv")
    write_text(out / f"{made.stem}.md", markdown(made))
    progress("Writing the workbook", 0.7)
    write_pack(made, out / f"{made.stem}.xlsx", progress=part(progress, 0.7, 1.0))
    progress("Done", 1.0)
    for sentence in advice.verdict(made.decision).sentences:
        say(sentence)
    say(f"Wrote {out / made.stem}.xlsx, .md and .csv.")


def _conditions(given: str, scenario: Scenario) -> Constraints:
    """The conditions with the scenario's number of contacts, where they have none of their own."""
    is_json = given.lstrip().startswith("{")
    read = Constraints.from_json(given) if is_json else Constraints.read(Path(given))
    return read if read.topn is not None else replace(read, topn=scenario.topn)


def _planned(scored: ScoredList, conditions: Constraints, progress: Progress) -> PlanReport:
    """The plan for the scored customers, as `persuadable plan` makes it, its limits tried ±10 %."""
    progress("Finding the best plan", 0.45)
    found = plan(offers(scored.table, conditions), scored.decision.scenario, conditions)
    progress("Trying each limit a tenth less and more", 0.5)
    return PlanReport(found, probe(found.solution, found.limits), (), None)
