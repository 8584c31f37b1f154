"""Customer value in the decision: the weight w changes whom a plan contacts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app
from core.data import cdnow
from core.data.readers import read_table
from core.data.writers import write_table


def _run(*arguments: str) -> None:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CDNOW's values, and 60 of its customers scored with uplifts that do not know the values."""
    folder = tmp_path_factory.mktemp("plan")
    write_table(cdnow.transactions(), folder / "orders.csv")
    _run("clv", "--in", str(folder / "orders.csv"), "--out", str(folder / "values.csv"))
    people = read_table(folder / "values.csv")["customer_id"].iloc[::40].tolist()
    uplift = np.random.default_rng(1).uniform(0.5, 1.5, len(people))
    scored = pd.DataFrame({"row_id": pd.Series(people, dtype="str"), "uplift_hat": uplift})
    write_table(scored, folder / "scored.csv")
    return folder


def _plan(folder: Path, source: str, conditions: dict[str, object]) -> list[str]:
    (folder / "conditions.json").write_text(json.dumps(conditions), encoding="utf-8")
    out = folder / "plan.csv"
    _run(
        "plan", "--in", str(folder / source), "--out", str(out), "--margin", "0.3", "--cost", "0.05",
        "--constraints", str(folder / "conditions.json"),
    )  # fmt: skip
    return read_table(out)["row_id"].tolist()


def test_the_weight_changes_whom_a_plan_contacts(folder: Path) -> None:
    """Oracle: the ten largest w · uplift, sorted by hand; without the weight the ten largest uplifts."""
    _run(
        "value", "--in", str(folder / "scored.csv"), "--values", str(folder / "values.csv"),
        "--out", str(folder / "weighted.csv"), "--use", "weight",
    )  # fmt: skip
    table = read_table(folder / "weighted.csv")
    uplift, weight = (table[name].astype("float64").to_numpy() for name in ("uplift_hat", "w"))
    ids = table["row_id"].to_numpy()
    plain = _plan(folder, "weighted.csv", {"topn": 10})
    weighted = _plan(folder, "weighted.csv", {"topn": 10, "weight": "w"})
    assert set(plain) == set(ids[np.argsort(-uplift)[:10]])
    assert set(weighted) == set(ids[np.argsort(-uplift * weight)[:10]])
    assert set(plain) != set(weighted)
