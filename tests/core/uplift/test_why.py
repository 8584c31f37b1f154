"""Why: importance, profile, rules and the four groups, on campaigns whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_evidence import evidence

from core.data.schema import Feature
from core.errors import DataError
from core.uplift.evidence import Evidence
from core.uplift.groups import four_groups
from core.uplift.importance import importance
from core.uplift.profile import profile
from core.uplift.rules import rule_tree

SCHEMA = (Feature("age", "numeric"), Feature("noise", "numeric"), Feature("city", "categorical"))


def campaign(rows: int = 6000, seed: int = 0) -> tuple[Evidence, pd.DataFrame]:
    """Contact gains 2 from those over 50 in Ulm, nothing from the others; the model knows."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(
        {
            "age": rng.integers(18, 80, rows).astype(np.float64),
            "noise": rng.normal(size=rows),
            "city": pd.Series(rng.choice(["Ulm", "Bonn", "Kiel"], rows), dtype="str"),
        }
    )
    uplift = truth(features)
    arm = rng.integers(0, 2, rows).astype(np.int8)
    outcome = rng.exponential(1.0, rows) + arm * uplift[:, 0]
    ids = pd.Series(np.arange(rows).astype(str), dtype="str")
    y0 = np.ones(rows)
    return Evidence(ids, arm, outcome, uplift, uplift + 1, y0, ("none", "mail"), (0.5, 0.5)), features


def truth(features: pd.DataFrame) -> np.ndarray:
    return (2.0 * (features["age"] > 50) * (features["city"] == "Ulm")).to_numpy().reshape(-1, 1)


def test_what_the_ranking_lives_on_is_found_and_noise_is_worth_nothing() -> None:
    e, features = campaign()
    table = importance(e, features, truth).set_index("feature")
    assert table.loc["age", "lo"] > 0
    assert table.loc["city", "lo"] > 0
    assert table.loc["noise", ["lost", "lo", "hi"]].tolist() == [0.0, 0.0, 0.0]
    assert table.index[-1] == "noise"


def test_importance_wants_the_evidences_customers() -> None:
    e, features = campaign(500)
    with pytest.raises(DataError, match="rows of features"):
        importance(e, features.head(10), truth)


def test_profile_shows_who_is_on_top() -> None:
    e, features = campaign()
    score = e.uplift[:, 0] + features["age"].to_numpy() / 1000
    table = profile(features, SCHEMA, score).set_index(["feature", "level"])
    assert table.loc[("city", "Ulm"), "top"] == 1.0
    assert table.loc[("city", "Ulm"), "everyone"] == pytest.approx(1 / 3, abs=0.02)
    assert table.loc[("age", ""), "top"] > 50 > table.loc[("age", ""), "bottom"]
    assert abs(table.loc[("noise", ""), "difference"]) < 0.2
    constant = profile(features, SCHEMA, np.zeros(6000))
    assert (constant["difference"] == 0).all()


def test_three_questions_find_the_rule_and_measure_it() -> None:
    e, features = campaign()
    tree = rule_tree(e, features, SCHEMA)
    best = tree.rules[0]
    assert {(c.column, c.relation) for c in best.conditions} == {("age", "above"), ("city", "is")}
    assert best.predicted == pytest.approx(2.0)
    assert best.measured is not None
    assert best.measured.lo < 2.0 < best.measured.hi
    assert tree.fidelity == pytest.approx(1.0)
    assert sum(rule.customers for rule in tree.rules) == 6000
    assert "city is Ulm" in {str(c) for c in best.conditions}


