"""The command `persuadable`: options here, the work in core/commands."""

# Each command imports its work when it runs, so that --help and errors in options come at once.

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from core.data.name_list import names_of
from core.progress import Progress
from core.terminal import ProgressStyle, errors_told, progress_shown

app = typer.Typer(
    name="persuadable",
    help="Whom to contact so that a campaign earns the most incremental profit, and how sure we are.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
HoldOut = Annotated[
    float, typer.Option("--holdout", help="Share of customers held out by chance, in a column holdout 0/1.")
]
HoldOutSeed = Annotated[int, typer.Option("--seed", help="Seed of the hold-out.")]
ShowProgress = Annotated[
    str, typer.Option("--progress", help="auto: bars on a terminal; json: a line per step; none.")
]


@contextmanager
def _running(progress: str) -> Iterator[Progress]:
    style: ProgressStyle = "json" if progress == "json" else "none" if progress == "none" else "auto"
    if style == "json":
        from core.processes import leave_with_attendants

        leave_with_attendants()  # a job of the app ends with the server that attends to it
    # A termination unwinds the stack, so that what was being written beside is taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with errors_told(style), _artifacts_private(), progress_shown(style) as shown:
        yield shown


@contextmanager
def _artifacts_private() -> Iterator[None]:
    """Keep the artifacts folder for its user, where there is one before or after the work."""
    from core.files import private
    from core.settings import Settings

    artifacts = Settings.from_environment().artifacts
    there = artifacts.is_dir()
    if there:
        private(artifacts)  # what is written into a private folder is private
    try:
        yield
    finally:
        if not there and artifacts.is_dir():
            for path in (private(artifacts), *artifacts.rglob("*")):
                path.chmod(path.stat().st_mode & 0o700)


@app.command()
def example(
    name: Annotated[str, typer.Argument(help="hillstrom | online-retail | cdnow | simulated")],
    out: OutFolder,
    progress: ShowProgress = "auto",
) -> None:
    """Write an example data set. Offline, `simulated` always works."""
    with _running(progress) as shown:
        from core.commands.example import example

        example(name, out, shown)


@app.command()
def train(
    source: In,
    outcome: Annotated[str, typer.Option(help="Outcome column: revenue of 0 or more, or 0/1.")],
    treatment: Annotated[str, typer.Option(help="Column that says who was contacted, and how.")],
    control: Annotated[str, typer.Option(help="The treatment column's value for customers not contacted.")],
    out: OutFolder,
    arms: Annotated[
        str | None, typer.Option(help='Contact values to tell apart: "A,B". Without: pooled.')
    ] = None,
    features: Annotated[
        str | None, typer.Option(help='Feature columns: "A,B". Without: every other.')
    ] = None,
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
    with _running(progress) as shown:
        scenario = _scenario(margin=margin, value=value, cost=cost)
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


@app.command()
def learners() -> None:
    """List the learners that `train` knows."""
    with _running("none"):
        from core.commands.train import learners

        learners()


@app.command()
def evaluate(
    source: In,
    models: ModelFolder,
    out: OutFolder,
    margin: Margin = 0.30,
    value: Value = 1.0,
    cost: Cost = 0.05,
    progress: ShowProgress = "auto",
) -> None:
    """Measure a model on a campaign file: deciles, curves and profit, with intervals."""
    with _running(progress) as shown:
        scenario = _scenario(margin=margin, value=value, cost=cost)
        from core.commands.evaluate import evaluate

        evaluate(source, models, out, scenario, shown)


@app.command()
def compare(
    source: In,
    outcome: Annotated[str, typer.Option(help="Outcome column: revenue of 0 or more, or 0/1.")],
    treatment: Annotated[str, typer.Option(help="Column that says who was contacted, and how.")],
    control: Annotated[str, typer.Option(help="The treatment column's value for customers not contacted.")],
    out: OutFolder,
    arms: Annotated[
        str | None, typer.Option(help='Contact values to tell apart: "A,B". Without: pooled.')
    ] = None,
    features: Annotated[
        str | None, typer.Option(help='Feature columns: "A,B". Without: every other.')
    ] = None,
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
    with _running(progress) as shown:
        scenario = _scenario(margin=margin, value=value, cost=cost)
        from core.commands.compare import compare
        from core.data.schema import Roles

        lists = (names_of(arms), names_of(features), names_of(drop))
        roles = Roles(treatment, control, outcome, id_col, *lists, cap, propensity)
        compare(
            *(source, roles, out), learners=names_of(learners), seed=seed, scenario=scenario, progress=shown
        )


@app.command()
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
    with _running("none"):
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


@app.command()
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
    everyone: Annotated[
        bool, typer.Option("--all", help="Write every customer, with should_contact 0/1.")
    ] = False,
    holdout: HoldOut = 0.0,
    seed: HoldOutSeed = 42,
    progress: ShowProgress = "auto",
) -> None:
    """Score an audience and write the customers to contact, best first."""
    with _running(progress) as shown:
        scenario = _scenario(margin=margin, value=value, cost=cost, topn=topn, policy=policy)
        from core.commands.score import score

        score(
            *(source, out, models, scenario),
            id_column=id_col,
            everyone=everyone,
            holdout=holdout,
            seed=seed,
            progress=shown,
        )


@app.command()
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
        typer.Option("--constraints", help='JSON file of conditions, e.g. {"budget": 500}.'),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="JSON file for bound, prices, comparisons.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="Write every customer, with should_contact 0/1.")
    ] = False,
    progress: ShowProgress = "auto",
) -> None:
    """Find the most profitable contact plan within a budget, capacities, minimums and other conditions."""
    with _running(progress) as shown:
        scenario = _scenario(margin=margin, value=value, cost=cost)
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


