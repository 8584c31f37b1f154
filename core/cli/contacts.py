"""Whom to contact: scores, plans and packs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from core.cli.options import (
    Cost,
    Everyone,
    HoldOut,
    HoldOutSeed,
    IdColumn,
    In,
    Margin,
    ModelFolder,
    OutFile,
    OutFolder,
    PolicyName,
    ShowProgress,
    TopN,
    Value,
    scenario_of,
)
from core.cli.running import running


def score(
    source: In,
    out: OutFile,
    models: ModelFolder,
    policy: PolicyName = "bestN",
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    topn: TopN = None,
    id_col: IdColumn = None,
    everyone: Everyone = False,
    holdout: HoldOut = 0.0,
    seed: HoldOutSeed = 42,
    progress: ShowProgress = "auto",
) -> None:
    """Score an audience and write the customers to contact, best first."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost, topn=topn, policy=policy)
        from core.commands.score import score

        score(
            *(source, out, models, scenario),
            id_column=id_col,
            everyone=everyone,
            holdout=holdout,
            seed=seed,
            progress=shown,
        )


def plan(
    source: Annotated[Path, typer.Option("--in", help="Scored file, as `persuadable score` writes it.")],
    out: OutFile,
    margin: Annotated[float, typer.Option("--margin", help="Share of revenue kept as profit, 0 to 1.")],
    cost: Annotated[
        float, typer.Option("--cost", help="Money per contact; a column cost in the file goes over it.")
    ],
    value: Value = 1.0,
    constraints: Annotated[
        Path | None,
        typer.Option("--constraints", help='JSON file of conditions, e.g. {"budget": 500, "holdout": 0.1}.'),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="JSON file for bound, prices, comparisons.")
    ] = None,
    everyone: Everyone = False,
    progress: ShowProgress = "auto",
) -> None:
    """Find the most profitable contact plan within a budget, capacities, minimums and other conditions."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost)
        from core.commands.plan import plan

        plan(
            source,
            out,
            scenario,
            constraints=constraints,
            report=report,
            everyone=everyone,
            progress=shown,
        )


def plan_map(
    data: Annotated[str, typer.Option(help="Id of the stored audience.")],
    model: Annotated[str, typer.Option(help="Id of the model.")],
    margin: Margin,
    cost: Cost,
    value: Value = 1.0,
    constraints: Annotated[str, typer.Option("--constraints", help="Conditions, as JSON.")] = "{}",
    progress: ShowProgress = "auto",
) -> None:
    """Find the best plan for margins and costs around a scenario: the job behind the Policy page's map."""
    with running(progress) as shown:
        scenario = replace(scenario_of(margin, value, cost), data=data, model=model)
        from core.commands.plan_map import work_out_map

        work_out_map(scenario, constraints, shown)


def pack(
    source: In,
    models: ModelFolder,
    out: OutFolder,
    policy: PolicyName = "bestN",
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    topn: TopN = None,
    id_col: IdColumn = None,
    name: Annotated[
        str | None, typer.Option(help="What the audience is called; else the file's name.")
    ] = None,
    link: Annotated[str, typer.Option(help="Address where the decision can be seen again.")] = "",
    constraints: Annotated[
        str | None,
        typer.Option(
            "--constraints",
            help='Conditions of the plan to hand over: a JSON file, or JSON as {"budget": 500}.',
        ),
    ] = None,
    scenario_name: Annotated[
        str | None, typer.Option("--scenario", help="What the scenario is called, at most 60 characters.")
    ] = None,
    holdout: HoldOut = 0.0,
    seed: HoldOutSeed = 42,
    progress: ShowProgress = "auto",
) -> None:
    """Score an audience and write the contact pack: Excel workbook, summary and list."""
    with running(progress) as shown:
        scenario = scenario_of(margin, value, cost, topn=topn, policy=policy, name=scenario_name)
        from core.commands.pack import pack

        pack(
            *(source, out, models, scenario),
            id_column=id_col,
            progress=shown,
            audience=name,
            link=link,
            constraints=constraints,
            holdout=holdout,
            seed=seed,
        )