def test_every_customer_meets_exactly_one_rule() -> None:
    """Oracle: the conditions applied to the table, one by one."""
    e, features = campaign(2000, 1)
    score = np.random.default_rng(0).random((2000, 1)) + features[["age"]].to_numpy() / 40
    tree = rule_tree(replace(e, uplift=score), features, SCHEMA)
    test = {
        "above": lambda column, value: column > value,
        "at most": lambda column, value: column <= value,
        "is": lambda column, value: column == value,
        "is not": lambda column, value: column != value,
    }
    met = np.zeros(2000, int)
    for rule in tree.rules:
        inside = np.ones(2000, bool)
        for c in rule.conditions:
            inside &= test[c.relation](features[c.column], c.value).to_numpy()
        assert inside.sum() == rule.customers
        assert len(rule.conditions) <= 3
        met += inside
    assert (met == 1).all()


def test_one_score_for_all_has_one_rule() -> None:
    e, features = campaign(400)
    tree = rule_tree(replace(e, uplift=np.zeros((400, 1))), features, SCHEMA)
    assert len(tree.rules) == 1
    assert tree.rules[0].conditions == ()


def test_four_groups_are_bounded_around_the_truth() -> None:
    """Known truth: every customer's two answers are drawn, so that the shares are known."""
    rng, n = np.random.default_rng(0), 200_000
    x = rng.random(n)
    draw = rng.random(n)
    without, with_contact = draw < 0.3, draw < 0.3 + 0.4 * x  # contact only ever helps
    arm = rng.integers(0, 2, n).astype(np.int8)
    e = evidence(n, 0)
    outcome = np.where(arm == 1, with_contact, without).astype(np.float64)
    e = replace(e, arm=arm, outcome=outcome, uplift=x.reshape(-1, 1), propensities=(0.5, 0.5))
    groups, slack = four_groups(e), 0.01
    shares = {
        "persuadables": (with_contact & ~without).mean(),
        "sure_things": (with_contact & without).mean(),
        "lost_causes": (~with_contact & ~without).mean(),
        "do_not_disturb": (~with_contact & without).mean(),
    }
    for name, share in shares.items():
        bounds = getattr(groups, name)
        assert bounds.low - slack <= share <= bounds.high + slack, name
        assert 0 <= bounds.low <= bounds.high <= 1


def test_a_good_ranking_narrows_the_bounds() -> None:
    """Contact helps half of the customers and puts off the other half; on average it does nothing."""
    rng, n = np.random.default_rng(1), 20_000
    x, arm = rng.random(n), rng.integers(0, 2, n).astype(np.int8)
    outcome = (rng.random(n) < 0.4 + arm * np.where(x > 0.5, 0.3, -0.3)).astype(np.float64)
    e = replace(evidence(n, 0), arm=arm, outcome=outcome, propensities=(0.5, 0.5))
    ranked = four_groups(replace(e, uplift=x.reshape(-1, 1)))
    blind = four_groups(replace(e, uplift=np.zeros((n, 1))))
    assert blind.persuadables.low < 0.02
    assert ranked.persuadables.low == pytest.approx(0.15, abs=0.03)
    assert ranked.do_not_disturb.low == pytest.approx(0.15, abs=0.03)


def test_groups_of_one_arm_alone_by_hand() -> None:
    """Closed form: rates 0.5 contacted and 0.3 left alone give persuadables 0.2-0.5, do-not-disturb 0-0.3."""
    outcome = np.r_[np.repeat([1.0, 0.0], [50, 50]), np.repeat([1.0, 0.0], [30, 70])]
    arm = np.r_[np.ones(100), np.zeros(100)].astype(np.int8)
    ids = pd.Series(np.arange(200).astype(str), dtype="str")
    flat = np.zeros((200, 1))
    groups = four_groups(Evidence(ids, arm, outcome, flat, flat, np.zeros(200), ("no", "yes"), (0.5, 0.5)))
    found = {k: (round(v.low, 9), round(v.high, 9)) for k, v in vars_of(groups).items()}
    assert found == {
        "persuadables": (0.2, 0.5),
        "sure_things": (0.0, 0.3),
        "lost_causes": (0.2, 0.5),
        "do_not_disturb": (0.0, 0.3),
    }


def vars_of(groups: object) -> dict[str, object]:
    return {name: getattr(groups, name) for name in groups.__dataclass_fields__}
