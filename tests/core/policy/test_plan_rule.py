"""What a plan would do with the customers of the experiment: its shares, its conditions, its ties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_experiments import TERMS, campaign
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, kron, vstack

from core.estimate import Estimate
from core.policy.constraints import Constraints
from core.policy.formulation import segment_groups
from core.policy.offers import offers
from core.policy.plan import plan
from core.policy.rule import best_first, contacted_share, known_rule, known_segments, rule
from core.policy.terms import Terms
from core.policy.value import compare, given_choice
from core.scenario import Scenario
from core.uplift.contrast import contrast
from core.uplift.evidence import Evidence
from core.uplift.influence import share_gain


def test_a_plans_rule_chooses_whom_the_plan_contacts() -> None:
    """The audience is the experiment itself: the rule chooses whom the plan contacts, but for a tied few."""
    evidence, _ = campaign(np.random.default_rng(3), 2_000)
    city = pd.Series(np.where(np.arange(2_000) % 3 == 0, "Ghent", "Bruges"), dtype="str")
    frame = pd.DataFrame(
        {
            "row_id": evidence.ids,
            "uplift_hat[A]": evidence.uplift[:, 0],
            "uplift_hat[B]": evidence.uplift[:, 1],
            "city": city,
        }
    )
    constraints = Constraints.from_dict(
        {
            "budget": 60,
            "costs": {"A": 0.2, "B": 0.1},
            "quotas": [{"column": "city", "value": "Ghent", "min": 220}],
        }
    )
    found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
    terms = Terms.of(found, evidence)
    assert terms.worth.tolist() == [0.5, 0.5]
    assert terms.cost.tolist() == pytest.approx([0.2, 0.1])
    choice = rule(found, evidence, {"city": city}).choice
    planned = np.zeros(2_000, dtype=np.int64)
    for row in found.table().itertuples():
        planned[int(row.row_id)] = 1 if row.action == "A" else 2
    assert (choice != planned).sum() <= 3
    elsewhere = rule(found, evidence, {"city": city.map({"Ghent": "Bruges", "Bruges": "Ghent"})}).choice
    assert (elsewhere != planned).sum() > 3  # the minimum's price is for Ghent alone
    assert segment_groups(found.formulation, {"city": city}, 2_000).max() == 1
    share = float((choice > 0).mean())
    assert contacted_share(best_first(evidence, terms, share)) == pytest.approx(share)


def tied_plan(rng: np.random.Generator, **costs: np.ndarray) -> tuple[Evidence, object]:
    """600 contacts of 2,000: 100 of uplift 2, 1,100 of uplift 1 whom the limit parts, 800 of uplift 0."""
    size = 2_000
    uplift = np.repeat([2.0, 1.0, 0.0], [100, 1_100, 800])
    arm = rng.integers(0, 2, size).astype(np.int8)
    outcome = rng.normal(3.0, 1.0, size) + arm * uplift
    ids = pd.Series(np.arange(size).astype(str), dtype="str")
    level = np.full(size, 3.0)
    evidence = Evidence(
        ids, arm, outcome, uplift[:, None], (level + uplift)[:, None], level, ("no", "yes"), (0.5, 0.5)
    )
    frame = pd.DataFrame({"row_id": ids, "uplift_hat": uplift, **costs})
    constraints = Constraints.from_dict({"topn": 600})
    return evidence, plan(offers(frame, constraints), Scenario(margin=0.3, cost=0.05), constraints)


def test_customers_whom_a_limit_parts_count_by_the_share_of_them_that_is_contacted() -> None:
    """By hand: 100 of uplift 2 and 500 of 1 earn 0.3 · (200 + 500) - 600 · 0.05 = 180, ÷ 2,000 customers."""
    values, rules = [], []
    for seed in range(40):
        evidence, found = tied_plan(np.random.default_rng(seed))
        rules.append(rule(found, evidence, {}))
        (value,) = compare(evidence, Terms.of(found, evidence), {"plan": rules[-1]})
        assert value.share == pytest.approx(0.3)
        assert value.predicted == pytest.approx(0.09)
        values.append(value.ipw.value)
    assert {r.share for r in rules} == {500 / 1_100}
    assert np.mean(values) == pytest.approx(0.09, abs=3 * np.std(values, ddof=1) / np.sqrt(40))


def test_a_plan_with_a_cost_of_each_customer_is_not_said_to_be_measured() -> None:
    rng = np.random.default_rng(1)
    assert tied_plan(rng)[1].measurable
    assert not tied_plan(rng, cost=np.tile([0.05, 0.20], 1_000))[1].measurable


def test_segments_are_known_only_where_an_id_names_the_same_customer() -> None:
    """Row numbers of a shuffled file find rows too, of other customers: then nothing is said to be known."""
    evidence, _ = campaign(np.random.default_rng(3), 400)
    city = pd.Series(np.where(np.arange(400) % 3 == 0, "Ghent", "Bruges"), dtype="str")
    frame = pd.DataFrame({"row_id": evidence.ids, "uplift_hat": evidence.uplift[:, 0], "city": city})
    constraints = Constraints.from_dict({"quotas": [{"column": "city", "value": "Ghent", "min": 20}]})
    found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
    known = known_segments(found, evidence, lambda: True)
    assert known is not None and known["city"].equals(city)
    assert known_segments(found, evidence, lambda: False) is None
    plain = plan(
        offers(frame, Constraints(budget=5.0)), Scenario(margin=0.5, cost=0.1), Constraints(budget=5.0)
    )
    assert known_segments(plain, evidence, lambda: False) == {}  # nothing needs to be known


def test_a_plan_into_which_nothing_fits_is_the_rule_of_contacting_no_one() -> None:
    """The budget is below the cheapest contact: its price alone would let contacts through."""
    evidence, _ = campaign(np.random.default_rng(3), 400)
    frame = pd.DataFrame({"row_id": evidence.ids, "uplift_hat[A]": 1.0, "uplift_hat[B]": 0.5})
    constraints = Constraints(budget=0.05)
    found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
    assert found.contacts == 0 and found.paying == 400
    (value,) = compare(evidence, TERMS, {"plan": rule(found, evidence, {})})
    assert value.share == 0 and value.ipw is not None and value.ipw.value == 0


def on_another_scale(evidence: Evidence) -> pd.DataFrame:
    """The experiment's customers as an audience that another model scored: the same order, other numbers."""
    scores = {f"uplift_hat[{arm}]": 3.0 * evidence.uplift[:, k] + 0.2 for k, arm in enumerate("AB")}
    return pd.DataFrame({"row_id": evidence.ids, **scores})


