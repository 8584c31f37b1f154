"""What customers are worth, from a file of orders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.options import In, OutFile, ShowProgress
from core.cli.running import running


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
    with running(progress) as shown:
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


def check_values(
    folder: Annotated[Path, typer.Option("--in", help="Folder of customer values, as the app keeps them.")],
    progress: ShowProgress = "auto",
) -> None:
    """Refit kept customer values with the package lifetimes: the job behind the app's button."""
    with running(progress) as shown:
        from core.clv.recheck import run_recheck

        run_recheck(folder, shown)


def value(
    source: In,
    values: Annotated[Path, typer.Option(help="The customers' values, as `persuadable clv` wrote them.")],
    out: OutFile,
    use: Annotated[
        str,
        typer.Option(
            help='report: to read; weight: adds w, for `plan` with {"weight": "w"}; feature: for `train`.'
        ),
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
    with running(progress) as shown:
        from core.clv.command import run_merge

        run_merge(source, values, out, use=use, treated_on=treated_on, id_column=id_col, progress=shown)
