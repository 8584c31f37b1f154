"""Promises of the optimiser. Oracle: scipy.optimize.milp solved to a gap of 0 on the same problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_problems import broken, problem

from benchmarks.campaigns import campaign
from core.errors import Cancelled
from core.policy import exact
from core.policy.feasibility import InfeasibleError
from core.policy.optimizer import optimise, relaxed
from core.policy.problem import Limit, Problem, Rows


def _only(of: Problem, keys: set[str]) -> Problem:
    return of.without(frozenset(limit.key for limit in of.limits if limit.key not in keys))


def check_against_milp(of: Problem) -> bool:
    """Everything the optimiser promises of one small problem; whether it has a plan."""
    best = exact.solve_here(of)
    try:
        found = optimise(of)
    except InfeasibleError as error:
        assert best is None, "called infeasible although there is a plan"
        keys = {limit.key for limit in error.conflict}
        assert exact.solve_here(_only(of, keys)) is None, "the named conflict is none"
        for key in keys:
            assert exact.solve_here(_only(of, keys - {key})) is not None, "the named conflict is not minimal"
        return False
    assert best is not None, "a plan for an infeasible problem"
    assert broken(of, found.choice) == []
    optimum = float(of.rows.profit[best].sum())
    tiny = 1e-9 * max(1.0, abs(optimum))
    assert found.value == pytest.approx(float(of.rows.profit[found.choice].sum()), abs=1e-9)
    assert found.value <= optimum + tiny
    assert optimum <= found.bound + tiny
    assert found.value >= optimum - len(of.limits) * max(of.rows.profit.max(), 0.0) - tiny
    return True


def test_plans_of_small_problems_are_feasible_bounded_and_near_the_optimum() -> None:
    """150 random problems; benchmarks/policy.py does 2,000."""
    rng = np.random.default_rng(20240)
    feasible = sum(check_against_milp(problem(rng)) for _ in range(150))
    assert 70 < feasible < 145  # both kinds are many


def test_zooming_leaves_the_linear_optimum_in_place() -> None:
    """Oracle: the linear programme of all 5,000 customers, by HiGHS."""
    from core.policy.core_lp import relax
    from core.policy.zoom import scales

    of = campaign(5_000)
    whole = relax(of, of.rows, of.amounts(), scales(of))
    found = optimise(of)
    assert relaxed(of)[0] == pytest.approx(whole.value, rel=1e-8)  # type: ignore[index]
    assert found.bound == pytest.approx(whole.value, rel=1e-7)
    assert found.gap < 5e-4
    assert broken(of, found.choice) == []


def test_many_customers_are_solved_to_a_small_gap() -> None:
    found = optimise(campaign(100_000))
    assert found.gap < 1e-5
    room = found.problem.amounts() - found.total.uses(found.problem.limits)
    assert room.min() >= -1e-9 * found.problem.amounts().max()


def test_the_same_problem_has_the_same_plan() -> None:
    of = campaign(30_000)
    assert np.array_equal(optimise(of).choice, optimise(of).choice)


def test_prices_of_a_similar_plan_start_the_next_one() -> None:
    of = campaign(60_000)
    first = optimise(of)
    tighter = of.with_amount("budget", of.limits[0].amount * 0.9)
    assert optimise(tighter, warm=first.prices).value == pytest.approx(optimise(tighter).value, rel=1e-5)


@pytest.mark.parametrize(
    "profit",
    [
        pytest.param(lambda p, c: np.ones_like(p), id="all equal"),
        pytest.param(lambda p, c: 2.0 - c, id="equal but for cost"),
        pytest.param(lambda p, c: np.round(p), id="few values"),
        pytest.param(lambda p, c: 3.0 * c, id="profit proportional to cost"),
        pytest.param(lambda p, c: np.zeros_like(p), id="all zero"),
    ],
)
def test_tied_scores_are_an_ordinary_input(profit) -> None:  # type: ignore[no-untyped-def]
    """The bound comes from the dual on all rows, so a small gap is its own proof."""
    of = campaign(20_000)
    cost = np.random.default_rng(3).uniform(0.05, 1.0, of.rows.cost.shape)
    rows = replace(of.rows, profit=profit(of.rows.profit, cost), cost=cost)
    found = optimise(replace(of, rows=rows))
    assert found.gap_money <= 6e-5 * max(abs(found.bound), 1.0)


def test_a_million_equal_scores_are_solved() -> None:
    rows = Rows(
        np.ones((1, 1_000_000)),
        np.full((1, 1_000_000), 0.5),
        np.ones(1_000_000, dtype=np.int8),
        np.zeros(1_000_000, dtype=np.uint8),
    )
    budget = Limit("budget", "a budget", "<=", 100_000.0, np.zeros((1, 1)), on_cost=1.0)
    found = optimise(Problem(rows, (budget,), ("mail",)))
    assert found.value == 200_000.0
    assert found.gap < 1e-6


def _with(of: Problem, **amounts: float) -> Problem:
    for key, amount in amounts.items():
        of = of.with_amount(key, amount)
    return of


@pytest.mark.parametrize("budget", [0.0, 0.05, 0.10])
def test_a_budget_of_next_to_nothing_is_a_plan_of_next_to_nothing(
    budget: float,
) -> None:
    of = _with(_only(campaign(20_000), {"budget"}), budget=budget)
    found = optimise(of)
    assert found.total.cost <= budget
    assert found.total.counts.sum() == (budget >= 0.10)
    assert found.gap_money < 1.0


def test_without_limits_everybody_gets_what_pays() -> None:
    of = replace(campaign(20_000), limits=())
    found = optimise(of)
    assert found.gap == 0.0
    assert found.value == pytest.approx(found.bound)


def test_where_nothing_pays_no_one_is_contacted() -> None:
    of = _only(campaign(20_000), {"budget", "capacity.email"})
    found = optimise(replace(of, rows=replace(of.rows, profit=-np.abs(of.rows.profit))))
    assert (found.value, found.bound, found.total.counts.sum()) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("customers", [0, 1, 2])
def test_no_customer_one_customer_two_customers(customers: int) -> None:
    rows = Rows(
        np.full((2, customers), 2.0),
        np.full((2, customers), 1.0),
        np.ones(customers, dtype=np.int8),
        np.zeros(customers, dtype=np.uint8),
    )
    budget = Limit("budget", "a budget", "<=", 1.5, np.zeros((2, 1)), on_cost=1.0)
    found = optimise(Problem(rows, (budget,), ("mail", "call")))
    assert found.value == (2.0 if customers else 0.0)


def test_a_capacity_of_zero_closes_an_action_and_has_the_price_of_its_best_customer() -> None:
    of = _with(_only(campaign(20_000), {"capacity.post"}), **{"capacity.post": 0.0})
    found = optimise(of)
    assert found.total.counts[1].sum() == 0
    open_again = optimise(_with(of, **{"capacity.post": 1.0}))
    assert open_again.value - found.value == pytest.approx(float(found.prices[0]), rel=1e-9)


def test_a_floor_above_the_eligible_is_named_with_what_can_be_had() -> None:
    of = campaign(10_000)
    most = int(np.minimum(of.rows.cap, 3)[of.rows.group == 0].sum())
    with pytest.raises(InfeasibleError, match=f"at most {most:,} can be had") as raised:
        optimise(_with(of, **{"quotas[0].min": most + 1.0}))
    assert [limit.key for limit in raised.value.conflict] == ["quotas[0].min"]


def test_many_customers_with_contradicting_limits_have_a_minimal_conflict_named() -> None:
    of = campaign(60_000)
    cost = np.random.default_rng(3).uniform(0.05, 1.0, of.rows.cost.shape)  # each customer their own
    for rows in (of.rows, replace(of.rows, cost=cost)):
        with pytest.raises(InfeasibleError) as raised:
            optimise(_with(replace(of, rows=rows), budget=10.0))
        keys = {limit.key for limit in raised.value.conflict}
        assert "budget" in keys
        assert len(keys) == 2  # the budget and one floor that it cannot pay


def test_best_effort_minimums_are_filled_as_far_as_the_others_allow() -> None:
    """Oracle: milp maximising the contacts that the minimum counts, within the hard limits."""
    rng = np.random.default_rng(77)
    tried = 0
    while tried < 40:
        of = problem(rng)
        minimums = [limit for limit in of.limits if limit.key.endswith(".min")]
        if len(minimums) != 1:
            continue
        hard = of.without(frozenset({minimums[0].key}))
        if exact.solve_here(hard) is None:
            continue
        tried += 1
        soft = replace(minimums[0], best_effort=True)
        asked = replace(of, limits=(*hard.limits, soft))
        found = optimise(asked)
        counted = soft.on_count[:, of.rows.group]
        counting = replace(hard, rows=replace(of.rows, profit=counted))
        limits = tuple(limit for limit in hard.limits if limit.key != "roi_floor")
        if len(limits) == len(hard.limits):  # a return floor is about the true profit
            most = exact.solve_here(counting)
            assert most is not None
            reachable = min(int(counted[most].sum()), int(soft.amount))
            assert found.missed.get(soft.key, 0) == int(soft.amount) - reachable
        assert broken(hard, found.choice) == []


def test_a_solve_can_be_cancelled() -> None:
    calls = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        optimise(campaign(100_000), checkpoint=stop)