def one_arm(evidence: Evidence) -> Evidence:
    """The customers of A and of no contact, some of whom stand level."""
    here = np.flatnonzero(evidence.arm < 2)
    uplift, y0 = evidence.uplift[here, :1].round(1), evidence.y0[here]
    ids = evidence.ids.iloc[here].reset_index(drop=True)
    both = evidence.arm[here], evidence.outcome[here]
    return Evidence(ids, *both, uplift, y0[:, None] + uplift, y0, ("No", "A"), (8 / 15, 7 / 15))


@pytest.mark.parametrize("asked", [{"topn": 180}, {"budget": 18.0}, {"topn": 180, "budget": 90.0}, {}])
def test_a_plan_is_measured_as_the_plain_list_of_the_same_customers(asked) -> None:
    """Whatever the scale of the scores: oracle, the gain curve by which a list is measured."""
    evidence = one_arm(campaign(np.random.default_rng(8), 2_000)[0])
    frame = pd.DataFrame({"row_id": evidence.ids, "uplift_hat": 3.0 * evidence.uplift[:, 0] + 0.2})
    constraints = Constraints.from_dict(asked)
    found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
    assert (found.contacts == 180) or not asked
    terms = Terms.of(found, evidence)
    share = found.contacts / evidence.customers
    listed = share_gain(contrast(evidence), share, evidence.customers).times(0.5, -0.1 * share)
    given = given_choice(evidence, terms, rule(found, evidence, {}))
    assert given is not None
    assert given.value == pytest.approx(listed.value, rel=1e-12)
    assert (given - listed).estimate().se < 1e-12
    plans, simple = compare(
        evidence, terms, {"plan": rule(found, evidence, {}), "simple": best_first(evidence, terms, share)}
    )
    assert simple.gap_ipw == Estimate.normal(0.0, 0.0) and plans.share == pytest.approx(share)


