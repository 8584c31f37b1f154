"""Values into an audience: by id as text, unmatched counted, leakage refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.clv.merge import merge
from core.errors import DataError


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer": pd.Series(["007", "7", "9"], dtype="str"),
            "p_alive": [0.9, 0.5, 0.1],
            "expected_orders": [3.0, 1.0, 0.2],
            "clv": [90.0, 30.0, 0.0],
            "value_tier": [1, 4, 7],
            "computed_until": "2020-06-30",
        }
    )


@pytest.fixture
def audience() -> pd.DataFrame:
    return pd.DataFrame({"id": pd.Series(["7", "007", "x1"], dtype="str"), "age": [30, 40, 50]})


def test_ids_are_text_and_unmatched_are_counted(audience: pd.DataFrame, table: pd.DataFrame) -> None:
    found = merge(audience, table, id_column="id")
    assert found.frame["clv"].tolist()[:2] == [30.0, 90.0] and np.isnan(found.frame["clv"].iloc[2])
    assert (found.matched, found.without_value, found.without_audience) == (2, 1, 1)
    assert found.examples == ("x1",) and "x1" in found.sentence
    assert audience.columns.tolist() == ["id", "age"]


def test_weights_have_mean_one_over_those_who_have_a_value(
    audience: pd.DataFrame, table: pd.DataFrame
) -> None:
    found = merge(audience, table, id_column="id", use="weight")
    assert found.frame["w"].tolist() == [0.5, 1.5, 1.0]


def test_values_that_know_of_the_campaign_are_refused_as_features(
    audience: pd.DataFrame, table: pd.DataFrame
) -> None:
    with pytest.raises(DataError, match="leak"):
        merge(audience, table, id_column="id", use="feature", treated_on=date(2020, 6, 29))
    with pytest.raises(DataError, match="before the campaign"):
        merge(audience, table, id_column="id", use="feature")
    assert merge(audience, table, id_column="id", use="feature", treated_on=date(2020, 6, 30)).matched == 2
    assert merge(audience, table, id_column="id", treated_on=date(2020, 6, 1)).matched == 2


def test_nothing_in_common_shows_two_ids(audience: pd.DataFrame, table: pd.DataFrame) -> None:
    strangers = audience.assign(id=["a", "b", "c"])
    with pytest.raises(DataError, match="'a' in 'id' and '007' in 'customer'"):
        merge(strangers, table, id_column="id")


def test_ids_with_a_decimal_are_told_as_such(audience: pd.DataFrame, table: pd.DataFrame) -> None:
    """A spreadsheet's floats: 1212.0 joins with no 1212."""
    with pytest.raises(DataError, match=r"The audience writes ids with a decimal, such as '7\.0': write '7'"):
        merge(audience.assign(id=["7.0", "9.0", "x"]), table, id_column="id")
    values = table.assign(customer=["70.0", "7.0", "9.0"])
    with pytest.raises(DataError, match=r"The table of values writes ids .* '70\.0'"):
        merge(audience, values, id_column="id")


def test_repeated_ids_name_the_row(audience: pd.DataFrame, table: pd.DataFrame) -> None:
    with pytest.raises(DataError) as caught:
        merge(audience.assign(id=["7", "7", "9"]), table, id_column="id")
    assert caught.value.problems[0].row == 3


def test_an_audience_that_has_such_a_column_keeps_it(audience: pd.DataFrame, table: pd.DataFrame) -> None:
    found = merge(audience.assign(clv=1.0), table, id_column="id")
    assert found.frame["clv"].tolist() == [1.0] * 3
    assert found.frame["clv_clv"].tolist()[:2] == [30.0, 90.0]
