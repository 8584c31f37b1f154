"""Filters and sorts of the list against pandas on the whole table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.contact_rows import ScenarioRows
from core.errors import SettingError
from core.list_view import Filter, View, found, seen
from core.plan_rows import plan_rows
from core.policy.constraints import Constraints
from core.scenario import Scenario

SCENARIO = Scenario(margin=0.3, cost=0.05, topn=1200)
PROFIT, MENS = "exp_profit_per_contact", "uplift_hat[Mens E-Mail]"


@pytest.fixture(scope="module")
def rows(scored) -> ScenarioRows:
    return ScenarioRows(scored, SCENARIO)


@pytest.fixture(scope="module")
def table(rows) -> pd.DataFrame:
    return rows.at(np.arange(rows.contacts))


def low(text: pd.Series) -> pd.Series:
    return text.astype("str").str.lower()


@pytest.mark.parametrize(
    ("one", "mask"),
    [
        (Filter("row_id", "contains", "07"), lambda t: t["row_id"].str.contains("07")),
        (Filter("row_id", "startsWith", "00"), lambda t: t["row_id"].str.startswith("00")),
        (Filter("arm", "equals", "mens e-mail"), lambda t: t["arm"] == "Mens E-Mail"),
        (Filter("note", "contains", "ÄPFEL"), lambda t: low(t["note"]).str.contains("äpfel").fillna(False)),
        (Filter("note", "contains", "1+1"), lambda t: (t["note"] == "=1+1").fillna(False)),
        (Filter("note", "notContains", "x"), lambda t: ~t["note"].str.contains("x").fillna(False)),
        (Filter("note", "blank"), lambda t: t["note"].isna()),
        (Filter("note", "notBlank"), lambda t: t["note"].notna()),
        (Filter("joined", "contains", "2024-02"), lambda t: t["joined"].dt.strftime("%Y-%m") == "2024-02"),
        (Filter("vip", "equals", "true"), lambda t: t["vip"] == True),  # noqa: E712
        (Filter("visits", "inRange", 2, 4), lambda t: t["visits"].between(2, 4).fillna(False)),
        (Filter("visits", "blank"), lambda t: t["visits"].isna()),
        (Filter("visits", "lessThanOrEqual", 3), lambda t: (t["visits"] <= 3).fillna(False)),
        (Filter(PROFIT, "greaterThanOrEqual", 0.1), lambda t: t[PROFIT] >= 0.1),
        (Filter(MENS, "lessThanOrEqual", 0), lambda t: t[MENS] <= 0),
        (Filter("rank", "inRange", 100, 110), lambda t: t["rank"].between(100, 110)),
        (Filter("amount", "inRange", 90, 1000), lambda t: pd.to_numeric(t["amount"]).between(90, 1000)),
        (Filter("history", "equals", 100), lambda t: t["history"] == 100),
    ],
)  # fmt: skip
def test_a_filter_leaves_what_pandas_leaves(rows, table, one, mask):
    expected = np.flatnonzero(np.asarray(mask(table), dtype=bool))
    assert 0 < expected.size < len(table)
    np.testing.assert_array_equal(found(rows, View((one,))), expected)


def test_all_filters_must_pass(rows, table):
    both = View((Filter("visits", "greaterThanOrEqual", 4), Filter("arm", "contains", "women")))
    expected = np.flatnonzero((table["visits"] >= 4).fillna(False) & (table["arm"] == "Womens E-Mail"))
    np.testing.assert_array_equal(found(rows, both), expected)


@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts_as_pandas_sorts_it_with_equals_in_list_order(rows, table, descending):
    """sort_values with a stable sort, missing last; ids that are whole numbers by number, as in the list."""
    for name in rows.columns:
        key = table[name].astype({"vip": object, "amount": float}.get(name, table[name].dtype))
        expected = key.sort_values(ascending=not descending, kind="stable", na_position="last").index
        np.testing.assert_array_equal(found(rows, View(sorts=((name, descending),))), expected, err_msg=name)


def test_the_first_sort_decides_and_the_second_parts_equals(rows, table):
    view = View(sorts=(("visits", True), ("note", False)))
    expected = table.sort_values(["visits", "note"], ascending=[False, True], kind="stable").index
    np.testing.assert_array_equal(found(rows, view), expected)


def test_a_view_is_found_once_and_kept(rows, workspace, monkeypatch):
    monkeypatch.setattr("core.list_view._WORTH_KEEPING", 1000)
    view = View((Filter("visits", "greaterThanOrEqual", 7),), (("history", True),))
    first = np.asarray(seen(rows, view, workspace.settings))
    monkeypatch.setattr("core.list_view.found", lambda *_: pytest.fail("found again"))
    np.testing.assert_array_equal(seen(rows, view, workspace.settings), first)
    assert seen(rows, View(), workspace.settings) == range(1200)


@pytest.mark.parametrize(
    "view",
    [
        View((Filter("nothing", "contains", "x"),)),
        View(sorts=(("should_contact", True),)),
        View((Filter("note", "greaterThanOrEqual", 3),)),
        View((Filter("visits", "contains", "3"),)),
        View((Filter("visits", "equals", "3"),)),
        View((Filter("visits", "inRange", 3),)),
        View((Filter("visits", "__class__", 3),)),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(rows, view):
    with pytest.raises(SettingError):
        found(rows, view)


def test_a_plan_is_filtered_and_sorted_alike(scored):
    rows = plan_rows(scored, Scenario(margin=0.3, cost=0.05), Constraints(max_per_customer=2, topn=900))
    table = rows.at(np.arange(rows.contacts))
    view = View((Filter("action", "contains", "womens"),), (("row_id", True),))
    expected = table[table["action"] == "Womens E-Mail"].sort_values(
        "row_id", ascending=False, kind="stable", key=lambda ids: ids.astype(int)
    )
    np.testing.assert_array_equal(found(rows, view), expected.index)
