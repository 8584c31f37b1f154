"""The command `persuadable`: options here, the work in core/commands.

Each command imports its work when it runs, so that --help and errors in options come at once.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import typer

from core.cli import contacts, experiments, installation, values

app = typer.Typer(
    name="persuadable",
    help="Whom to contact so that a campaign earns the most incremental profit, and how sure we are.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# In the order of --help.
app.command()(installation.example)
app.command()(experiments.train)
app.command()(experiments.learners)
app.command()(experiments.evaluate)
app.command()(experiments.compare)
app.command()(experiments.design)
app.command()(contacts.score)
app.command()(contacts.plan)
app.command("plan-map", hidden=True)(contacts.plan_map)
app.command()(contacts.pack)
app.command("prepare-example", hidden=True)(installation.prepare_example)
app.command()(values.clv)
app.command("check-values", hidden=True)(values.check_values)
app.command("value")(values.value)
app.command()(installation.report)
app.command()(installation.serve)


def main(run: Callable[[], Any] = app) -> None:
    """The entry point of the installed command."""
    if not sys.warnoptions:
        # Libraries' warnings are for who develops with them. No filter holds them back: scikit-learn's
        # threads set and restore the list of filters beside one another, and can leave it empty.
        warnings.showwarning = _unseen
    run()


def _unseen(*_: object, **__: object) -> None:
    """A warning of a library, not shown."""
