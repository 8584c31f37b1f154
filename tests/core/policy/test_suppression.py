"""Whom the audience marks as suppressed, no list contacts; the next best take the place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.conditions import planned
from core.errors import DataError
from core.policy.constraints import Constraints
from core.policy.contacts import chosen, contact_table
from core.policy.offers import offers
from core.policy.plan import plan
from core.scenario import Scenario
from core.uplift.scoring import Scores

UPLIFT = np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0, -1.0])
MARKS = ["yes", "", "0", "1", "no", None, "x"]
ECONOMICS = {"margin": 0.5, "cost": 1.0}


def scores() -> Scores:
    ids = pd.Series([f"c{k}" for k in range(UPLIFT.size)], dtype="str")
    return Scores(ids, UPLIFT[:, None], UPLIFT[:, None], np.zeros(UPLIFT.size), ("no", "yes"), {}, {})


def listed(**scenario: object) -> list[str]:
    extra = pd.DataFrame({"suppressed": MARKS})
    return list(chosen(contact_table(scores(), extra, Scenario(**ECONOMICS, **scenario)))["row_id"])


def test_the_list_leaves_the_suppressed_out_and_is_the_plans():
    """By hand: c0 and c3 are marked, c6 does not pay."""
    assert listed() == ["c1", "c2", "c4", "c5"]
    assert listed(topn=3) == ["c1", "c2", "c4"]
    frame = pd.DataFrame({"row_id": scores().ids, "uplift_hat": UPLIFT, "suppressed": MARKS})
    found = plan(offers(frame, Constraints()), Scenario(**ECONOMICS), Constraints())
    assert list(found.table()["row_id"]) == listed()


def test_a_mark_that_is_neither_yes_nor_no_is_named():
    extra = pd.DataFrame({"suppressed": ["perhaps", *MARKS[1:]]})
    with pytest.raises(DataError, match="neither yes nor no") as raised:
        contact_table(scores(), extra, Scenario(**ECONOMICS))
    assert raised.value.problems[0].column == "suppressed"


@pytest.mark.parametrize("column", ["suppressed", "cost", "cost[A]"])
def test_a_plan_decides_where_the_audience_says_what_only_a_plan_heeds(column):
    number = Constraints(topn=5)
    assert planned(number, ("age",)) is None
    assert planned(number, ("age", column)) == number
