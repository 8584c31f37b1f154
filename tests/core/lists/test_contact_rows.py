"""The list read block by block is the list of the command line: the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.advice.reasons import ALIKE, ASKED
from core.contact_rows import WHY, ScenarioRows, listed
from core.data.audience import audience
from core.data.writers import csv_bytes
from core.decision import decide
from core.policy.constraints import Constraints, Quota
from core.policy.contacts import chosen, contact_table
from core.scenario import Scenario
from core.workspace import Scored

SCENARIOS = (
    Scenario(margin=0.3, cost=0.05),
    Scenario(margin=0.3, cost=0.05, policy="pos", topn=3),
    Scenario(margin=0.5, cost=0.2, value=2.0, topn=700),
    Scenario(margin=0.0, cost=0.05, topn=300),
    Scenario(margin=0.3, cost=0.05, topn=1_000_000),
)


def whole(scored: Scored, scenario: Scenario) -> pd.DataFrame:
    """The list as the command line makes it: every customer scored into one table, sorted, cut."""
    frame = scored.workspace.data.frame(scored.data.id)
    people = audience(frame, scored.meta.schema, scored.meta.id_column)
    return chosen(contact_table(scored.scores(), people.extra, scenario))


def as_csv(table: pd.DataFrame) -> bytes:
    return b"".join(csv_bytes(table))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_blocks_joined_are_byte_for_byte_the_csv_of_the_command_line(scored, scenario):
    rows, expected = ScenarioRows(scored, scenario), whole(scored, scenario)
    assert rows.contacts == len(expected) > 0
    assert rows.columns == tuple(expected.columns)
    blocks = [
        rows.at(np.arange(rows.contacts)[start : start + 100]) for start in range(0, rows.contacts, 100)
    ]
    assert as_csv(pd.concat(blocks, ignore_index=True)) == as_csv(expected)
    pd.testing.assert_frame_equal(rows.at(np.arange(rows.contacts)), expected)


def test_any_rows_in_any_order_are_those_of_the_whole_list(scored):
    scenario = Scenario(margin=0.3, cost=0.05, topn=900)
    places = np.random.default_rng(0).permutation(900)[:50]
    expected = whole(scored, scenario).iloc[places].reset_index(drop=True)
    pd.testing.assert_frame_equal(ScenarioRows(scored, scenario).at(places), expected)


def test_a_column_is_that_of_the_whole_list(scored):
    scenario = Scenario(margin=0.3, cost=0.05, topn=900)
    rows, expected = ScenarioRows(scored, scenario), whole(scored, scenario)
    expected["amount"] = pd.to_numeric(expected["amount"])  # written as text, sorted and filtered as numbers
    for name in rows.columns:
        values = rows.column(name)
        got = pd.Series(values if isinstance(values, np.ndarray) else values.to_pandas())
        pd.testing.assert_series_equal(
            got.astype(object).where(got.notna(), None),
            expected[name].astype(object).where(expected[name].notna(), None),
            check_names=False,
        )
        assert rows.numeric(name) == (pd.api.types.is_numeric_dtype(expected[name].dtype))


def test_the_number_of_rows_is_the_decisions(scored):
    for scenario in SCENARIOS:
        assert ScenarioRows(scored, scenario).contacts == decide(scored.ranked, None, scenario).contacts


def test_no_one_to_contact_is_an_empty_list(scored):
    rows = ScenarioRows(scored, Scenario(margin=0.3, cost=1e6))
    assert rows.contacts == 0
    assert list(rows.at(np.arange(0)).columns) == list(rows.columns)
    assert list(rows.shown(np.arange(0)).columns) == [*rows.columns, WHY]


def test_the_reason_counts_everyone_who_is_as_good(scored):
    """Brute force: the share of customers whose predicted uplift is at least this one's."""
    scenario = Scenario(margin=0.3, cost=0.05)
    rows = ScenarioRows(scored, scenario)
    table, uplift = rows.shown(np.arange(rows.contacts)), scored.scores().uplift.max(axis=1)
    for own, why in zip(table["uplift_hat"], table[WHY], strict=True):
        percent = int(np.ceil(100 * np.count_nonzero(uplift >= own) / uplift.size))
        if percent < 100:
            assert why.startswith(f"Among the {percent} % with the largest uplift; expected to bring €")
        assert why.endswith("for €0.05")


def test_who_does_not_pay_is_listed_because_asked_for_and_margin_zero_tells_no_one_apart(scored):
    everyone = Scenario(margin=0.3, cost=5.0, topn=1500)
    shown = ScenarioRows(scored, everyone).shown(np.arange(1500))
    asked = shown[WHY].str.endswith(ASKED)
    np.testing.assert_array_equal(asked, shown["exp_profit_per_contact"] <= 0)
    assert asked.any() and shown[WHY].str.contains("expected to lose €").any()
    free = ScenarioRows(scored, Scenario(margin=0.0, cost=0.05, topn=20)).shown(np.arange(20))
    assert free[WHY].str.startswith(ALIKE).all()
    assert list(free["row_id"]) == [f"{i:05d}" for i in range(20)]


def test_a_plans_list_is_the_plan_solved_once(scored, monkeypatch):
    conditions = Constraints(budget=20.0, quotas=(Quota("zip_code", "Rural", max=40),), topn=300)
    rows = listed(scored, Scenario(margin=0.3, cost=0.1), conditions)
    from core.contact_plan import stored_plan

    expected = stored_plan(scored, Scenario(margin=0.3, cost=0.1), conditions).table()
    monkeypatch.setattr("core.plan_rows.stored_plan", lambda *_: pytest.fail("solved again"))
    again = listed(scored, Scenario(margin=0.3, cost=0.1), conditions)
    assert as_csv(again.at(np.arange(again.contacts))) == as_csv(expected)
    pd.testing.assert_frame_equal(rows.at(np.array([3, 1])), expected.iloc[[3, 1]].reset_index(drop=True))
    assert rows.shown(np.array([0]))["reason"].iloc[0] and rows.contacts == len(expected) == 200
    assert {name for name in rows.columns if not rows.numeric(name)} == {
        "row_id", "action", "runner_up", "reason",
    }  # fmt: skip
