"""Champion and challengers, the verdict, and the influence functions behind them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_evidence import evidence, shuffled

from core.errors import DataError
from core.uplift.bootstrap import bootstrap, replicate_weights
from core.uplift.comparison import leaderboard, paired_profit
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence
from core.uplift.gain import gain_curve
from core.uplift.influence import area_gained, set_gain
from core.uplift.qini import qini
from core.uplift.verdict import Answer, verdict


def scored(e: Evidence, score: np.ndarray) -> Evidence:
    return replace(e, uplift=score.reshape(-1, 1))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), levels=st.sampled_from([None, 1, 4, 30]), row=st.integers(0, 299))
def test_influence_is_the_derivative_by_a_customers_weight(seed: int, levels: int | None, row: int) -> None:
    """Oracle: the weighted Qini of core.uplift.qini, differenced numerically."""
    e = evidence(300, seed, levels)
    rows = contrast(e)
    area = area_gained(rows, 300)
    assert area.value == pytest.approx(qini(rows, effect=1.0), abs=1e-12)
    assert area.influence.sum() == pytest.approx(0.0, abs=1e-12)
    h, weight = 1e-5, np.ones(300)
    at = int(np.flatnonzero(rows.order == row)[0])
    up, down = weight.copy(), weight.copy()
    up[at] += h
    down[at] -= h
    numeric = (qini(rows, up, 1.0) - qini(rows, down, 1.0)) / (2 * h)
    assert area.influence[row] == pytest.approx(numeric, abs=1e-7)


def test_errors_of_area_and_set_gain_agree_with_bootstrap_and_curve() -> None:
    e = evidence(2000, 1)
    rows = contrast(e)
    (boot,) = bootstrap(lambda w: np.array([qini(rows, w, 1.0)]), 2000, 500)
    assert area_gained(rows, 2000).estimate().se == pytest.approx(boot.se, rel=0.1)
    chosen = 700
    gain, curve = set_gain(rows, chosen, 2000).estimate(), gain_curve(e)
    assert gain.value == pytest.approx(curve.at(0.35).value, abs=1e-12)
    assert gain.se == pytest.approx(curve.at(0.35).se, rel=0.01)


def test_paired_difference_has_the_error_of_drawing_the_same_customers_again() -> None:
    """Oracle: bootstrap of the difference of two Qini areas with common weights."""
    e = evidence(1500, 2)
    rough = scored(e, e.uplift[:, 0] + np.random.default_rng(0).normal(0, 0.5, 1500))
    one, other = contrast(e), contrast(rough)
    drawn = [
        qini(one, w[one.order], 1.0) - qini(other, w[other.order], 1.0) for w in replicate_weights(1500, 600)
    ]
    gap = (area_gained(one, 1500) - area_gained(other, 1500)).estimate()
    assert gap.se == pytest.approx(np.std(drawn), rel=0.1)


def test_a_better_ranking_is_promoted_and_noise_is_not() -> None:
    e = evidence(20_000, 3, effect=3.0)
    noise = np.random.default_rng(1).random(20_000)
    board = leaderboard({"noise": scored(e, noise), "truth": e}, incumbent="noise")
    assert (board.champion, board.reason) == ("truth", "better")
    assert [entry.learner for entry in board.entries] == ["truth", "noise"]
    assert board.entry("truth").standing == "better"
    assert board.entry("noise").standing == "champion"
    back = leaderboard({"noise": scored(e, noise), "truth": e}, incumbent="truth")
    assert (back.champion, back.entry("noise").standing) == ("truth", "worse")


def test_equals_are_indistinguishable_and_the_cheaper_one_wins() -> None:
    e = evidence(3000, 4)
    twin = scored(e, e.uplift[:, 0] ** 3)
    board = leaderboard({"dear": e, "cheap": twin}, "dear", effort={"dear": 9.0, "cheap": 1.0})
    assert board.entry("cheap").standing == "indistinguishable"
    assert (board.champion, board.reason) == ("cheap", "level and cheaper")
    kept = leaderboard({"dear": e, "cheap": twin}, "cheap", effort={"dear": 9.0, "cheap": 1.0})
    assert (kept.champion, kept.reason) == ("cheap", "kept")


def test_many_useless_challengers_seldom_win_by_chance() -> None:
    """Bonferroni: of 8 random rankings one is promoted in at most about 5 % of campaigns."""
    wins = 0
    for seed in range(40):
        e = evidence(800, seed, levels=1)
        rng = np.random.default_rng(10_000 + seed)  # not the evidence's own draws
        board = leaderboard({f"r{k}": scored(e, rng.random(800)) for k in range(9)}, "r0")
        wins += board.reason == "better"
    assert wins <= 40 * 0.05 + 3 * np.sqrt(40 * 0.05)


def test_learners_measured_on_other_customers_are_not_compared() -> None:
    e = evidence(300, 5)
    with pytest.raises(DataError, match="same customers"):
        leaderboard({"a": e, "b": shuffled(e, 1)}, "a")


def test_paired_profit_is_the_difference_of_the_claims() -> None:
    e = evidence(5000, 6)
    board = leaderboard({"half": scored(e, e.uplift[:, 0] / 2), "whole": e}, "half", margin=0.5, cost=0.2)
    gap = paired_profit(e, scored(e, e.uplift[:, 0] / 2), 0.5, 0.2)
    difference = board.entry("whole").profit.value - board.entry("half").profit.value
    assert gap.value == pytest.approx(difference)
    assert board.entry("whole").gap_profit == gap
    assert gap.se < np.hypot(board.entry("whole").profit.se, board.entry("half").profit.se)


@pytest.mark.parametrize(
    ("effect", "cost", "answer"),
    [
        (
            2.0,
            0.4,
            Answer.TARGETING_PAYS,
        ),  # gains 0-2 at half margin: half of the customers cost more than that
        (2.0, 0.01, Answer.CONTACT_EVERYONE),
        (0.0, 0.5, Answer.CONTACT_NO_ONE),
        (0.0, 0.001, Answer.NOT_ENOUGH_EVIDENCE),
    ],
)
def test_verdicts_of_campaigns_whose_truth_is_known(effect: float, cost: float, answer: Answer) -> None:
    e = evidence(20_000, 7, effect=effect)
    e = scored(e, effect * e.uplift[:, 0]) if effect else scored(e, np.zeros(20_000))
    said = verdict(e, margin=0.5, cost=cost)
    assert said.answer is answer
    assert (said.customers_differ.lo > 0) == (effect > 0)
    if answer is Answer.NOT_ENOUGH_EVIDENCE:
        assert said.test is None or said.test > 20_000


def test_an_open_question_says_how_large_a_test_would_settle_it() -> None:
    e = evidence(400, 8, effect=0.5)
    e = scored(e, 0.5 * e.uplift[:, 0])
    said = verdict(e, margin=0.5, cost=0.1)
    assert said.answer in (Answer.NOT_ENOUGH_EVIDENCE, Answer.CONTACT_EVERYONE, Answer.TARGETING_PAYS)
    assert said.settled or said.test > 400


def test_no_difference_between_customers_is_called_so() -> None:
    """At least 90 % of campaigns whose effect is the same for all."""
    called = []
    for seed in range(100):
        e = evidence(1500, seed, levels=1)
        noisy = scored(e, np.random.default_rng(10_000 + seed).random(1500))
        called.append(verdict(noisy).customers_differ.lo <= 0)
    assert np.mean(called) >= 0.90
