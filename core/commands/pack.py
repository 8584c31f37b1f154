"""`persuadable pack`: from an audience file to the contact pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pandas as pd

from core import advice
from core.advice.conditions import heeded_words, sentence
from core.conditions import heeded, planned
from core.contact_list import ScoredList, contact_list
from core.data.readers import read_table, write_table
from core.errors import SettingError
from core.files import write_text
from core.packs.assembly import assemble
from core.packs.pack import Pack
from core.packs.summary import held_out, markdown
from core.packs.workbook import write_pack
from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan import plan
from core.policy.plan_report import PlanReport, tried_report
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models
from core.uplift.design import holdout as draw
from core.uplift.same_customers import same_customers


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
    holdout: float = 0.0,
    seed: int = 42,
) -> None:
    """Write contact_pack_YYYYMMDD_HHMM .xlsx, .md and .csv into the folder.

    audience: what the customers are called; the file's name without one. link: where the decision stands.
    constraints: conditions of the plan to hand over, JSON or the path of its file. Without, it is the plain
    list; as in the app a plan, where the audience says who is left alone or what a customer costs.
    holdout: share of all customers drawn by `seed` who are not to be contacted; those of them that would have
    been stand in the list with holdout 1 and should_contact 0, so that the campaign can be measured. A plan's
    hold-out is one of its conditions: both at once are refused.
    """
    given = None if constraints is None else _conditions(constraints, scenario)
    if given is not None and holdout:
        raise SettingError(
            "The hold-out of a plan is one of its conditions.", 'Write {"holdout": 0.1} into --constraints.'
        )
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    scored = contact_list(frame, model, scenario, id_column=id_column, progress=part(progress, 0.2, 0.45))
    wanted = given or planned(Constraints(topn=_number(scenario)), tuple(map(str, frame.columns)))
    name = audience or source.name
    report = None if wanted is None else _planned(scored, wanted, progress)
    created = datetime.now().astimezone()
    same = partial(same_customers, frame, id_column, model.meta)
    made = assemble(
        scored, model, audience=name, created=created, link=link, report=report, same_customers=same
    )
    if holdout:
        made = _held_out(made, scored.table["row_id"], holdout, seed)
    progress("Writing the list", 0.6)
    write_table(made.contacts, out / f"{made.stem}.csv")
    write_text(out / f"{made.stem}.md", markdown(made))
    progress("Writing the workbook", 0.7)
    write_pack(made, out / f"{made.stem}.xlsx", progress=part(progress, 0.7, 1.0))
    for told in held_out(made):
        say(told)
    progress("Done", 1.0)
    for words in advice.verdict(made.decision).sentences:
        say(words)
    if model.meta.binary and scenario.value == 1.0:
        say(advice.worth_unsaid(model.meta.outcome))
    if given is None and wanted is not None:
        say(f"{sentence('; '.join(heeded_words(heeded(scored.table.columns))))}.")
    say(f"Wrote {out / made.stem}.xlsx, .md and .csv.")


def _number(scenario: Scenario) -> int | None:
    """The scenario's number of contacts, as `core.conditions.conditions` takes it."""
    return scenario.topn if scenario.policy == "bestN" else None


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
    return tried_report(found)


def _held_out(made: Pack, everyone: pd.Series, share: float, seed: int) -> Pack:
    """The pack with the columns should_contact and holdout in its list, and a word on them. everyone: ids."""
    drawn = everyone[draw(everyone.astype("str"), share, seed)]
    marked = made.contacts["row_id"].isin(drawn).astype(int)
    held = int(marked.sum())
    words = (
        f"{advice.percent(share)} of all customers, drawn by chance (seed {seed}): {advice.count(held)} of "
        "the list have holdout 1. Do not contact them; compare them with the others after the campaign"
    )
    say(f"Hold-out: {words}.")
    contacts = made.contacts.assign(should_contact=1 - marked, holdout=marked)
    return replace(made, contacts=contacts, assumptions=(*made.assumptions, ("Hold-out", words)))
