"""Every bad file of orders a person may bring, through the real command: words and exit code 2, or an honest
answer, never NaN."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app
from core.data.readers import read_table
from tests.core.clv.test_bad_input import _orders

Change = Callable[[pd.DataFrame], pd.DataFrame]


def _cell(row: int, column: str, value: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row, column] = value
        return frame

    return change


def _zones(frame: pd.DataFrame) -> pd.DataFrame:
    return _cell(4, "date", "2020-03-23T23:30:00Z")(frame.assign(date=frame["date"] + "T23:30:00+01:00"))


def _firsts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop_duplicates("customer_id")


def _asked(folder: Path, frame: pd.DataFrame, *options: str) -> tuple[int, str, Path]:
    source, report = folder / "orders.csv", folder / "report.json"
    frame.to_csv(source, index=False)
    done = CliRunner().invoke(
        app,
        ["clv", "--in", str(source), "--out", str(folder / "values.csv"), "--report", str(report),
         "--progress", "none", *options],
    )  # fmt: skip
    return done.exit_code, done.output, report


@pytest.mark.parametrize(
    ("change", "options", "told"),
    [
        (_cell(7, "date", "03/25/2020"), (), "row 9, column 'date', found '03/25/2020'"),
        (_cell(0, "date", "2190-05-05"), (), "The date lies in the future"),
        (_zones, (), "more than one time zone"),
        (lambda f: f.assign(customer_id="0001"), (), "one customer only"),
        (lambda f: pd.concat([_firsts(f)] * 2), (), "cannot tell how often customers come back"),
        (_firsts, (), "cannot tell how often customers come back"),
        (lambda f: f.assign(amount="-3.20"), (), "No order has an amount above 0"),
        (lambda f: f.assign(amount="0"), (), "No order has an amount above 0"),
        (lambda f: f.assign(amount=["£1", "$1"] * (len(f) // 2)), (), "several currencies: $, £"),
        (lambda f: f.assign(amount="twelve"), (), "such as 'twelve'"),
        (lambda f: f.assign(date=""), (), "holds no dates"),
        (lambda f: f, ("--observation-end", "2019-01-01"), "before the first order on 2020-01-03"),
        (lambda f: f, ("--observation-end", "2190-01-01"), "in the future"),
        (lambda f: f, ("--horizon", "0"), "between 1 and 36,525"),
    ],
)
def test_what_cannot_be_told_ends_with_words(
    tmp_path: Path, change: Change, options: tuple[str, ...], told: str
) -> None:
    code, said, report = _asked(tmp_path, change(_orders()), *options)
    assert code == 2 and told in said, said
    assert "Traceback" not in said and not report.exists() and not (tmp_path / "values.csv").exists()


@pytest.mark.parametrize(
    ("change", "options", "told"),
    [
        (lambda f: f.assign(amount="12.50"), (), "All mean amounts are equal"),
        (lambda f: f.assign(amount="£" + f["amount"]), (), "150  currency sign £ (Taken off)"),
        (
            lambda f: f.assign(amount=f["amount"].str.replace(".", ",") + " €"),
            (),
            "currency sign € (Taken off)",
        ),
        (lambda f: f, ("--horizon", "18262", "--model", "pareto-nbd"), "horizon of 50 years"),
    ],
)
def test_what_can_be_told_is_told_with_its_doubts(
    tmp_path: Path, change: Change, options: tuple[str, ...], told: str
) -> None:
    code, said, report = _asked(tmp_path, change(_orders()), *options)
    assert code == 0 and told in said, said
    json.dumps(json.loads(report.read_text()), allow_nan=False)
    table = read_table(tmp_path / "values.csv")
    assert table["customer_id"].iloc[0].startswith("00") and len(table) == 60
    assert not table.drop(columns="mean_spend").isna().any().any()
