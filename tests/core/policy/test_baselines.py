"""Promises of the simple rules and of prices. Oracles: one contact after another; solving again."""

from __future__ import annotations

import numpy as np
import pytest
from made_problems import broken, problem

from benchmarks.campaigns import campaign
from core.policy.baselines import BY_PROFIT, MINIMUMS_FIRST, baselines
from core.policy.optimizer import optimise
from core.policy.problem import Problem
from core.policy.shadow import frontier, probe, uses


def one_by_one(of: Problem) -> np.ndarray:
    """Highest profit first, each contact taken if it fits."""
    rows = of.rows
    flat = rows.profit.ravel()
    choice = np.zeros(rows.profit.shape, dtype=bool)
    used = {limit.key: 0.0 for limit in of.limits}
    for at in np.argsort(-flat, kind="stable"):
        k, i = divmod(int(at), rows.size)
        if flat[at] <= 0 or choice[:, i].sum() >= rows.cap[i]:
            continue
        use = {
            limit.key: limit.on_count[k, rows.group[i]] + limit.on_cost * rows.cost[k, i]
            for limit in of.limits
            if limit.sense == "<="
        }
        amount = {limit.key: limit.amount for limit in of.limits}
        if all(used[key] + use[key] <= amount[key] + 1e-9 for key in use):
            choice[k, i] = True
            for key in use:
                used[key] += use[key]
    return choice


def test_the_simple_rule_is_one_contact_after_another() -> None:
    rng = np.random.default_rng(11)
    for _ in range(150):
        of = problem(rng, 30)
        found = baselines(of)[0]
        assert found.name == BY_PROFIT
        assert np.array_equal(found.choice, one_by_one(of))


def test_the_plan_earns_more_than_the_rule_that_keeps_the_minimums() -> None:
    of = campaign(20_000)
    plan = optimise(of)
    for baseline in baselines(of):
        kept = baseline.broken == ()
        assert kept == (baseline.name == MINIMUMS_FIRST)
        assert set(broken(of, baseline.choice)) == set(baseline.broken)
        assert baseline.total.profit < 0.97 * plan.value


def test_prices_say_what_a_little_more_earns() -> None:
    """The dual is convex: a tenth less costs at least, a tenth more earns at most, the price times the
    tenth.
    """
    plan = optimise(campaign(20_000))
    found = probe(plan, uses(plan, plan.problem.limits))
    for use in found:
        assert use.less is not None
        assert use.more is not None
        assert use.less.gain is not None
        assert use.more.gain is not None
        tenth = use.price * use.limit.sign
        slack = 1e-6 * plan.value
        assert use.less.gain <= tenth * (use.less.amount - use.amount) + slack
        assert use.more.gain <= tenth * (use.more.amount - use.amount) + slack
    budget = found[0]
    assert budget.binding
    again = optimise(plan.problem.with_amount("budget", budget.amount * 1.1))
    assert budget.more is not None
    assert budget.more.profit == pytest.approx(again.value, rel=1e-4)


def test_the_frontier_rises_and_flattens_and_passes_through_the_plan() -> None:
    plan = optimise(campaign(20_000))
    found = frontier(plan, points=9)
    assert found is not None
    assert found.current is not None
    assert found.profit[found.current] == pytest.approx(plan.bound, rel=1e-6)
    slopes = np.diff(found.profit) / np.diff(found.budget)
    assert (slopes >= -1e-6).all()
    assert (np.diff(slopes) <= 1e-6).all()
    assert (found.price[:-1] >= slopes - 1e-6).all()  # the price falls along the way
