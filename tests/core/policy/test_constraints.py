"""Promises of the conditions: JSON and URL keep them whole, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import NotFoundError, SettingError
from core.policy.constraints import Constraints, Quota, json_schema

_names = st.text(min_size=1, max_size=8)
_counts = st.integers(0, 10_000)
_quotas = st.builds(
    lambda who, action, low, more, effort: Quota(*(who or (None, None)), action, low, low + more, effort),
    st.none() | st.tuples(_names, _names),
    st.none() | _names,
    _counts,
    _counts,
    st.sampled_from(["hard", "best"]),
)
_per_action = st.dictionaries(_names, st.floats(0, 1), max_size=3).map(lambda d: tuple(sorted(d.items())))
_constraints = st.builds(
    Constraints,
    budget=st.none() | st.floats(0, 1e9),
    topn=st.none() | _counts,
    capacity=st.dictionaries(_names, _counts.map(float), max_size=3).map(lambda d: tuple(sorted(d.items()))),
    quotas=st.lists(_quotas, max_size=3).map(tuple),
    roi_floor=st.none() | st.floats(-1, 100),
    max_per_customer=st.integers(0, 100),
    max_per_period=st.none() | st.integers(0, 100),
    min_days_since_contact=st.none() | st.floats(0, 1000),
    holdout=st.floats(0, 1),
    holdout_seed=_counts,
    risk_aversion=st.floats(0, 10),
    costs=_per_action,
    margins=_per_action,
    weight=st.none() | st.text("abcde_", min_size=1),
)


@settings(max_examples=150, deadline=None)
@given(_constraints)
def test_json_and_url_keep_every_condition(constraints: Constraints) -> None:
    assert Constraints.from_json(constraints.to_json()) == constraints
    assert Constraints.from_query(constraints.to_query()) == (constraints, ())
    jsonschema.validate(json.loads(constraints.to_json()), json_schema())


def test_a_plain_budget_is_one_key() -> None:
    constraints = Constraints.from_json('{"budget": 500}')
    assert constraints == Constraints(budget=500.0)
    assert constraints.to_query() == {"budget": "500.0"}
    assert Constraints().as_dict() == {}


WRONG = [
    ('{"budgte": 5}', "there is no 'budgte'. Did you mean 'budget'?"),
    ('{"zzz": 5}', "Known are budget"),
    ('{"budget": -1}', "budget is -1; it must be a number from 0"),
    ('{"budget": "much"}', "budget is 'much'"),
    ('{"budget": true}', "budget is true"),
    ('{"budget": NaN}', "NaN is not a number"),
    ('{"budget": 1e400}', "budget is Infinity"),
    ('{"budget": 1, "budget": 2}', "'budget' is given twice"),
    ('{"topn": 1e400}', "topn is Infinity"),
    ('{"budget": 1%s}' % ("0" * 400), "it must be a number from 0"),
    ('{"topn": 1.5}', "topn is 1.5; it must be a whole number"),
    ('{"holdout": 10}', "A share of 10 % is written 0.10."),
    ('{"capacity": 5}', "capacity must give a number for each action"),
    ('{"capacity": {"mail": -1}}', "capacity.mail is -1"),
    ('{"quotas": {"min": 1}}', "quotas must be a list"),
    ('{"quotas": [{"column": "city", "min": 1}]}', "a column and a value, or neither"),
    ('{"quotas": [{"column": "city", "value": "A"}]}', "neither min nor max"),
    ('{"quotas": [{"min": 5, "max": 2}]}', "at least 5 and at most 2"),
    ('{"quotas": [{"mim": 5}]}', "quotas[0]: there is no 'mim'. Did you mean 'min'?"),
    ('{"quotas": [{"min": 5, "effort": "some"}]}', "must be 'hard' or 'best'"),
    ("[]", "a JSON object was expected"),
    ("{", "not valid JSON"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SettingError) as raised:
        Constraints.from_json(text, "constraints.json")
    assert message in str(raised.value)
    assert str(raised.value).startswith("constraints.json")


BEYOND_A_SCHEMA = ('"min": 5, "max": 2', "NaN")


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, message in WRONG[:-2]
        if "twice" not in message and not any(part in text for part in BEYOND_A_SCHEMA)
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(text), json_schema())


def test_a_link_with_a_wrong_condition_keeps_the_others_and_says_so() -> None:
    found, notices = Constraints.from_query(
        {"budget": "lots", "topn": "10", "data": "x", "holdout": "7", "quotas": "["}
    )
    assert found == Constraints(topn=10)
    assert notices == (
        "The link's budget could not be used and was left out.",
        "The link's quotas could not be used and were left out.",
        "The link's holdout could not be used and was left out.",
    )


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Constraints.read(tmp_path / "constraints.json")
