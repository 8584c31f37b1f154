"""Where the orders determine nothing, no figure and no interval pretends that they do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.cli import app
from core.clv.analysis import ClvSettings, analyse
from core.clv.chart_tables import chart_table
from core.clv.command import run_clv, summary
from core.clv.merge import merge
from core.clv.result_words import told_plainly, verdict
from core.clv.results import CUSTOMERS, REPORT, read
from core.errors import DataError, NotFoundError

FIVE = [
    ("001", "2023-01-01", "10"), ("001", "2023-02-01", "12"), ("002", "2023-01-05", "9"),
    ("002", "2023-02-05", "9"), ("003", "2023-03-01", "9"), ("004", "2023-03-01", "9"),
    ("005", "2023-01-01", "20"),
]  # fmt: skip
TWO = [("0", "2023-04-17", "7.41"), ("1", "2023-01-28", "19.52"), ("1", "2023-03-01", "15.08")]
PREDICTED = ("p_alive", "expected_orders", "value_tier")


def _frame(lines: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["customer_id", "order_date", "amount"], dtype="str")


def _steady(customers: int = 60, orders: int = 12) -> pd.DataFrame:
    """Everybody orders every month to the end: nobody has left yet, so nothing tells who will."""
    start = date(2022, 1, 1)
    days = [(start + timedelta(days=31 * i)).isoformat() for i in range(orders)]
    return _frame([(str(c), day, f"{10 + c}") for c in range(customers) for day in days])


@pytest.mark.parametrize("model", ["bg-nbd", "mbg-nbd", "pareto-nbd"])
@pytest.mark.parametrize(
    ("frame", "why"),
    [(_frame(FIVE), "2 customers"), (_frame(TWO), "1 customer"), (_steady(), "how readily they leave")],
    ids=["five", "two", "steady"],
)
def test_nothing_is_forecast_and_the_reason_is_named(frame: pd.DataFrame, why: str, model: str) -> None:
    """Oracle: the rule in `core.clv.determined`; 2 and 1 repeat customers, and a leaving rate of 0."""
    found = analyse(frame, ClvSettings(model=model))
    report = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert why in found.fit.undetermined and found.fit.undetermined in report["notes"]
    for name in ("total_orders", "total_value", "expected_orders", "mean_p_alive", "residual_value"):
        assert report[name] is None, name
    table = found.to_frame()
    ends = [f"{name}_{end}" for name in ("p_alive", "expected_orders") for end in ("lo", "hi")]
    assert table[[*PREDICTED, *ends]].isna().all().all()
    told = verdict(report)
    assert told.decision.startswith("These data cannot tell") and told.tone == "unsure"
    said = " ".join(summary(found))
    assert "These data cannot tell how many orders will come in the next 365 days." in said
    assert "cannot tell which model" in said
    for false in ("Expect", "interval 2", "describes these data best"):
        assert false not in said, false
    assert not any("Predictions may still be good" in note for note in found.fit.notes)
    assert told_plainly(report["model"]) == found.fit.undetermined


def test_no_model_is_called_best_where_none_is_determined() -> None:
    checked = analyse(_steady(), ClvSettings()).validation
    assert checked is not None
    assert checked.by_likelihood is None and checked.by_holdout is None
    assert all(score.interval is None for score in checked.scores)


def test_customers_who_are_alike_are_forecast_on_their_ridge() -> None:
    """Orders at one rate and leaving at one rate: shapes run away, both ratios are known. Oracle: the
    simulation, a Poisson rate of 1 in 30 days and an exponential life of 300, so a rate ratio of 0.1."""
    rng = np.random.default_rng(4)
    lines, start = [], date(2021, 1, 1)
    for customer in range(800):
        first = int(rng.integers(0, 200))
        gone = first + rng.exponential(300)
        when = float(first)
        while when <= min(gone, 730):
            lines.append((f"{customer:04d}", (start + timedelta(days=int(when))).isoformat(), "10"))
            when += rng.exponential(30)
    found = analyse(
        _frame(lines), ClvSettings(model="pareto-nbd", observation_end=date(2022, 12, 31), horizon=365.0)
    )
    r, alpha, s, beta = found.fit.values
    assert found.fit.loose and not found.fit.undetermined
    assert r / alpha == pytest.approx(1 / 30, rel=0.1) and s / beta == pytest.approx(1 / 300, rel=0.15)
    assert found.values.total_orders is not None


def test_charts_and_joins_have_no_figure(tmp_path: Path) -> None:
    source = tmp_path / "five.csv"
    _frame(FIVE).to_csv(source, index=False)
    run_clv(source, tmp_path / CUSTOMERS, ClvSettings(), report=tmp_path / REPORT)
    for chart in ("alive", "values"):
        with pytest.raises(NotFoundError, match="No forecast"):
            chart_table(read(tmp_path), chart)
    with pytest.raises(DataError, match="could not tell"):
        merge(_frame(FIVE[4:]), read(tmp_path).customers(), id_column="customer_id")


def test_terminal_and_csv_have_no_false_figure(tmp_path: Path) -> None:
    source, out = tmp_path / "five.csv", tmp_path / "values.csv"
    _frame(FIVE).to_csv(source, index=False)
    done = CliRunner().invoke(
        app, ["clv", "--in", str(source), "--out", str(out), "--horizon", "1", "--progress", "none"]
    )
    assert done.exit_code == 0, done.output
    assert "in the next 1 day." in done.output and "Expect" not in done.output
    header, first, *_ = out.read_text().splitlines()
    assert header.startswith("customer_id,orders,first_order,last_order,mean_spend,p_alive,p_alive_lo")
    assert first == "001,2,2023-01-01,2023-02-01,12,,,,,,,,2023-03-01"
