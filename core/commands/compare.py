"""`persuadable compare`: learners beside each other on the same cross-fitted customers of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from core import advice
from core.data.readers import read_table, write_table
from core.data.schema import Experiment, Roles
from core.estimate import Estimate
from core.files import write_json
from core.progress import Progress, part, silent
from core.scenario import Scenario
from core.settings import Settings
from core.terminal import say
from core.uplift import crossfit
from core.uplift.calibration import calibrated
from core.uplift.comparison import Leaderboard, leaderboard
from core.uplift.evidence import Evidence
from core.uplift.experiment import experiment
from core.uplift.health import health
from core.uplift.health_report import HealthReport
from core.uplift.learners import DEFAULT, learner_info
from core.uplift.learners.bases import one_thread
from core.uplift.training import candidates


def compared(
    campaign: Experiment, names: tuple[str, ...], seed: int, scenario: Scenario, progress: Progress = silent
) -> Leaderboard:
    """The leaderboard of the named learners, every one cross-fitted on the same folds.

    The incumbent is the default learner, or the first named. The classic forests are not calibrated.
    """
    infos = [learner_info(name) for name in names]
    judged: dict[str, Evidence] = {}
    for k, info in enumerate(infos):
        step = part(progress, k / len(infos), (k + 1) / len(infos))
        with one_thread():  # as in training: the same seed gives the same board
            scored = crossfit.cross_fit(campaign, info, seed=seed, progress=step)
            judged[info.name] = scored if info.held_out else calibrated(scored, seed)[0]
    return leaderboard(
        judged,
        DEFAULT if DEFAULT in judged else names[0],
        {info.name: info.effort for info in infos},
        margin=scenario.margin,
        cost=scenario.cost,
        value=scenario.value,
    )


def compare(
    source: Path,
    roles: Roles,
    out: Path,
    *,
    learners: tuple[str, ...],
    seed: int,
    scenario: Scenario,
    progress: Progress,
) -> None:
    """Write leaderboard.csv and leaderboard.json, and say who ranks best."""
    names = tuple(dict.fromkeys(learners)) or tuple(candidates())
    for name in names:
        learner_info(name)
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.05))
    campaign = experiment(frame, roles, part(progress, 0.05, 0.1))
    report = HealthReport.of(health(campaign))
    report.check_learnable()
    report.check_comparable()
    board = compared(campaign, names, seed, scenario, part(progress, 0.1, 0.98))
    table = board_table(board)
    write_table(table, out / "leaderboard.csv")
    write_json(out / "leaderboard.json", board_record(board))
    progress("Done", 1.0)
    shown = table.assign(qini=table["qini"].map("{:.3f}".format), profit=table["profit"].map(advice.money))
    say(shown[["learner", "qini", "profit", "standing"]].to_string(index=False))
    for sentence in advice.board_sentences(board):
        say(sentence)
    say(f"Wrote {out / 'leaderboard.csv'} and leaderboard.json.")


def board_table(board: Leaderboard) -> pd.DataFrame:
    """One row a learner, best Qini first: learner, standing, qini, profit, slope and the gaps to the
    incumbent, each with lo and hi; predicted (the claim), contacts, effort. Money of all measured."""
    rows = []
    for entry in board.entries:
        row: dict[str, Any] = {"learner": entry.learner, "standing": entry.standing}
        for name in ("qini", "profit", "gap", "gap_profit", "slope"):
            estimate: Estimate | None = getattr(entry, name)
            for end, column in (("value", name), ("lo", f"{name}_lo"), ("hi", f"{name}_hi")):
                row[column] = getattr(estimate, end) if estimate is not None else None
        rows.append(
            row
            | {"predicted": entry.claim.predicted, "contacts": entry.claim.contacts, "effort": entry.effort}
        )
    return pd.DataFrame(rows)


def board_record(board: Leaderboard) -> Mapping[str, Any]:
    """The leaderboard as JSON; numbers that do not exist as null."""
    table = board_table(board).astype(object)
    entries = table.where(table.notna(), None).to_dict("records")
    said = {name: value for name, value in asdict(board).items() if name != "entries"}
    return said | {"entries": entries, "sentences": list(advice.board_sentences(board))}