@app.command("plan-map", hidden=True)
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
    with _running(progress) as shown:
        scenario = _scenario(data=data, model=model, margin=margin, value=value, cost=cost)
        from core.commands.plan_map import work_out_map

        work_out_map(scenario, constraints, shown)


@app.command()
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
    with _running(progress) as shown:
        scenario = _scenario(
            margin=margin, value=value, cost=cost, topn=topn, policy=policy, name=scenario_name
        )
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


@app.command("prepare-example", hidden=True)
def prepare_example(progress: ShowProgress = "auto") -> None:
    """Prepare the example campaign and its model: the job behind the app's button."""
    with _running(progress) as shown:
        from core.commands.example import prepare

        prepare(shown)


@app.command()
def clv(
    source: Annotated[
        Path, typer.Option("--in", help="File of orders, or an example: cdnow | online-retail.")
    ],
    out: OutFile,
    model: Annotated[str, typer.Option(help="bg-nbd | mbg-nbd | pareto-nbd")] = "bg-nbd",
    observation_end: Annotated[
        str | None,
        typer.Option(
            help="Last day for which the orders are complete, YYYY-MM-DD. Without: the last order's."
        ),
    ] = None,
    horizon: Annotated[float, typer.Option(help="Days to predict.")] = 365.0,
    discount: Annotated[float, typer.Option(help="Discount rate a year: 0.10 for 10 %.")] = 0.10,
    report: Annotated[Path | None, typer.Option(help="File for the findings, .json.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Refit with the package lifetimes and compare.")
    ] = False,
    unit: Annotated[str, typer.Option(help="Unit of time of the parameters: day | week.")] = "day",
    cancellations: Annotated[
        str, typer.Option(help="drop: leave cancellations out; net: take them from the orders they cancel.")
    ] = "drop",
    services: Annotated[
        str, typer.Option(help="keep or drop lines that are no goods: postage, fees, vouchers.")
    ] = "keep",
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How to read 03/04/2011 where no row tells."),
    ] = None,
    customer: Annotated[str | None, typer.Option(help="Customer column.")] = None,
    date: Annotated[str | None, typer.Option(help="Date column.")] = None,
    amount: Annotated[str | None, typer.Option(help="Amount column.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Quantity column.")] = None,
    price: Annotated[str | None, typer.Option(help="Unit price column.")] = None,
    invoice: Annotated[str | None, typer.Option(help="Invoice or order number column.")] = None,
    product: Annotated[str | None, typer.Option(help="Product code column.")] = None,
    progress: ShowProgress = "auto",
) -> None:
    """Predict each customer's orders, chance of still being one, and value, from a file of orders."""
    with _running(progress) as shown:
        from core.clv.command import clv_settings, run_clv

        roles = {
            "customer": customer,
            "date": date,
            "amount": amount,
            "quantity": quantity,
            "price": price,
            "invoice": invoice,
            "product": product,
        }
        settings = clv_settings(
            model=model,
            observation_end=observation_end,
            horizon=horizon,
            discount=discount,
            unit=unit,
            cancellations=cancellations,
            services=services,
            day_first=day_first,
            roles=roles,
        )
        run_clv(source, out, settings, report=report, verify=verify, progress=shown)


@app.command("check-values", hidden=True)
def check_values(
    folder: Annotated[Path, typer.Option("--in", help="Folder of customer values, as the app keeps them.")],
    progress: ShowProgress = "auto",
) -> None:
    """Refit kept customer values with the package lifetimes: the job behind the app's button."""
    with _running(progress) as shown:
        from core.clv.recheck import run_recheck

        run_recheck(folder, shown)


@app.command("value")
def value_(
    source: In,
    values: Annotated[Path, typer.Option(help="The customers' values, as `persuadable clv` wrote them.")],
    out: OutFile,
    use: Annotated[
        str,
        typer.Option(help="report: for reading; weight: adds w for `plan`; feature: for `train`."),
    ] = "report",
    treated_on: Annotated[
        str | None, typer.Option(help="First day of the campaign, YYYY-MM-DD; needed for --use feature.")
    ] = None,
    id_col: Annotated[
        str | None, typer.Option("--id_col", "--id-col", help="Id column; without one, row_id or the first.")
    ] = None,
    progress: ShowProgress = "auto",
) -> None:
    """Join customers' values to an audience or to scored customers, by id."""
    with _running(progress) as shown:
        from core.clv.command import run_merge

        run_merge(source, values, out, use=use, treated_on=treated_on, id_column=id_col, progress=shown)


@app.command()
def report(out: OutFolder, progress: ShowProgress = "auto") -> None:
    """Write the example campaign's full set of report files, figures included."""
    with _running(progress) as shown:
        from core.commands.report import report

        report(out, shown)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(help="Server processes.", min=1, max=64)] = 1,
    prepare_example: Annotated[
        bool,
        typer.Option("--prepare-example", help="First prepare the example campaign where it is missing."),
    ] = False,
    progress: ShowProgress = "auto",
) -> None:
    """Serve the app and the API."""
    with errors_told("auto"):
        from core.commands.serve import serve

        if prepare_example:
            with progress_shown("json" if progress == "json" else "auto") as shown:
                from core.commands.example import prepare

                prepare(shown)
        serve(host, port, workers)


def _scenario(**settings: Any) -> Any:
    from core.scenario import Scenario

    return Scenario(**settings)


def main(run: Callable[[], Any] = app) -> None:
    """The entry point of the installed command."""
    if not sys.warnoptions:
        # Libraries' warnings are for who develops with them. No filter holds them back: scikit-learn's
        # threads set and restore the list of filters beside one another, and can leave it empty.
        warnings.showwarning = _unseen
    run()


def _unseen(*_: object, **__: object) -> None:
    """A warning of a library, not shown."""


if __name__ == "__main__":
    main()
