"""The decision: predicted from scores, measured from the experiment, both in money for the audience."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decision import decide
from core.policy.economics import RankedUplift
from core.scenario import Scenario
from core.uplift.gain import GainCurve

CURVE = GainCurve(
    share=np.array([0.0, 0.5, 1.0]),
    gain=np.array([0.0, 0.4, 0.5]),
    se=np.array([0.0, 0.1, 0.2]),
    gap_se=np.array([0.2, 0.15, 0.0]),
    critical=2.0,
    customers=1000,
)
RANKED = RankedUplift.of(np.array([3.0, 1.0, 0.1, -1.0]))


@given(st.integers(0, 10), st.sampled_from([0.0, 0.2, 0.5]), st.sampled_from([0.0, 0.1, 1.0]))
def test_predicted_profit_is_the_sum_over_the_contacted(topn, margin, cost):
    """Against adding up uplift · margin − cost customer by customer."""
    d = decide(RANKED, CURVE, Scenario(topn=topn, margin=margin, cost=cost))
    contacted = [3.0, 1.0, 0.1, -1.0][:topn]
    assert d.contacts == len(contacted)
    assert d.predicted.profit == pytest.approx(sum(margin * u - cost for u in contacted))
    assert d.predicted_everyone.profit == pytest.approx(sum(margin * u - cost for u in (3.0, 1.0, 0.1, -1.0)))


def test_without_a_number_all_who_pay_are_contacted_and_no_one_else():
    assert decide(RANKED, CURVE, Scenario(margin=0.5, cost=0.05)).contacts == 2
    assert decide(RANKED, CURVE, Scenario(margin=0.5, cost=0.04)).contacts == 3
    assert decide(RANKED, CURVE, Scenario(margin=0.0, cost=0.0)).contacts == 0


def test_measured_profit_is_the_gain_at_the_same_share_carried_to_the_audience():
    """Closed form: 4 customers · (0.5 · 0.4) − 0.05 · 2 at half; the interval scales with it."""
    d = decide(RANKED, CURVE, Scenario(margin=0.5, cost=0.05, topn=2))
    assert d.measured is not None and d.measured_gap is not None and d.measured_everyone is not None
    assert d.measured.value == pytest.approx(4 * 0.5 * 0.4 - 0.1)
    assert d.measured.se == pytest.approx(4 * 0.5 * 0.1)
    assert d.measured_everyone.value == pytest.approx(4 * 0.5 * 0.5 - 0.2)
    assert d.measured_gap.value == pytest.approx(d.measured.value - d.measured_everyone.value)
    assert d.measured_gap.se == pytest.approx(4 * 0.5 * 0.15)


def test_without_an_experiment_nothing_is_called_measured():
    d = decide(RANKED, None, Scenario())
    assert (d.measured, d.measured_everyone, d.measured_gap, d.claim_ratio) == (None, None, None, None)


def test_an_empty_audience_decides_to_contact_no_one():
    d = decide(RankedUplift.of(np.array([])), CURVE, Scenario(topn=5))
    assert (d.customers, d.contacts, d.share, d.predicted.profit) == (0, 0, 0.0, 0.0)