def test_conditions_hold_on_the_experiment_as_shares() -> None:
    """A capacity, a maximum of a segment, and a budget of unequal costs; scores on two scales."""
    evidence, _ = campaign(np.random.default_rng(4), 3_000)
    city = pd.Series(np.where(np.arange(3_000) % 4 == 0, "Ghent", "Bruges"), dtype="str")
    frame = on_another_scale(evidence).assign(city=city)
    constraints = Constraints.from_dict(
        {
            "budget": 240,
            "costs": {"A": 0.2, "B": 0.1},
            "capacity": {"A": 300},
            "quotas": [{"column": "city", "value": "Ghent", "max": 300}],
        }
    )
    found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
    assert [use.binding for use in found.limits].count(True) == 3
    made = rule(found, evidence, {"city": city})
    choice = made.with_border
    assert np.count_nonzero(choice) == pytest.approx(found.contacts, abs=2)
    assert np.count_nonzero(choice == 1) <= 302
    assert np.count_nonzero(choice[city == "Ghent"]) <= 302
    assert 0.2 * np.count_nonzero(choice == 1) + 0.1 * np.count_nonzero(choice == 2) <= 240.5
    profit = evidence.uplift * 0.5 - [0.2, 0.1]
    taken = profit[np.flatnonzero(choice), choice[choice > 0] - 1].sum()
    n, both = evidence.customers, 2 * evidence.customers
    a, ghent = np.arange(both) % 2 == 0, np.repeat((city == "Ghent").to_numpy(), 2)
    kept = np.vstack((a, ghent, np.where(a, 0.2, 0.1))).astype(float)
    best = linprog(
        -profit.ravel(),
        A_ub=vstack((kron(eye_array(n), np.ones((1, 2))), csr_array(kept))),
        b_ub=np.concatenate((np.ones(n), [300, 300, 240])),
        A_eq=np.ones((1, both)),
        b_eq=[found.contacts],
        bounds=(0, 1),
    )
    assert taken == pytest.approx(-best.fun, rel=2e-3)  # oracle: HiGHS, all customers at once


def test_whom_a_file_names_first_does_not_matter() -> None:
    """Scores that tell no one from another, customers sorted by outcome: oracle, any other order."""
    evidence = one_arm(campaign(np.random.default_rng(6), 1_500)[0])
    level = replace(evidence, uplift=np.ones_like(evidence.uplift))
    by_outcome = level.at(np.argsort(level.outcome))
    terms = Terms(np.array([0.5]), np.array([0.1]))
    one, other = (compare(e, terms, {"best": best_first(e, terms, 0.3)})[0].ipw for e in (level, by_outcome))
    assert one is not None and other is not None
    assert (one.value, one.se) == pytest.approx((other.value, other.se), rel=1e-12)


def test_equal_offers_of_two_arms_are_told_apart_by_id_in_every_order() -> None:
    """Two kinds of customers only, and a capacity that parts one kind."""
    evidence, _ = campaign(np.random.default_rng(7), 2_000)
    kind = (np.arange(2_000) % 2).astype(float)
    evidence = replace(evidence, uplift=np.column_stack((1.0 + kind, 0.8 + kind)))
    constraints = Constraints.from_dict({"capacity": {"A": 400}})
    found = plan(offers(on_another_scale(evidence), constraints), Scenario(margin=0.5, cost=0.1), constraints)
    made = rule(found, evidence, {}).with_border
    assert np.count_nonzero(made == 1) == pytest.approx(400, abs=1) and (made > 0).all()
    order = np.random.default_rng(1).permutation(2_000)
    again = rule(found, evidence.at(order), {}).with_border
    assert (again != made[order]).sum() <= 2


def test_what_no_row_of_the_experiment_says_is_not_said_to_be_measured() -> None:
    """How unsure each uplift is."""
    evidence, _ = campaign(np.random.default_rng(3), 400)
    frame = on_another_scale(evidence).assign(**{"uplift_se[A]": 0.1, "uplift_se[B]": 0.3})
    for risk, told in ((0.0, True), (1.0, False)):
        constraints = Constraints.from_dict({"risk_aversion": risk, "topn": 50})
        found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1), constraints)
        assert (known_rule(found, evidence, lambda: True) is not None) is told


def test_a_campaign_in_another_currency_has_the_same_rule() -> None:
    """All money a million times as much, and a budget that hardly binds: its price has no currency."""
    evidence, _ = campaign(np.random.default_rng(4), 1_500)
    rules = []
    for times in (1.0, 1e6):
        more = replace(evidence, uplift=evidence.uplift * times)
        scores = {f"uplift_hat[{arm}]": more.uplift[:, k] for k, arm in enumerate("AB")}
        constraints = Constraints.from_dict(
            {"budget": 170 * times, "costs": {"A": 0.2 * times, "B": 0.1 * times}}
        )
        frame = pd.DataFrame({"row_id": evidence.ids, **scores})
        found = plan(offers(frame, constraints), Scenario(margin=0.5, cost=0.1 * times), constraints)
        assert found.limits[0].binding
        rules.append(rule(found, more, {}).with_border)
    assert (rules[0] != rules[1]).sum() <= 1  # a budget parts one contact more or less
    both = np.array([0.2, 0.1])[rules[0][rules[0] > 0] - 1]
    assert both.sum() <= 170.2
