"""Promises of the customers' answer to prices. Oracle: trying every set of actions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from made_problems import problem, used

from core.policy.oracle import Prices, choice, chosen, lagrangian, respond, tally, undecided
from core.policy.problem import BLOCK, Rows


def _best_by_trying(reduced: np.ndarray, cap: int) -> float:
    sets = [s for size in range(cap + 1) for s in combinations(range(reduced.size), size)]
    return max(float(reduced[list(s)].sum()) for s in sets)


def test_each_customer_takes_the_best_set_of_actions() -> None:
    rng = np.random.default_rng(1)
    for actions in (1, 2, 3, 5):
        reduced = np.round(rng.normal(size=(actions, 200)), 1)  # ties are common
        cap = rng.integers(0, actions + 2, 200).astype(np.int8)
        rows = Rows(reduced, reduced, cap, np.zeros(200, dtype=np.uint8))
        taken = chosen(reduced, rows)
        assert (taken.sum(axis=0) <= cap).all()
        for i in range(200):
            assert reduced[taken[:, i], i].sum() == pytest.approx(_best_by_trying(reduced[:, i], int(cap[i])))


def test_tallies_add_up_to_every_limits_use() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        of = problem(rng)
        prices = rng.exponential(0.3, len(of.limits))
        taken = choice(of, of.rows, prices)
        total = tally(of.rows, taken, of.groups)
        for limit in of.limits:
            assert total.used(limit) == pytest.approx(used(of, taken, limit))
        at = Prices.at(of, prices).reduced(of.rows)
        value = float(at[taken].sum() + prices @ of.amounts())
        assert lagrangian(of, respond(of, of.rows, prices), prices) == pytest.approx(value)


def test_decided_customers_choose_alike_at_all_prices_of_the_box() -> None:
    rng = np.random.default_rng(3)
    seen = 0
    for _ in range(200):
        of = problem(rng, 40)
        low = rng.exponential(0.3, len(of.limits))
        high = low + rng.exponential(0.1, len(of.limits))
        open_, centre, decided = undecided(of, of.rows, low, high)
        seen += int((~open_).sum())
        for _ in range(20):
            prices = rng.uniform(low, high)
            assert (choice(of, of.rows, prices)[:, ~open_] == centre[:, ~open_]).all()
        assert decided.profit == pytest.approx(float(of.rows.profit[:, ~open_][centre[:, ~open_]].sum()))
    assert seen > 1000


def test_blocks_do_not_change_the_answer() -> None:
    rng = np.random.default_rng(4)
    size = BLOCK + 7
    rows = Rows(
        rng.normal(size=(2, size)),
        np.broadcast_to(np.array([[0.1], [0.2]]), (2, size)),
        np.ones(size, dtype=np.int8),
        np.zeros(size, dtype=np.uint8),
    )
    from core.policy.problem import Problem

    of = Problem(rows, (), ("a", "b"))
    best = rows.profit.max(axis=0)
    assert respond(of, rows, np.zeros(0)).profit == pytest.approx(best[best > 0].sum())
