"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from core.scenario import Scenario

In = Annotated[Path, typer.Option("--in", help="Input file: .csv, .csv.gz, .xlsx or .parquet.")]
OutFile = Annotated[Path, typer.Option("--out", help="Output file: .csv, .csv.gz, .xlsx or .parquet.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Output folder.")]
ModelFolder = Annotated[Path, typer.Option("--models", help="Folder of a trained model.")]
IdColumn = Annotated[
    str | None,
    typer.Option("--id_col", "--id-col", help="Id column; without one, rows are numbered from 0 as row_id."),
]
PolicyName = Annotated[
    str, typer.Option("--policy", help="bestN: the N best by profit, or all that pay; pos: all that pay.")
]
Margin = Annotated[float, typer.Option("--margin", help="Share of revenue kept as profit, 0 to 1.")]
Value = Annotated[
    float,
    typer.Option("--value", help="Money per outcome unit: 1 for revenue; what one is worth for yes or no."),
]
Cost = Annotated[float, typer.Option("--cost", help="Money per contact.")]
TopN = Annotated[
    int | None, typer.Option("--topn", help="How many to contact; without it, the profit decides.")
]
Outcome = Annotated[str, typer.Option(help="Outcome column: revenue of 0 or more, or 0/1.")]
Treatment = Annotated[str, typer.Option(help="Column that says who was contacted, and how.")]
Control = Annotated[str, typer.Option(help="The treatment column's value for customers not contacted.")]
Arms = Annotated[str | None, typer.Option(help='Contact values to tell apart: "A,B". Without: pooled.')]
Features = Annotated[str | None, typer.Option(help='Feature columns: "A,B". Without: every other.')]
Drop = Annotated[
    str | None,
    typer.Option(
        help='Columns never used as features: "A,B". A name with a comma has quotation marks of its own, '
        "as in all such lists: '\"A, B\",C'."
    ),
]
Cap = Annotated[
    float | None,
    typer.Option(help="Count outcomes above this amount as this amount: a guard against a few huge orders."),
]
Propensity = Annotated[
    str | None,
    typer.Option(
        help="Column with each customer's designed probability of contact, where some were likelier to be "
        "contacted than others: measured figures are weighted by it."
    ),
]
Everyone = Annotated[bool, typer.Option("--all", help="Write every customer, with should_contact 0/1.")]
HoldOut = Annotated[
    float, typer.Option("--holdout", help="Share of customers held out by chance, in a column holdout 0/1.")
]
HoldOutSeed = Annotated[int, typer.Option("--seed", help="Seed of the hold-out.")]
ShowProgress = Annotated[
    str, typer.Option("--progress", help="auto: bars on a terminal; json: a line per step; none.")
]


def scenario_of(
    margin: float,
    value: float,
    cost: float,
    *,
    topn: int | None = None,
    policy: Any = "bestN",  # Scenario says which there are
    name: str | None = None,
) -> Scenario:
    """What the options of money and number mean. Raises SettingError where one is out of bounds."""
    from core.scenario import Scenario

    return Scenario(margin=margin, value=value, cost=cost, topn=topn, policy=policy, name=name)
