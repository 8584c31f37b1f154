"""The two real data sets, read and cleaned once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.clv.customers import Customers, customers
from core.clv.transaction_roles import propose
from core.clv.transactions import Transactions, transactions
from core.data import cdnow
from core.data.readers import read_table

CDNOW_END = date(1997, 9, 30)
RETAIL_END = date(2011, 6, 9)


@pytest.fixture(scope="session")
def cdnow_lines() -> Transactions:
    frame = cdnow.transactions()
    return transactions(frame, propose(frame.columns))


@pytest.fixture(scope="session")
def cdnow_customers(cdnow_lines: Transactions) -> Customers:
    """39 weeks of calibration, in weeks, as published."""
    return customers(cdnow_lines, CDNOW_END, "week")


@pytest.fixture(scope="session")
def retail_frame(data_dir: Path) -> pd.DataFrame:
    return read_table(data_dir / "online_retail_II.parquet")


@pytest.fixture(scope="session")
def retail_lines(retail_frame: pd.DataFrame) -> Transactions:
    return transactions(retail_frame, propose(retail_frame.columns))
