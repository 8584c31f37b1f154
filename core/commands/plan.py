"""`persuadable plan`: from a scored file to the contact plan."""

from __future__ import annotations

from pathlib import Path

from core.advice.contact_plans import gap_words, held_words, missed_words
from core.advice.whom import asked_for, predicted_only, unheeded, weighed, whom
from core.data.readers import read_table, write_table
from core.files import write_json
from core.policy import plan as plans
from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan_report import plan_report
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say


def plan(
    source: Path,
    out: Path,
    scenario: Scenario,
    *,
    constraints: Path | None,
    report: Path | None,
    everyone: bool,
    progress: Progress,
) -> None:
    """Read, solve, write the plan and its report, and say what it is expected to earn."""
    wanted = Constraints() if constraints is None else Constraints.read(constraints)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.3))
    progress("Checking the customers", 0.3)
    offered = offers(frame, wanted)
    progress("Finding the best plan", 0.4)
    found = plans.plan(offered, scenario, wanted)
    progress("Writing the plan", 0.7)
    write_table(found.table(everyone=everyone), out)
    if report is not None:
        progress("Comparing it with others", 0.8)
        write_json(report, plan_report(found).as_dict())
    progress("Done", 1.0)
    for sentence in summary(found):
        say(sentence)
    say(f"Wrote {out}.")
    if report is not None:
        say(f"Wrote {report}.")


def summary(found: plans.Plan) -> tuple[str, ...]:
    """The plan in a few sentences: whom, what holds it back, how good it is, what could not be met."""
    return (
        whom(found),
        *((held_words(found),) if found.contacts else ()),
        *predicted_only(found),
        *weighed(found),
        *asked_for(found),
        *unheeded(found),
        gap_words(found.solution.gap_money, found.solution.gap),
        *(missed_words(use.limit.words, use.missed) for use in found.limits if use.missed),
    )
