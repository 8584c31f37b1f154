"""Online Retail II: the cleaning's counts, the published-size fit, and a ridge that says so.

Counts and figures: facts measured on the UCI file (DOI 10.24432/C5CG6D) by independent code.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from core.clv.analysis import _beside
from core.clv.customers import customers
from core.clv.holdout import split
from core.clv.orders import whole_years
from core.clv.purchase import fit
from core.clv.spending import spending
from core.clv.transaction_roles import propose
from core.clv.transactions import Transactions, transactions
from core.clv.validation import validate
from tests.core.clv.conftest import RETAIL_END


def test_columns_are_recognised(retail_frame: pd.DataFrame) -> None:
    roles = propose(retail_frame.columns)
    assert roles.columns == (
        "Customer ID", "InvoiceDate", "Quantity", "Price", "Invoice", "StockCode", "sheet",
    )  # fmt: skip


def test_every_rule_is_in_the_ledger_with_its_lines(retail_lines: Transactions) -> None:
    ledger = retail_lines.ledger
    found = {line.rule: line.found for line in ledger.lines}
    assert ledger.read == 1_067_371
    assert ledger.read - ledger.taken("no customer") == 824_364
    repeated = found["lines of one sheet that stand in an earlier one"] + found["exact repetitions"]
    assert repeated == 34_335
    assert found["lines of one sheet that stand in an earlier one"] == 22_523
    assert found["cancellations"] == 19_494
    assert found["quantity of 0 or less"] == 22_950
    assert found["price of 0 or less"] == 6_207
    # 62 codes with 6,094 lines are not five digits; DCGS… (party bags and the like) and SP1002 are goods
    assert 5_900 < found["postage, fees and other lines that are no goods"] < 6_094
    assert ledger.left == 779_425
    lines = [line.left for line in ledger.lines]
    assert lines == sorted(lines, reverse=True)
    assert ledger.read - sum(line.taken for line in ledger.lines) == ledger.left


def test_services_and_cancelled_orders_can_go_too(retail_frame: pd.DataFrame) -> None:
    roles = propose(retail_frame.columns)
    clean = transactions(retail_frame, roles, services="drop", cancellations="net")
    assert clean.ledger.taken("postage, fees and other lines that are no goods") > 2_000
    assert clean.ledger.taken("orders cancelled in full") > 5_000
    assert clean.amount is not None and float(clean.amount.min()) > 0


def test_bg_is_within_half_a_percent_of_the_independent_fit(retail_lines: Transactions) -> None:
    known = customers(retail_lines, RETAIL_END)
    assert len(known) == 4_969
    assert fit(known).values == pytest.approx((0.6754, 65.43, 0.1551, 3.3955), rel=0.005)


def test_the_holdout_total_and_the_seasonal_bias(retail_lines: Transactions) -> None:
    found = validate(retail_lines, at=RETAIL_END, models=("bg-nbd",))
    score = found.scores[0]
    assert (found.days, found.actual) == (183, 7_797)
    assert score.predicted == pytest.approx(7_693, rel=0.005)
    assert score.rmse == pytest.approx(1.778, rel=0.005)
    assert score.value is not None and found.actual_value is not None
    assert score.value / found.actual_value - 1 == pytest.approx(-0.18, abs=0.01)


def test_the_pareto_ridge_is_named(retail_lines: Transactions) -> None:
    """s and beta grow without bound together: what is reported is that, not a standard error."""
    found = fit(customers(retail_lines, RETAIL_END), "pareto-nbd")
    assert found.loose == ("s", "beta")
    assert found.se[2] is None and found.se[3] is None and found.se[0] is not None
    assert any("ridge" in note and "s and beta" in note for note in found.notes)
    assert found.condition > 1e4
    assert not found.undetermined  # their ratio, the leaving rate, is known to a tenth


def test_the_split_counts_days_with_an_order(retail_lines: Transactions) -> None:
    """Oracle: pandas, a slower way."""
    parts = split(retail_lines, RETAIL_END)
    frame = pd.DataFrame(
        {"who": retail_lines.customers.to_numpy()[retail_lines.code], "day": retail_lines.day}
    )
    boundary = pd.Timestamp(RETAIL_END).toordinal() - pd.Timestamp("1970-01-01").toordinal()
    days = frame[frame.day > boundary].groupby("who").day.nunique()
    expected = days.reindex(parts.calibration.ids.to_numpy()).fillna(0).to_numpy()
    assert (parts.orders == expected).all()
    assert spending(parts.calibration).fit is not None


def test_a_check_that_a_season_spoils_says_so(retail_lines: Transactions) -> None:
    """Fitted up to December, Christmas trade is taken for the pace of the whole spring."""
    assert not whole_years(185) and whole_years(365) and whole_years(745)
    found = validate(retail_lines, at=date(2010, 12, 6), models=("bg-nbd",))
    assert _beside(found, "bg-nbd") and found.scores[0].bias > 0.3
