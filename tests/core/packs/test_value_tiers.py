"""Value tiers against uplift deciles in the pack: only where the scored customers carry values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from core.clv.tiers import tiers_of_scored
from core.packs.value_tiers import TITLE
from core.packs.workbook import write_pack


@pytest.fixture
def scored() -> pd.DataFrame:
    """1,000 scored customers, 900 of them with a value, as `persuadable value` joins it to a CSV: text."""
    rng = np.random.default_rng(3)
    worth = np.sort(rng.gamma(2.0, 50.0, 1000))[::-1]
    table = pd.DataFrame(
        {
            "row_id": [f"{i:04d}" for i in range(1000)],
            "uplift_hat": rng.normal(size=1000),
            "clv": pd.Series([f"{v:.4f}" for v in worth], dtype="str"),
            "value_tier": pd.Series([str(1 + i // 100) for i in range(1000)], dtype="str"),
        }
    )
    table.loc[rng.choice(1000, 100, replace=False), ["clv", "value_tier"]] = None
    return table


def test_the_sheet_counts_every_valued_customer_once(pack_of, scored: pd.DataFrame, tmp_path: Path) -> None:
    """Oracle: pandas' crosstab over qcut deciles."""
    pack = replace(pack_of(), tiers=tiers_of_scored(scored))
    write_pack(pack, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    assert book.sheetnames.index(TITLE) == book.sheetnames.index("Deciles") + 1
    rows = list(book[TITLE].iter_rows(values_only=True))
    known = scored.dropna(subset="clv")
    decile = 10 - pd.qcut(known["uplift_hat"], 10, labels=False)
    expected = pd.crosstab(known["value_tier"].astype(int), decile)
    assert [list(row[1:11]) for row in rows[3:13]] == expected.to_numpy().tolist()
    assert sum(map(sum, expected.to_numpy().tolist())) == 900
    worth = np.array([row[1:11] for row in rows[16:26]], dtype=float)
    assert worth.sum() == pytest.approx(known["clv"].astype(float).sum())
    assert str(rows[0][0]).startswith(f"{expected.iloc[0, 0]} customers are in the best tenth of both")


def test_there_is_no_sheet_without_values(pack_of, scored: pd.DataFrame, tmp_path: Path) -> None:
    assert tiers_of_scored(scored[["row_id", "uplift_hat"]]) is None
    assert tiers_of_scored(scored.assign(value_tier="gold")) is None
    assert tiers_of_scored(scored.assign(value_tier=None)) is None
    write_pack(pack_of(), tmp_path / "p.xlsx")
    assert TITLE not in openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames
