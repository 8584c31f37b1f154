"""`persuadable clv` from a file to a file, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app
from core.data import cdnow
from core.data.readers import read_table
from core.data.writers import write_table


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clv") / "cdnow.csv"
    write_table(cdnow.transactions(), path)
    return path


def test_cdnow_from_a_file_with_the_check(source: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "values.csv", tmp_path / "report.json"
    done = CliRunner().invoke(
        app,
        ["clv", "--in", str(source), "--out", str(out), "--observation-end", "1997-09-30", "--unit", "week",
         "--horizon", "273", "--discount", "0.1", "--report", str(report), "--verify", "--progress", "none"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "lifetimes agrees on BG/NBD" in done.output
    assert "2,357 customers" in done.output
    table = read_table(out)
    assert len(table) == 2357 and table["customer_id"].iloc[0] == "05420"
    found = json.loads(report.read_text())
    assert found["model"]["values"][0] == pytest.approx(0.24259, rel=1e-4)
    assert found["validation"]["actual_orders"] == 711


def test_json_progress_is_one_line_a_step(source: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["clv", "--in", str(source), "--out", str(tmp_path / "v.csv"), "--progress", "json"]
    )
    assert done.exit_code == 0, done.output
    steps = [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]
    shares = [step["share"] for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(steps) > 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "magic"], "Choose one of bg-nbd"),
        (["--observation-end", "soon"], "not a date"),
        (["--horizon", "0"], "between 1 and"),
        (["--unit", "moon"], "day or week"),
        (["--customer", "who"], "no column 'who'"),
        (["--observation-end", "1990-01-01"], "before the first order"),
    ],
)
def test_what_the_caller_can_mend_ends_with_2(
    source: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    out = tmp_path / "v.csv"
    done = CliRunner().invoke(app, ["clv", "--in", str(source), "--out", str(out), *options])
    assert done.exit_code == 2 and message in done.output
    assert not out.exists()


def test_parquet_and_csv_give_the_same_values(source: Path, tmp_path: Path) -> None:
    frame = cdnow.transactions()
    frame["customer_id"] = frame["customer_id"].astype("str")
    parquet = tmp_path / "cdnow.parquet"
    frame.to_parquet(parquet)
    tables = []
    for path in (source, parquet):
        out = tmp_path / f"{path.suffix[1:]}_values.parquet"
        assert CliRunner().invoke(app, ["clv", "--in", str(path), "--out", str(out)]).exit_code == 0
        tables.append(pd.read_parquet(out))
    pd.testing.assert_frame_equal(tables[0], tables[1], check_dtype=False)
