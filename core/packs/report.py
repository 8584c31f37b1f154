"""The report folder: the example campaign's full set of files, figures and the proof that all doors agree."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from core.commands.example import prepare
from core.contact_list import ScoredList, contact_list
from core.data.readers import write_table
from core.data.schema_file import FILE_NAME as SCHEMA_FILE
from core.data.schema_file import write_schema
from core.files import write_json, write_text
from core.grid_axes import grid_axes
from core.packs import figures
from core.packs.assembly import assemble
from core.packs.pack import Pack, measured_profit
from core.packs.parity import Parity, command_line_door, parity, served_doors
from core.packs.summary import markdown
from core.packs.workbook import write_pack
from core.policy.economics import SensitivityGrid, sensitivity
from core.progress import Progress, part, silent
from core.scenario import Scenario
from core.uplift.deciles import deciles
from core.uplift.evidence import Evidence
from core.uplift.gain import gain_curve
from core.workspace import Workspace

GRID_STEPS = 49  # with the scenario's own margin and cost about 50 x 50
CURVE_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """What was written. simulated: whether the example had to be the simulated campaign."""

    folder: Path
    files: tuple[Path, ...]
    simulated: bool
    parity: Parity


def write_report(out: Path, workspace: Workspace, progress: Progress = silent) -> Report:
    """Write every file of the report, training the example's model where it is missing.

    The example is Hillstrom's campaign, or where that cannot be had the simulated one; the names of the
    files are a contract and stay the same. A server is started for a moment, on a free port of this machine.
    """
    data_id, model_id = prepare(part(progress, 0.0, 0.4), workspace)
    data, model = workspace.data.get(data_id), workspace.model(model_id)
    frame = workspace.data.frame(data_id)
    scenario = Scenario(data=data_id, model=model_id)
    scored = contact_list(frame, model, scenario, progress=part(progress, 0.4, 0.6))
    created = datetime.now().astimezone()
    pack = assemble(scored, model, audience=data.name, created=created)
    grid = sensitivity(scored.ranked, *grid_axes(scenario, GRID_STEPS), scenario.value)

    progress("Writing the tables", 0.6)
    if model.evidence is not None:
        _write_evidence(model.evidence, out)
    write_table(policy_curve(pack), out / "policy_curve_email.csv")
    write_table(long_grid(grid), out / "policy_sensitivity.csv")
    write_schema(out / SCHEMA_FILE, model.meta.schema)
    _write_lists(scored, out)
    progress("Drawing the figures", 0.7)
    figures.policy_sensitivity_heatmap(pack, out / "figs" / "policy_sensitivity_heatmap.png", grid)
    figures.campaign_economics(pack, out / "figs" / "campaign_economics.png")
    progress("Writing the pack", 0.75)
    workbook = out / f"{pack.stem}.xlsx"
    write_pack(pack, workbook)
    shutil.copyfile(workbook, out / "policy_pack.xlsx")
    write_text(workbook.with_suffix(".md"), markdown(pack))
    write_table(pack.contacts, workbook.with_suffix(".csv"))

    progress("Comparing the command line, HTTP and the app with training", 0.85)
    place, settings = workspace.model_path(model_id), workspace.settings
    with served_doors(place, settings) as (http, app):
        agreed = parity(frame, model, command_line_door(place, settings), http, app)
    write_json(out / "parity.json", agreed.as_dict())
    progress("Done", 1.0)
    return Report(out, tuple(sorted(f for f in out.rglob("*") if f.is_file())), data.simulated, agreed)


def policy_curve(pack: Pack) -> pd.DataFrame:
    """Predicted and measured money against contacts: contacts, share, revenue, cost, profit, measured_*."""
    curve = pack.curve.thinned(CURVE_POINTS)
    columns = {
        "contacts": curve.contacts,
        "share": curve.contacts / max(pack.decision.customers, 1),
        "revenue": curve.revenue,
        "cost": curve.cost,
        "profit": curve.profit,
    }
    measured = measured_profit(pack, curve.contacts.astype(np.float64))
    if measured is not None:
        columns |= dict(zip(("measured_profit", "measured_lo", "measured_hi"), measured))
    return pd.DataFrame(columns)


def long_grid(grid: SensitivityGrid) -> pd.DataFrame:
    """One row a cell: margin, cost, contacts, share, profit, profit_everyone."""
    margins, costs = np.meshgrid(grid.margins, grid.costs, indexing="ij")
    return pd.DataFrame(
        {
            "margin": margins.ravel(),
            "cost": costs.ravel(),
            "contacts": grid.contacts.ravel(),
            "share": grid.share.ravel(),
            "profit": grid.profit.ravel(),
            "profit_everyone": grid.profit_everyone.ravel(),
        }
    )


def held_out_scores(evidence: Evidence) -> pd.DataFrame:
    """The held-out rows: row_id, the scores of the customer's best arm, arm, treated 0/1, outcome."""
    best, rows = evidence.uplift.argmax(axis=1), np.arange(evidence.customers)
    return pd.DataFrame(
        {
            "row_id": evidence.ids.astype("str").to_numpy(),
            "uplift_hat": evidence.uplift[rows, best],
            "y1_hat": evidence.y1[rows, best],
            "y0_hat": evidence.y0,
            "arm": np.asarray(evidence.arms, dtype=object)[evidence.arm],
            "treated": (evidence.arm > 0).astype(np.int64),
            "outcome": evidence.outcome,
        }
    ).astype({"row_id": "str", "arm": "str"})


def _write_evidence(evidence: Evidence, out: Path) -> None:
    write_table(held_out_scores(evidence), out / "hillstrom_uplift_scores_test.csv")
    write_table(deciles(evidence), out / "hillstrom_uplift_deciles.csv")
    write_table(gain_curve(evidence).to_frame(), out / "hillstrom_uplift_curve.csv")


def _write_lists(scored: ScoredList, out: Path) -> None:
    write_table(scored.contacts, out / "policy_contact_list.csv")
    write_table(scored.table.drop(columns="should_contact"), out / "scored_contacts.csv")
    write_table(scored.table, out / "scored_contacts_with_flag.csv")
