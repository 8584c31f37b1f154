"""`persuadable train`: from a campaign file to a model folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core import advice
from core.data.readers import read_table
from core.data.schema import Experiment, Roles
from core.progress import Progress, part, silent
from core.settings import Settings
from core.terminal import say
from core.uplift import model as models
from core.uplift.experiment import experiment
from core.uplift.learners import LEARNERS, learner_info
from core.uplift.model import Model
from core.uplift.training import train as train_model


def fit(
    frame: pd.DataFrame,
    roles: Roles,
    out: Path,
    *,
    learner: str,
    test_size: float = 0.25,
    seed: int = 42,
    simulated: bool = False,
    progress: Progress = silent,
) -> tuple[Experiment, Model]:
    """Validate the campaign, train, and write the model folder whole or not at all."""
    learner_info(learner)
    campaign = experiment(frame, roles, part(progress, 0.0, 0.1))
    model = train_model(
        campaign,
        learner,
        test_size=test_size,
        seed=seed,
        simulated=simulated,
        progress=part(progress, 0.1, 0.97),
    )
    progress("Saving the model", 0.97)
    models.save(model, out)
    progress("Done", 1.0)
    return campaign, model


def train(
    source: Path,
    roles: Roles,
    out: Path,
    *,
    learner: str,
    test_size: float,
    seed: int,
    progress: Progress,
) -> None:
    """Read, fit, save, and say what was learnt from what."""
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.1))
    campaign, model = fit(
        frame,
        roles,
        out,
        learner=learner,
        test_size=test_size,
        seed=seed,
        simulated=truth_beside(source),
        progress=part(progress, 0.1, 1.0),
    )
    say(f"Trained {learner} on {advice.count(len(campaign.ids))} customers; the model is in {out}.")
    if LEARNERS[learner].caution:
        say(f"Caution: {learner} {LEARNERS[learner].caution}.")
    if model.meta.simulated:
        say(advice.SIMULATED)
    for left_out in campaign.left_out:
        say(f"Left out '{left_out.column}': {left_out.reason}")
    say(f"Measured on {advice.count(model.meta.n_test)} customers held out: see {out / 'evaluation.json'}.")


def truth_beside(source: Path) -> bool:
    """Whether the file was simulated: the generator keeps the true uplift beside what it makes."""
    return source.with_name(f"{source.name.split('.')[0]}_truth.csv").is_file()


def learners() -> None:
    """One line a learner."""
    for name, info in LEARNERS.items():
        caution = f" Caution: {info.caution}." if info.caution else ""
        say(f"{name:<12} {info.description}{caution}")
