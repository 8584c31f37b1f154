"""The example, its report, and the app itself."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.options import OutFolder, ShowProgress
from core.cli.running import running
from core.terminal import errors_told, progress_shown


def example(
    name: Annotated[str, typer.Argument(help="hillstrom | online-retail | cdnow | simulated")],
    out: OutFolder,
    progress: ShowProgress = "auto",
) -> None:
    """Write an example data set. Offline, `simulated` always works."""
    with running(progress) as shown:
        from core.commands.example import example

        example(name, out, shown)


def prepare_example(progress: ShowProgress = "auto") -> None:
    """Prepare the example campaign and its model: the job behind the app's button."""
    with running(progress) as shown:
        from core.commands.example import prepare

        prepare(shown)


def report(out: OutFolder, progress: ShowProgress = "auto") -> None:
    """Write the example campaign's full set of report files, figures included."""
    with running(progress) as shown:
        from core.commands.report import report

        report(out, shown)


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
