"""The URL holds every control, and rubbish in it does no harm."""

from __future__ import annotations

import math
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.scenario import POLICIES, Scenario, chosen

scenarios = st.builds(
    Scenario,
    data=st.none() | st.from_regex(r"[a-z0-9][a-z0-9_-]{0,30}", fullmatch=True),
    model=st.none() | st.from_regex(r"[a-z0-9][a-z0-9_-]{0,30}", fullmatch=True),
    margin=st.integers(0, 1000).map(lambda k: k / 1000),
    cost=st.integers(0, 100_000).map(lambda k: k / 100),
    value=st.integers(0, 100_000).map(lambda k: k / 100),
    topn=st.none() | st.integers(0, 10**9),
    policy=st.sampled_from(POLICIES),
    name=st.none() | st.sampled_from(["Spring push", "50 % & more", "<b>Ünïted</b>", "=1+1", "x" * 60]),
)


@given(scenarios)
def test_a_scenario_survives_the_url(scenario):
    query = dict(parse_qsl(scenario.query_string()))
    assert Scenario.from_query(query) == (scenario, ())


@given(
    st.dictionaries(
        st.sampled_from(["data", "model", "margin", "cost", "value", "topn", "policy", "name"]), st.text()
    )
)
def test_rubbish_in_any_parameter_gives_a_scenario_within_bounds(query):
    scenario, _ = Scenario.from_query(query)
    assert 0 <= scenario.margin <= 1
    assert math.isfinite(scenario.cost) and scenario.cost >= 0
    assert scenario.policy in POLICIES


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("margin", "nan"),
        ("margin", "-0.1"),
        ("margin", "45"),
        ("cost", "inf"),
        ("cost", "-1"),
        ("topn", "1.5"),
        ("topn", "-3"),
        ("topn", "1e400"),
        ("policy", "all"),
        ("data", "../../etc"),
        ("name", "x" * 61),
        ("name", "two\nlines"),
        ("name", "turned \u202e round"),
    ],
)
def test_a_value_out_of_bounds_falls_back_with_a_notice(name, raw):
    scenario, notices = Scenario.from_query({name: raw})
    assert scenario == Scenario()
    assert len(notices) == 1
    assert name in notices[0]
    assert raw not in notices[0]


def test_a_margin_that_falls_back_is_told_as_the_page_shows_it():
    _, notices = Scenario.from_query({"margin": "lots"})
    assert list(notices) == ["The link's margin could not be used; 30 % stands in its place."]


@pytest.mark.parametrize("settings", [{"margin": -0.1}, {"margin": 1.1}, {"cost": math.nan}, {"topn": -1}])
def test_settings_out_of_bounds_are_refused_by_name(settings):
    with pytest.raises(SettingError, match=next(iter(settings))):
        Scenario(**settings)


@pytest.mark.parametrize(("query", "value"), [({}, "a"), ({"view": "b"}, "b"), ({"view": "c"}, "a")])
def test_a_pages_own_choice_is_the_links_or_the_first_with_a_notice(query, value):
    found, notices = chosen(query, "view", {"a": "This", "b": "That"})
    assert found == value
    said = ("The link's view could not be used; 'This' stands in its place.",)
    assert notices == (said if query.get("view") == "c" else ())
