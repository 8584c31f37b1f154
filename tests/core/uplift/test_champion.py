"""A champion is measured on customers that did not choose it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from made_evidence import evidence

from core.uplift.champion import champions_evidence
from core.uplift.comparison import champion_of
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence
from core.uplift.influence import area_gained

EFFORT = {"a": 2.0, "b": 1.0}


def guessed(e: Evidence, seed: int) -> dict[str, Evidence]:
    """Two rankings of pure chance, of five models each."""
    rng = np.random.default_rng(10_000 + seed)
    e = replace(e, group=np.arange(e.customers) % 5)
    return {name: replace(e, uplift=rng.random((e.customers, 1))) for name in EFFORT}


def area(e: Evidence) -> float:
    return area_gained(contrast(e), e.customers).value


def test_the_better_of_two_guesses_does_not_look_better_than_a_guess() -> None:
    """Truth: contact adds the same to all, so that no ranking gains anything; over 200 campaigns."""
    flattered, shown = [], []
    for seed in range(200):
        two = guessed(evidence(1000, seed, levels=1), seed)
        flattered.append(area(two[champion_of(two, "a", EFFORT)]))
        shown.append(area(champions_evidence(two, "a", EFFORT)))
    assert np.mean(flattered) > 3 * np.std(flattered) / np.sqrt(200)
    assert abs(np.mean(shown)) < 2 * np.std(shown) / np.sqrt(200)


def test_a_folds_own_outcomes_have_no_say_in_whose_scores_it_gets() -> None:
    two = guessed(evidence(2000, 4), 4)
    here = two["a"].group == 3
    outcome = np.where(here, two["a"].outcome[::-1] * 5.0, two["a"].outcome)
    changed = {name: replace(one, outcome=outcome) for name, one in two.items()}
    orders = [np.argsort(champions_evidence(found, "a", EFFORT).uplift[here, 0]) for found in (two, changed)]
    assert np.array_equal(*orders)


def test_the_only_candidate_is_its_own_evidence() -> None:
    one = guessed(evidence(500, 2), 2)["a"]
    one = one.pooled(one.uplift)
    done = champions_evidence({"a": one}, "a", {})
    np.testing.assert_allclose(done.uplift, one.uplift, atol=1e-7)
    np.testing.assert_allclose(done.y1, done.y0[:, None] + done.uplift)
