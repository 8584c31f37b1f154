"""Learning from past campaigns, and planning the next test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.options import (
    Arms,
    Cap,
    Control,
    Cost,
    Drop,
    Features,
    IdColumn,
    In,
    Margin,
    ModelFolder,
    Outcome,
    OutFolder,
    Propensity,
    ShowProgress,
    Treatment,
    Value,
    scenario_of,
)
from core.cli.running import running
from core.data.name_list import names_of


def train(
    source: In,
    outcome: Outcome,
    treatment: Treatment,
    control: Control,
    out: OutFolder,
    arms: Arms = None,
    features: Features = None,
    drop: Drop = None,
    cap: Cap = None,
    id_col: IdColumn = None,
    learner: Annotated[
        str, typer.Option(help="auto: all compared, the best kept; or one of `persuadable learners`.")
    ] = "auto",
    test_size: Annotated[
        float | None,
        typer.Option(
            help="Share of customers held out to measure on. Without: cross-fitting (t-rf learners: 0.25)."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the split and the learner.")] = 42,
    shares: Annotated[
        str, typer.Option(help='Planned shares of the arms: "No E-Mail=0.5,Mens E-Mail=0.5".')
    ] = "",
    propensity: Propensity = None,
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    progress: ShowProgress = "auto",
) -> None:
    """Learn uplift from a randomised campaign and measure it on customers held out."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost)
        from core.commands.train import train
        from core.data.schema import Roles

        lists = (names_of(arms), names_of(features), names_of(drop))
        roles = Roles(treatment, control, outcome, id_col, *lists, cap, propensity)
        train(
            *(source, roles, out),
            learner=learner,
            test_size=test_size,
            seed=seed,
            shares=shares,
            scenario=scenario,
            progress=shown,
        )


def learners() -> None:
    """List the learners that `train` knows."""
    with running("none"):
        from core.commands.train import learners

        learners()


def evaluate(
    source: In,
    models: ModelFolder,
    out: OutFolder,
    drop: Drop = None,
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    progress: ShowProgress = "auto",
) -> None:
    """Measure a model on a campaign file: deciles, curves and profit, with intervals."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost)
        from core.commands.evaluate import evaluate

        evaluate(source, models, out, scenario, shown, names_of(drop))


def compare(
    source: In,
    outcome: Outcome,
    treatment: Treatment,
    control: Control,
    out: OutFolder,
    arms: Arms = None,
    features: Features = None,
    drop: Drop = None,
    cap: Cap = None,
    id_col: IdColumn = None,
    learners: Annotated[
        str | None, typer.Option(help='Learners: "x-hgb,t-ridge". Without: all but those with a caution.')
    ] = None,
    propensity: Propensity = None,
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    seed: Annotated[int, typer.Option(help="Seed of the folds and the learners.")] = 42,
    progress: ShowProgress = "auto",
) -> None:
    """Compare learners on the same cross-fitted customers of a campaign: the leaderboard."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost)
        from core.commands.compare import compare
        from core.data.schema import Roles

        lists = (names_of(arms), names_of(features), names_of(drop))
        roles = Roles(treatment, control, outcome, id_col, *lists, cap, propensity)
        compare(
            *(source, roles, out), learners=names_of(learners), seed=seed, scenario=scenario, progress=shown
        )


def design(
    base: Annotated[
        float | None, typer.Option(help="Response rate without contact, 0 to 1: the outcome is yes or no.")
    ] = None,
    deviation: Annotated[
        float | None, typer.Option(help="Standard deviation of the outcome: the outcome is an amount.")
    ] = None,
    effect: Annotated[
        float | None, typer.Option(help="Smallest uplift to detect: a share (0.01) or an amount.")
    ] = None,
    profit: Annotated[
        float | None,
        typer.Option(help="Instead of --effect: smallest profit difference per customer to detect, money."),
    ] = None,
    margin: Margin = 0.30,
    value: Value = 1.0,
    holdout: Annotated[float, typer.Option(help="Share of customers not contacted.")] = 0.5,
    power: Annotated[float, typer.Option(help="Probability that the test shows the effect.")] = 0.8,
    customers: Annotated[
        int | None, typer.Option(help="How many there are to test on; says what they can show.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Also write the answer as JSON.")] = None,
) -> None:
    """Design a test: customers and hold-out needed to detect an uplift or a profit difference."""
    with running("none"):
        from core.commands.design import design
        from core.plan import stated

        asked = stated(
            base=base,
            deviation=deviation,
            effect=effect,
            profit=profit,
            worth=margin * value,
            holdout=holdout,
            power=power,
            customers=customers,
        )
        design(asked, out)
