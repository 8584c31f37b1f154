"""`persuadable example`, and the example campaign that the app offers."""

from __future__ import annotations

from pathlib import Path

from core import advice
from core.commands.train import fit
from core.data import examples
from core.data.readers import read_table
from core.data.schema import Roles
from core.data.store import DataSet
from core.errors import DataError
from core.example_record import remember
from core.progress import Progress, part
from core.settings import Settings
from core.terminal import say
from core.workspace import Workspace

ROLES = Roles(treatment="segment", control="No E-Mail", outcome="spend")
"""What the columns of Hillstrom's schema are for."""

LEARNER = "t-rf"


def example(name: str, out: Path, progress: Progress) -> None:
    """Write the example's file and say where it is."""
    path = examples.prepare(name, out, Settings.from_environment(), progress)
    say(f"Wrote {path}.")
    if name == "simulated":
        say(advice.SIMULATED)


def campaign(workspace: Workspace, progress: Progress) -> DataSet:
    """The example campaign in the store: Hillstrom, or offline the simulated one, which says so."""
    folder = workspace.settings.artifacts / "example"
    for name in ("hillstrom", "simulated"):
        try:
            path = examples.prepare(name, folder, workspace.settings, part(progress, 0.0, 0.6))
        except DataError:
            if name == "simulated":
                raise
            continue
        simulated = name == "simulated"
        title = "Simulated campaign" if simulated else "Hillstrom e-mail campaign"
        frame = read_table(path, settings=workspace.settings, progress=part(progress, 0.6, 0.9))
        return workspace.data.add(frame, title, ROLES, simulated=simulated)
    raise AssertionError("unreachable: the simulated campaign always works")


def prepare(progress: Progress, workspace: Workspace | None = None) -> tuple[str, str]:
    """The ids of the example's data set and model, both made where they are missing."""
    workspace = workspace or Workspace()
    progress("Preparing the example campaign", 0.0)
    data = campaign(workspace, part(progress, 0.0, 0.2))
    model_id = "simulated" if data.simulated else "hillstrom"
    folder = workspace.models_folder / model_id
    if not (folder / "meta.json").is_file():
        frame = workspace.data.frame(data.id)
        fit(
            frame,
            ROLES,
            folder,
            learner=LEARNER,
            simulated=data.simulated,
            progress=part(progress, 0.2, 0.9),
        )
    progress("Scoring the example campaign", 0.9)
    workspace.scored(data.id, model_id, part(progress, 0.9, 1.0))
    remember(workspace, data.id, model_id)
    return data.id, model_id
