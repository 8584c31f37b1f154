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


def test_values_weigh_an_audience(source: Path, tmp_path: Path) -> None:
    """From orders to w: the mean weight of those who have a value is 1, the others count with 1."""
    values, audience, out = tmp_path / "v.csv", tmp_path / "a.csv", tmp_path / "w.csv"
    assert CliRunner().invoke(app, ["clv", "--in", str(source), "--out", str(values)]).exit_code == 0
    people = read_table(values)["customer_id"].iloc[:40].tolist()
    write_table(pd.DataFrame({"row_id": pd.Series([*people, "00000"], dtype="str")}), audience)
    join = ["value", "--in", str(audience), "--values", str(values), "--out", str(out)]
    done = CliRunner().invoke(app, [*join, "--use", "weight"])
    assert done.exit_code == 0 and "40 customers have a value" in done.output, done.output
    weight = read_table(out)["w"].astype("float64")
    assert weight.iloc[:40].mean() == pytest.approx(1.0) and weight.iloc[40] == 1.0
    assert weight.iloc[0] > weight.iloc[39]
    leaking = CliRunner().invoke(app, [*join, "--use", "feature", "--treated-on", "1998-01-01"])
    assert leaking.exit_code == 2 and "leak" in leaking.output
    wrong = CliRunner().invoke(app, [*join, "--use", "magic"])
    assert wrong.exit_code == 2 and "report, weight or feature" in wrong.output


def test_an_example_can_be_named_instead_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSUADABLE_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    out = tmp_path / "v.parquet"
    done = CliRunner().invoke(app, ["clv", "--in", "cdnow", "--out", str(out), "--model", "mbg-nbd"])
    assert done.exit_code == 0, done.output
    assert len(pd.read_parquet(out)) == 2357
