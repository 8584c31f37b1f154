"""Two scenarios side by side: the paired difference against brute force, the lists against sets, the URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
import pytest

from core.advice.alternatives import pair_rows, pair_words
from core.alternatives import Alternative, Overlap, Pair, both_of, both_to_query, opponent, side_by_side
from core.commands.example import ROLES
from core.commands.train import fit
from core.contact_plan import measured
from core.data import examples
from core.errors import SettingError
from core.policy.constraints import Constraints
from core.policy.contacts import chosen, contact_table
from core.scenario import Scenario
from core.settings import Settings
from core.uplift.evidence import Evidence
from core.workspace import Scored, Workspace

ROWS = 3000


@pytest.fixture(scope="module")
def scored(tmp_path_factory) -> Scored:
    """A simulated campaign scored by a small model."""
    workspace = Workspace(Settings(artifacts=tmp_path_factory.mktemp("artifacts")))
    frame, _ = examples.simulate(rows=ROWS, seed=5)
    data = workspace.data.add(frame, "Simulated", ROLES, simulated=True)
    fit(workspace.data.frame(data.id), ROLES, workspace.models_folder / "m", learner="t-rf")
    return workspace.scored(data.id, "m")


def alternative(scored: Scored, **settings: object) -> Alternative:
    """With conditions where `conditions` gives them."""
    conditions = settings.pop("conditions", None)
    scenario = Scenario(data=scored.data.id, model="m", **settings)
    limits = replace(Constraints.from_dict(conditions), topn=scenario.topn) if conditions else None
    return Alternative(scenario, limits)


def of(scored: Scored, first: dict[str, object], second: dict[str, object]) -> Pair:
    return side_by_side(scored, alternative(scored, **first), alternative(scored, **second))


def best(evidence: Evidence, contacts: int) -> np.ndarray:
    """The experiment's best customers, as large a share of them as `contacts` is of the audience."""
    who = np.zeros(evidence.customers, dtype=bool)
    who[np.argsort(-evidence.uplift[:, 0], kind="stable")[: contacts * evidence.customers // ROWS]] = True
    return who


def end_of_a_block(scored: Scored, share: float) -> int:
    """A number of contacts near `share` that parts no customers of equal scores."""
    assert scored.curve is not None
    return round(ROWS * float(scored.curve.share[np.abs(scored.curve.share - share).argmin()]))


def profit(evidence: Evidence, who: np.ndarray, margin: float, cost: float, w: np.ndarray) -> float:
    """From the definition: share · (mean contacted - mean control) among the chosen, margin, less cost."""
    treated, y = evidence.arm > 0, evidence.outcome
    t, c = w * (who & treated), w * (who & ~treated)
    return who.mean() * (margin * ((t @ y) / t.sum() - (c @ y) / c.sum()) - cost)


def spread(evidence: Evidence, gap: Callable[[np.ndarray], float]) -> float:
    """Standard deviation over 1,500 draws of the customers; gap: of how often each was drawn."""
    n, rng = evidence.customers, np.random.default_rng(0)
    return float(np.std([gap(np.bincount(rng.integers(0, n, n), minlength=n)) for _ in range(1500)]))


def test_the_measured_difference_is_paired(scored):
    """Oracle: the definition, and the bootstrap over customers."""
    evidence = scored.evidence()
    low, high = (end_of_a_block(scored, share) for share in (0.2, 0.7))
    pair = of(scored, {"topn": low, "margin": 0.3}, {"topn": high, "margin": 0.5, "cost": 0.2})
    a, b = best(evidence, low), best(evidence, high)

    def gap(w: np.ndarray) -> float:
        return ROWS * (profit(evidence, b, 0.5, 0.2, w) - profit(evidence, a, 0.3, 0.05, w))

    assert pair.gap is not None
    assert pair.gap.value == pytest.approx(gap(np.ones(evidence.customers)), rel=1e-9)
    assert pair.gap.se == pytest.approx(spread(evidence, gap), rel=0.1)


def test_a_plans_difference_is_paired_by_its_rule(scored):
    """Oracle as above: the share of the experiment that the plan takes of those who may be contacted."""
    evidence = scored.evidence()
    low = end_of_a_block(scored, 0.2)
    pair = of(scored, {"topn": low}, {"conditions": {"budget": 1e9, "holdout": 0.25}})
    assert pair.second.plan is not None and pair.second.plan.eligible == 0.75 * ROWS
    score, wanted = evidence.uplift[:, 0], pair.second.plan.reached / 0.75 / ROWS * evidence.customers
    border = np.sort(score)[::-1][int(np.ceil(wanted)) - 1]
    above, within = score > border, score >= border
    part = (wanted - above.sum()) / (within.sum() - above.sum())
    a = best(evidence, low)

    def gap(w: np.ndarray) -> float:
        planned = sum(
            weight * profit(evidence, who, 0.3, 0.05, w)
            for weight, who in ((part, within), (1 - part, above))
        )
        return ROWS * (0.75 * planned - profit(evidence, a, 0.3, 0.05, w))

    assert pair.gap is not None
    assert pair.gap.value == pytest.approx(gap(np.ones(evidence.customers)), rel=1e-9)
    assert pair.gap.se == pytest.approx(spread(evidence, gap), rel=0.1)


def test_the_same_customers_by_conditions_that_do_not_bind_are_the_same(scored):
    """A list and a plan of as many: no measured difference, and words that say so."""
    low = end_of_a_block(scored, 0.2) + 7
    pair = of(scored, {"topn": low}, {"topn": low, "conditions": {"budget": 1e6}})
    assert pair.overlap == Overlap(low, 0, 0, alike=True)
    first, second = pair.first.decision.measured, pair.second.decision.measured
    assert first is not None and second is not None and pair.gap is not None
    assert second.value == pytest.approx(first.value) and (pair.gap.value, pair.gap.se) == (0, 0)
    assert "the same customers and earn the same" in pair_words(pair).decision


def test_the_difference_to_everyone_is_the_profit_pages(scored):
    """Decision.measured_gap is chosen less everyone, paired by the gain curve's own formula."""
    pair = of(scored, {"topn": 900}, {"topn": ROWS})
    own = pair.first.decision.measured_gap
    assert pair.gap is not None and own is not None
    assert pair.gap.value == pytest.approx(-own.value)
    assert pair.gap.se == pytest.approx(own.se, rel=0.01)


def test_each_side_shows_what_its_own_page_shows_and_the_difference_is_theirs(scored):
    pair = of(scored, {"topn": 700}, {"topn": 1800, "margin": 0.4})
    one, other = pair.first.decision.measured, pair.second.decision.measured
    assert pair.gap is not None and one is not None and other is not None
    assert pair.gap.value == pytest.approx(other.value - one.value)
    claimed = pair.second.decision.predicted.profit - pair.first.decision.predicted.profit
    assert pair.predicted_gap == pytest.approx(claimed)


@pytest.mark.parametrize(
    "second",
    [
        {"topn": 1500},
        {"conditions": {"budget": 40, "holdout": 0.2}},
        {"conditions": {"quotas": [{"column": "zip_code", "value": "Rural", "min": 300}], "budget": 60}},
        {"margin": 0.0, "topn": 800},
    ],
)
def test_the_overlap_is_that_of_the_two_lists(scored, second):
    """Oracle: sets of ids, of the contact list and of the plan's table."""
    pair = of(scored, {"topn": 1000}, second)
    lists = []
    for side in (pair.first, pair.second):
        table = (
            side.plan.table()
            if side.plan
            else chosen(contact_table(scored.scores(), None, side.alternative.scenario))
        )
        lists.append(set(table["row_id"]))
    a, b = lists
    assert (pair.overlap.both, pair.overlap.only_first, pair.overlap.only_second) == (
        *(len(a & b), len(a - b), len(b - a)),
    )
    assert pair.second.decision.contacts == len(b)


def test_a_plans_measured_profit_is_that_of_the_policy_page(scored):
    """`contact_plan.measured` is per customer; it is carried over to who may be contacted."""
    side = of(scored, {}, {"conditions": {"budget": 60, "holdout": 0.5}}).second
    assert side.plan is not None
    plan, everyone, _ = measured(scored, side.plan)
    d = side.decision
    for shown, per_customer in ((d.measured, plan.ipw), (d.measured_everyone, everyone.ipw)):
        assert shown is not None and per_customer is not None
        assert (shown.value, shown.se) == pytest.approx((per_customer.value * 1500, per_customer.se * 1500))
    assert d.measured_gap is not None and d.measured is not None and d.measured_everyone is not None
    assert d.measured_gap.value == pytest.approx(d.measured.value - d.measured_everyone.value)


def test_both_scenarios_survive_the_url():
    limits = Constraints.from_dict({"budget": 500, "quotas": [{"column": "c", "value": "b & c", "min": 5}]})
    first = Alternative(Scenario(data="d", model="m", topn=7, name="Ünïted & co <b>"))
    second = Alternative(Scenario(data="d", model="m", margin=0.4, name="B=2"), limits)
    query = dict(parse_qsl(urlencode(both_to_query(first, second))))
    assert both_of(query) == (first, second, ())
    assert float(query["b_budget"]) == 500 and "b_data" not in query


def test_a_bad_value_of_the_second_falls_back_with_a_notice_that_names_it():
    first, second, notices = both_of({"data": "d", "b_margin": "lots", "b_budget": "-1", "margin": "0.4"})
    assert second is not None
    assert (first.scenario.margin, second.scenario.margin, second.conditions) == (0.4, 0.3, None)
    assert len(notices) == 2 and all("b_" in text for text in notices)


def test_the_first_opponent_is_another_scenario():
    first = Alternative(Scenario(data="d", model="m"))
    everyone = opponent(first, 100)
    assert everyone.scenario.topn == 100
    assert opponent(everyone, 100).scenario.topn is None


def test_words_say_which_earns_more_and_whether_the_data_can_tell(scored):
    same = of(scored, {"name": "x"}, {})
    assert "same scenario" in pair_words(same).decision
    wide = of(scored, {"topn": 1000}, {"topn": 1100})
    assert wide.gap is not None and not wide.gap.tells
    assert "cannot tell the two apart" in pair_words(wide).decision
    dear = of(scored, {"topn": ROWS}, {"topn": ROWS, "cost": 100.0})
    said = pair_words(dear)
    assert said.decision.startswith("A earns") and "can tell" in said.decision
    assert "the whole difference is what you assume" in said.certainty
    other = pair_words(of(scored, {"topn": 1000}, {"topn": 1500, "cost": 1.0}))
    assert "A and B assume different costs: part of the difference is that assumption" in other.certainty
    worth = of(scored, {"topn": 1000, "value": 80.0}, {"topn": 1500, "value": 20.0, "margin": 0.5})
    told = pair_words(replace(worth, binary=True)).certainty
    assert "different margins and worths of a response (€80.00 and €20.00): part" in told
    assert [cell[1] for cell in pair_rows(replace(worth, binary=True))[0][1:3]] == [
        "€0.05 a contact · €80.00 a response",
        "€0.05 a contact · €20.00 a response",
    ]
    assert pair_rows(dear)[1] == ("Contacts", ("3,000", ""), ("3,000", ""), ("0", ""))


def test_without_an_experiment_the_difference_is_called_a_claim(scored, monkeypatch):
    monkeypatch.setattr(Scored, "evidence", lambda self: None)
    pair = side_by_side(
        replace(scored, curve=None), alternative(scored), alternative(scored, topn=ROWS, cost=0.0)
    )
    said = pair_words(pair)
    assert pair.gap is None and "nothing was measured" in said.decision
    assert "No experiment" in said.certainty


def test_conditions_that_cannot_be_met_are_named(scored):
    quota = {"column": "zip_code", "value": "Rural", "min": ROWS}
    with pytest.raises(SettingError, match="at most"):
        of(scored, {}, {"conditions": {"quotas": [quota]}})


def test_segments_of_the_experiment_are_found_by_id(scored):
    """The minimum's price moves the choice of the experiment's customers too, so it is measured with them."""
    quota = {"column": "zip_code", "value": "Rural", "min": 380}
    frame = scored.workspace.data.frame(scored.data.id)
    assert 380 < (frame["zip_code"] == "Rural").sum() < 600
    pair = of(scored, {"topn": 900}, {"topn": 900, "conditions": {"quotas": [quota]}})
    plan = pair.second.plan
    assert plan is not None
    found = pd.Series(plan.table()["row_id"]).astype(int)
    assert (frame["zip_code"].iloc[found] == "Rural").sum() >= 380
    assert pair.second.value is not None
