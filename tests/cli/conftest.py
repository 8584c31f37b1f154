"""The command line within this process, and a small campaign."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Run the command line within this process: the same code as `persuadable`, quicker to start."""
    monkeypatch.setenv("PERSUADABLE_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def campaign(tmp_path):
    rng = np.random.default_rng(0)
    rows = 1200
    arm = np.where(rng.random(rows) < 0.5, "mail", "none")
    age = rng.integers(18, 80, rows)
    spend = rng.exponential(10, rows) + 5.0 * (arm == "mail")
    path = tmp_path / "campaign.csv"
    pd.DataFrame({"arm": arm, "spend": spend.round(2), "age": age}).to_csv(path, index=False)
    return path
