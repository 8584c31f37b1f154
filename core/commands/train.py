"""`persuadable train`: from a campaign file to a model folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from core import advice
from core.data.readers import read_table
from core.data.schema import Audience, Experiment, Roles
from core.progress import Progress, part, silent
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models
from core.uplift.experiment import experiment
from core.uplift.health import health
from core.uplift.health_report import HealthReport
from core.uplift.learners import LEARNERS, learner_info
from core.uplift.likeness import Population
from core.uplift.model import Model
from core.uplift.planned import as_planned, planned_shares
from core.uplift.scoring import score
from core.uplift.training import AUTO
from core.uplift.training import train as train_model
from core.uplift.verdict import verdict
from core.uplift.why import why

_TOLD = ("arms", "after", "cap", "levels", "propensity")
"""Findings told on the command line even where they are no warning."""


def fit(
    frame: pd.DataFrame,
    roles: Roles,
    out: Path,
    *,
    learner: str,
    test_size: float | None = None,
    seed: int = 42,
    simulated: bool = False,
    shares: str = "",
    scenario: Scenario | None = None,
    examined: Callable[[Experiment, HealthReport], None] = lambda campaign, report: None,
    progress: Progress = silent,
) -> tuple[HealthReport, Model]:
    """Validate and examine the campaign, train, and write the model folder whole or not at all.

    shares: planned, "arm=share,…". scenario: economics under which learners are compared. Where the arms are
    not comparable, the model keeps nothing measured. examined: called with the campaign and its health before
    the training starts.
    """
    models.check_target(out)
    if learner != AUTO:
        learner_info(learner)
    campaign = experiment(frame, roles, part(progress, 0.0, 0.06))
    planned = planned_shares(shares, campaign) if shares else None
    report = HealthReport.of(health(campaign, planned, part(progress, 0.06, 0.1)))
    report.check_learnable()
    examined(campaign, report)
    if planned is not None:
        campaign = as_planned(campaign, planned)
    model = train_model(
        campaign,
        learner,
        test_size=test_size,
        seed=seed,
        simulated=simulated,
        scenario=scenario,
        progress=part(progress, 0.1, 0.8),
    )
    if report.blocked:
        model = replace(model, evidence=None, leaderboard=None)
    else:
        own = score(model, Audience(campaign.ids, campaign.features, campaign.features, {}))
        model = replace(model, population=Population.of(own.uplift))
    reasons = why(model, campaign, part(progress, 0.8, 0.9))
    records = {"health": report.as_dict()} | ({"why": reasons.as_dict()} if reasons else {})
    progress("Saving the model", 0.9)
    model = models.save(model, out, scenario, part(progress, 0.9, 1.0), records=records)
    progress("Done", 1.0)
    return report, model


def train(
    source: Path,
    roles: Roles,
    out: Path,
    *,
    learner: str,
    test_size: float | None,
    seed: int,
    shares: str,
    scenario: Scenario,
    progress: Progress,
) -> None:
    """Read, fit, save, and say what was learnt from what."""
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.1))
    report, model = fit(
        frame,
        roles,
        out,
        learner=learner,
        test_size=test_size,
        seed=seed,
        shares=shares,
        scenario=scenario,
        simulated=truth_beside(source),
        examined=_say_health,
        progress=part(progress, 0.1, 1.0),
    )
    meta = model.meta
    customers = advice.count(sum(arm.customers for arm in report.arms))
    say(f"Trained {meta.learner} on {customers} customers; the model is in {out}.")
    if LEARNERS[meta.learner].caution:
        say(f"Caution: {meta.learner} {LEARNERS[meta.learner].caution}.")
    if meta.simulated:
        say(advice.SIMULATED)
    if model.evidence is None:
        say(advice.WITHHELD)
        return
    for sentence in advice.board_sentences(model.leaderboard) if model.leaderboard else ():
        say(sentence)
    found = verdict(model.evidence, scenario.margin, scenario.cost, scenario.value)
    for sentence in (*advice.answer(found).sentences, *advice.judged_at(scenario, meta.outcome, meta.binary)):
        say(sentence)
    whom = advice.measured_on(meta.n_test, held_out=bool(meta.test_size))
    say(f"Measured on {whom}: see {out / 'evaluation.json'}.")


def _say_health(campaign: Experiment, report: HealthReport) -> None:
    """Before a training that may take minutes: whoever reads it can still stop and mend the file."""
    for left_out in campaign.left_out:
        say(f"Left out '{left_out.column}': {left_out.reason}")
    for finding in report.findings:
        if finding.severity in ("problem", "warning") or finding.code in _TOLD:
            say(advice.finding_line(finding))


def truth_beside(source: Path) -> bool:
    """Whether the file was simulated: the generator keeps the true uplift beside what it makes."""
    return source.with_name(f"{source.name.split('.')[0]}_truth.csv").is_file()


def learners() -> None:
    """One line a learner."""
    for name, info in LEARNERS.items():
        caution = f" Caution: {info.caution}." if info.caution else ""
        say(f"{name:<12} {info.description}{caution}")
