"""Amounts on axes and in lines of text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.axis import extent, money_ticks, nice_step, percent_ticks, ticks
from components.controls import cost_top
from components.words import unbroken

SPANS = st.floats(1e-6, 1e9)


@given(st.floats(-1e9, 1e9), SPANS)
def test_ticks_are_round_inside_and_hold_zero_where_it_lies_between(low, span):
    high = low + span
    places = ticks(low, high)
    step = nice_step(high - low)
    assert len(places) <= 7
    assert all(low - step * 1e-6 <= place <= high + step * 1e-6 for place in places)
    if low < -step and high > step:
        assert any(abs(place) < step * 1e-6 for place in places)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-5000, 12000, ["−€5,000", "€0", "€5,000", "€10,000"]),
        (-0.6, 0.9, ["−€0.50", "€0", "€0.50"]),
        (0, 4_200_000, ["€0", "€1m", "€2m", "€3m", "€4m"]),
        (0, 2.5, ["€0", "€0.50", "€1.00", "€1.50", "€2.00", "€2.50"]),
    ],
)
def test_money_on_an_axis_has_its_sign_before_the_currency(low, high, words):
    assert money_ticks(low, high)["ticktext"] == words


def test_percents_on_an_axis_have_the_digits_that_tell_them_apart():
    assert percent_ticks(0, 1, 4)["ticktext"] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert percent_ticks(-0.004, 0.006)["ticktext"][0].startswith("−0.")
    texts = percent_ticks(0, 0.0123)["ticktext"]
    assert len(set(texts)) == len(texts)


def test_an_extent_holds_zero_and_every_finite_value():
    low, high = extent(np.array([3.0, np.nan, 8.0]), [np.inf])
    assert low < 0 < 8 < high < 10


@given(st.floats(0, 1e6))
def test_the_cost_slider_has_room_above_the_present_cost(cost):
    assert cost_top(cost) >= 4 * cost


def test_an_amount_or_a_date_is_never_broken_over_two_lines():
    shown = unbroken("lost −€5 ± €3 in 90 % of cases")
    assert " %" not in shown and " ±" not in shown and "± " not in shown
    assert "−\u2060€5" in shown
    assert unbroken("in the week until 1998-03-10") == "in the week until 1998-\u206003-\u206010"
    assert unbroken("from −5 to 3") == "from −5 to 3"
