"""From lines to customers: dates, the ledger, netting, and the summary against brute force."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.clv.customers import customers
from core.clv.dates import MISSING, order_days, to_date
from core.clv.transaction_roles import propose
from core.clv.transactions import Transactions, transactions


def _day(written: str, **settings: object) -> date:
    return to_date(order_days(pd.DataFrame({"date": [written]}, dtype="str"), "date", **settings)[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [
        "2011-03-04", "2011/3/4", "20110304", "2011-03-04 23:59", "2011-03-04T23:59:59.123",
        "2011-03-04T00:30:00Z", "2011-03-04 01:00:00+09:00", "4 March 2011", "04-Mar-2011",
        "2011-03-04 11:15 PM",
    ],
)  # fmt: skip
def test_a_date_is_the_day_it_names(written: str) -> None:
    assert _day(written) == date(2011, 3, 4)


def test_the_day_over_twelve_tells_the_order() -> None:
    frame = pd.DataFrame({"date": ["12/1/2010 8:26", "12/13/2010 9:00"]}, dtype="str")
    assert [to_date(day) for day in order_days(frame, "date")] == [date(2010, 12, 1), date(2010, 12, 13)]
    frame = pd.DataFrame({"date": ["1.12.2010", "13.12.2010", None]}, dtype="str")
    days = order_days(frame, "date")
    assert to_date(days[0]) == date(2010, 12, 1) and days[2] == MISSING


def test_datetime_columns_keep_the_local_day() -> None:
    stamps = pd.to_datetime(["2020-06-01 23:30", None]).tz_localize("Europe/Berlin")
    days = order_days(pd.DataFrame({"date": stamps}), "date")
    assert to_date(days[0]) == date(2020, 6, 1) and days[1] == MISSING


def _lines(rows: list[tuple[object, ...]], columns: str, **settings: object) -> Transactions:
    frame = pd.DataFrame(rows, columns=columns.split(), dtype="str")
    return transactions(frame, propose(frame.columns), **settings)  # type: ignore[arg-type]


RETAIL = "invoice stockcode quantity price date customer"


def test_every_line_is_kept_or_in_the_ledger() -> None:
    clean = _lines(
        [
            ("1", "SKU1", "2", "5", "2020-01-01", "7"),
            ("1", "SKU1", "2", "5", "2020-01-01", "7"),
            ("2", "SKU1", "1", "5", "2020-02-01", None),
            ("C3", "SKU1", "-1", "5", "2020-02-03", "7"),
            ("4", "SKU2", "0", "5", "2020-02-04", "7"),
            ("5", "SKU2", "1", "0", "2020-02-05", "7"),
            ("6", "POST", "1", "3", "2020-02-06", "7"),
            ("7", "SKU2", "1", "3", None, "7"),
            ("8", "SKU2", "1", "3", "2020-04-01", "8"),
        ],
        RETAIL,
        services="drop",
        observation_end=date(2020, 3, 1),
    )
    assert [(line.rule, line.taken) for line in clean.ledger.lines if line.taken] == [
        ("no customer", 1),
        ("no date", 1),
        ("exact repetitions", 1),
        ("cancellations", 1),
        ("quantity of 0 or less", 1),
        ("price of 0 or less", 1),
        ("postage, fees and other lines that are no goods", 1),
        ("after 2020-03-01, the end of observation", 1),
    ]
    assert clean.ledger.left == 1 and clean.amount is not None and clean.amount.tolist() == [10.0]


def test_equal_lines_without_an_invoice_may_be_two_orders() -> None:
    clean = _lines([("7", "2020-01-01", "5"), ("7", "2020-01-01", "5")], "customer date amount")
    assert clean.ledger.left == 2


def test_a_cancellation_is_taken_from_the_latest_order_of_the_same_thing() -> None:
    clean = _lines(
        [
            ("1", "SKU1", "3", "5", "2020-01-01", "7"),
            ("2", "SKU1", "2", "5", "2020-02-01", "7"),
            ("3", "SKU2", "2", "5", "2020-02-01", "7"),
            ("C4", "SKU1", "-3", "5", "2020-02-10", "7"),
            ("C5", "SKU1", "-9", "5", "2020-02-11", "8"),
            ("6", "SKU1", "4", "5", "2020-03-01", "7"),
        ],
        RETAIL,
        cancellations="net",
    )
    # of the three taken back, two were the order of February, one of January's three
    assert clean.amount is not None
    assert sorted(clean.amount.tolist()) == [10.0, 10.0, 20.0]
    assert clean.ledger.taken("orders cancelled in full") == 1


def _brute(frame: pd.DataFrame, end: date) -> pd.DataFrame:
    rows = []
    for who, lines in frame.groupby("customer"):
        daily = lines.groupby("day")["amount"].sum().sort_index()
        first, last = daily.index[0], daily.index[-1]
        mean = daily.iloc[1:].mean() if len(daily) > 1 else 0.0
        rows.append((who, len(daily) - 1, (last - first).days, (pd.Timestamp(end) - first).days, mean))
    return pd.DataFrame(rows, columns=["who", "x", "t_x", "T", "mean"]).set_index("who")


def test_the_summary_is_what_brute_force_finds() -> None:
    """Oracle: a loop over customers in pandas."""
    rng = np.random.default_rng(4)
    n = 3000
    frame = pd.DataFrame(
        {
            "customer": rng.integers(0, 400, n).astype(str),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
            "amount": rng.gamma(2, 10, n),
        }
    )
    end = date(2020, 9, 1)
    known = customers(transactions(frame, propose(frame.columns)), end)
    expected = _brute(frame[frame["day"] <= pd.Timestamp(end)], end).loc[known.ids.to_numpy()]
    assert (known.orders == expected["x"]).all() and (known.recency == expected["t_x"]).all()
    assert (known.age == expected["T"]).all()
    assert known.spend == pytest.approx(expected["mean"].to_numpy())


def test_the_summary_does_not_depend_on_the_order_of_lines() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "customer": rng.integers(0, 50, 500).astype(str),
            "date": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 300, 500), unit="D"),
            "amount": rng.integers(1, 50, 500),
        }
    )
    first = customers(transactions(frame, propose(frame.columns)))
    second = customers(transactions(frame.sample(frac=1, random_state=1), propose(frame.columns)))
    order = [pd.Index(second.ids).get_loc(who) for who in first.ids]
    assert (first.orders == second.orders[order]).all() and (first.recency == second.recency[order]).all()
    assert first.spend == pytest.approx(second.spend[order])


def test_counting_by_history_loses_nobody() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "customer": rng.integers(0, 900, 2000).astype(str),
            "date": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 40, 2000), unit="D"),
        }
    )
    known = customers(transactions(frame, propose(frame.columns)), unit="week")
    rows, row = known.rows()
    assert rows.customers == len(known) and rows.size < len(known)
    assert (
        (rows.x[row] == known.x).all()
        and (rows.t_x[row] == known.t_x).all()
        and (rows.T[row] == known.T).all()
    )
    assert rows.order_weight.sum() == len(known)
