"""Promises of the grids with own costs and with conditions. Oracle: every cell from the definition."""

from __future__ import annotations

import numpy as np
import pytest
from test_plan import scored

from core.errors import SettingError
from core.policy.constraints import Constraints
from core.policy.cost_sensitivity import (
    RankedReturn,
    best_action_sensitivity,
    constrained_sensitivity,
    factor_sensitivity,
    shift_sensitivity,
)
from core.policy.offers import offers
from core.policy.plan import plan
from core.scenario import Scenario

MARGINS, FACTORS = np.array([0.0, 0.2, 0.5, 1.0]), np.array([0.0, 0.5, 1.0, 3.0])


def customers(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    uplift = np.round(rng.normal(0.3, 1.0, 500), 1)  # ties and zeros
    return uplift, np.round(rng.uniform(0.0, 0.5, 500), 1)  # free contacts


def test_a_factor_on_every_cost_gives_each_cell_its_own_best() -> None:
    uplift, cost = customers()
    grid = factor_sensitivity(RankedReturn.of(uplift, cost), MARGINS, FACTORS, value=2.0)
    for m, margin in enumerate(MARGINS):
        for f, factor in enumerate(FACTORS):
            profit = margin * 2.0 * uplift - factor * cost
            assert grid.profit[m, f] == pytest.approx(profit[profit > 0].sum(), abs=1e-9)
            assert grid.profit_everyone[m, f] == pytest.approx(profit.sum(), abs=1e-9)
            certain = (profit > 1e-9).sum()  # a profit of 0 may stand on either side
            assert certain <= grid.contacts[m, f] <= (profit > -1e-9).sum()


def test_a_shift_on_every_cost_gives_each_cell_its_own_best() -> None:
    uplift, cost = customers(1)
    shifts = np.array([-0.2, 0.0, 0.1, 1.0])
    grid = shift_sensitivity(uplift, cost, MARGINS, shifts)
    for m, margin in enumerate(MARGINS):
        for s, shift in enumerate(shifts):
            profit = margin * uplift - cost - shift
            assert grid.profit[m, s] == pytest.approx(profit[profit > 0].sum(), abs=1e-9)
            assert (profit > 1e-9).sum() <= grid.contacts[m, s] <= (profit > -1e-9).sum()
            assert grid.profit_everyone[m, s] == pytest.approx(profit.sum(), abs=1e-9)


def test_of_several_actions_each_customer_gets_the_one_that_earns_most_in_that_cell() -> None:
    """Oracle: customer by customer."""
    one, two = customers(2), customers(3)
    revenue, cost = np.vstack([one[0], two[0]]), np.vstack([one[1], two[1]])
    grid = best_action_sensitivity(revenue, cost, MARGINS, FACTORS)
    assert grid.axis == "factor"
    for m, margin in enumerate(MARGINS):
        for f, factor in enumerate(FACTORS):
            best = [max(margin * u - factor * c for u, c in zip(*pair)) for pair in zip(revenue.T, cost.T)]
            assert grid.profit[m, f] == pytest.approx(sum(b for b in best if b > 0), abs=1e-9)
            assert grid.contacts[m, f] == sum(b > 0 for b in best)
            assert grid.profit_everyone[m, f] == pytest.approx(sum(best), abs=1e-9)
    alone = best_action_sensitivity(revenue[:1], cost[:1], MARGINS, FACTORS)
    ranked = factor_sensitivity(RankedReturn.of(*one), MARGINS, FACTORS)
    np.testing.assert_allclose(alone.profit, ranked.profit, atol=1e-9)


def test_a_grid_with_conditions_has_the_best_plan_in_every_cell() -> None:
    constraints = Constraints.from_dict(
        {"topn": 100, "quotas": [{"column": "city", "value": "Ghent", "min": 60}]}
    )
    offered, scenario = offers(scored(), constraints), Scenario(margin=0.5, cost=0.1)
    margins, costs = np.array([0.3, 0.6]), np.array([0.05, 0.1, 0.2])
    grid = constrained_sensitivity(offered, scenario, constraints, margins, costs)
    for m, margin in enumerate(margins):
        for c, cost in enumerate(costs):
            alone = plan(offered, Scenario(margin=margin, cost=cost), constraints)
            assert grid.profit[m, c] == pytest.approx(alone.expected_profit, rel=1e-3)
            assert grid.contacts[m, c] == alone.contacts


def test_a_factor_multiplies_every_cost_whosever_it_is() -> None:
    """Oracle: the plan of customers whose file says the multiplied costs, with the multiplied scenario's."""
    people = scored()
    people["cost[Mens]"] = np.random.default_rng(2).uniform(0.0, 0.6, len(people))  # Womens: the scenario's
    constraints = Constraints.from_dict({"budget": 20})
    offered, scenario = offers(people, constraints), Scenario(margin=0.5, cost=0.1)
    margins, factors = np.array([0.3, 0.6]), np.array([0.0, 0.5, 1.0, 2.0])
    grid = constrained_sensitivity(offered, scenario, constraints, margins, factors, factors=True)
    assert grid.axis == "factor"
    for m, margin in enumerate(margins):
        for f, factor in enumerate(factors):
            dearer = people.assign(**{"cost[Mens]": people["cost[Mens]"] * factor})
            alone = plan(offers(dearer, constraints), Scenario(margin=margin, cost=0.1 * factor), constraints)
            assert grid.profit[m, f] == pytest.approx(alone.expected_profit, rel=1e-3)
            assert abs(grid.contacts[m, f] - alone.contacts) <= 2
    assert (np.diff(grid.profit, axis=1) < 0).all()  # dearer contacts earn less, in every column


def test_a_factor_multiplies_the_costs_that_conditions_set() -> None:
    conditions = {"costs": {"Mens": 0.2, "Womens": 0.3}}
    constraints, scenario = Constraints.from_dict(conditions), Scenario(margin=0.5, cost=0.1)
    offered = offers(scored(), constraints)
    margins, factors = np.array([0.5]), np.array([1.0, 2.0])
    grid = constrained_sensitivity(offered, scenario, constraints, margins, factors, factors=True)
    for factor, profit in zip(factors, grid.profit[0]):
        doubled = {"costs": {action: cost * factor for action, cost in conditions["costs"].items()}}
        alone = plan(offered, scenario, Constraints.from_dict(doubled))
        assert profit == pytest.approx(alone.expected_profit, rel=1e-3)


def test_a_negative_cost_is_refused() -> None:
    with pytest.raises(SettingError, match="costs 0 or more"):
        RankedReturn.of(np.ones(2), np.array([0.1, -0.1]))
