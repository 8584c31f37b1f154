"""`persuadable evaluate`: what a model is worth on a campaign file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from core import advice
from core.data.audience import audience
from core.data.readers import read_table, write_table
from core.data.schema import Roles
from core.errors import SettingError
from core.files import write_json
from core.progress import Progress, part
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import crossfit
from core.uplift import model as models
from core.uplift.deciles import deciles
from core.uplift.evaluation import evaluate as evaluate_evidence
from core.uplift.experiment import experiment
from core.uplift.gain import gain_curve
from core.uplift.health import health
from core.uplift.health_report import HealthReport
from core.uplift.learners import Prediction
from core.uplift.meta import ModelMeta
from core.uplift.scoring import score
from core.uplift.training import fingerprint
from core.uplift.verdict import verdict


def evaluate(
    source: Path,
    model_folder: Path,
    out: Path,
    scenario: Scenario,
    progress: Progress,
    drop: tuple[str, ...] = (),
) -> None:
    """Write evaluation.json, deciles.csv and curve.csv.

    On the campaign the model was trained on, only the customers held out are measured. drop: columns of
    another campaign that were written after the contact, beside those left out in training.
    """
    model = models.load(model_folder)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
    campaign = experiment(frame, model.meta.roles, part(progress, 0.2, 0.4))
    if fingerprint(campaign) == model.meta.fingerprint:
        if model.evidence is None:
            raise SettingError(
                "The model keeps nothing to measure by: its campaign's arms are not comparable.",
                "See health.json in its folder, or state the planned shares when training.",
            )
        evidence = model.evidence
        whom = advice.measured_on(evidence.customers, held_out=bool(model.meta.test_size))
        say(f"This is the campaign the model learnt from. Measured on {whom}.")
    else:
        if drop:
            campaign = experiment(frame, _without(drop, model.meta))
        report = HealthReport.of(health(campaign))
        report.check_learnable()
        report.check_comparable()
        say("This is not the campaign the model learnt from; customers in both would flatter the model.")
        people = audience(frame, model.meta.schema, model.meta.id_column)
        scores = score(model, people, part(progress, 0.4, 0.7))
        kept = pd.Index(scores.ids).get_indexer(pd.Index(campaign.ids))  # rows of other arms take no part
        scores = scores.at(kept)
        evidence = crossfit.evidence(campaign, Prediction(scores.uplift, scores.y1, scores.y0))
    progress("Measuring", 0.7)
    money = (scenario.margin, scenario.cost, scenario.value)
    evaluation = evaluate_evidence(evidence, *money)
    write_json(out / "evaluation.json", evaluation.as_dict())
    write_table(deciles(evidence), out / "deciles.csv")
    write_table(gain_curve(evidence).to_frame(), out / "curve.csv")
    progress("Done", 1.0)
    for sentence in (
        advice.ranking_words(evaluation.ranking, model.meta.outcome),
        *advice.answer(verdict(evidence, *money)).sentences,
        *advice.judged_at(scenario, model.meta.outcome, model.meta.binary),
    ):
        say(sentence)
    say(f"Wrote {out / 'evaluation.json'}, deciles.csv and curve.csv.")


def _without(drop: tuple[str, ...], meta: ModelMeta) -> Roles:
    """The roles of the model's campaign, with further columns left out; none that the model scores by."""
    read = [column for column in drop if column in meta.feature_cols]
    if read:
        raise SettingError(
            f"The model scores customers by '{read[0]}': left out, it would flatter the model all the same.",
            "Train a model without the column.",
        )
    return replace(meta.roles, drop=(*meta.roles.drop, *(c for c in drop if c not in meta.roles.drop)))
