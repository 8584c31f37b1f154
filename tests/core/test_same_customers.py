"""A plan with segments is measured only where an id names the same customer in the experiment."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.advice.policy_plans import plan_verdict
from core.commands.example import ROLES
from core.commands.train import fit
from core.contact_plan import measured, stored_plan
from core.data import examples
from core.plan_decision import plan_value
from core.policy.constraints import Constraints, Quota
from core.policy.plan import Plan
from core.scenario import Scenario
from core.settings import Settings
from core.uplift.same_customers import same_customers
from core.workspace import Scored, Workspace

SCENARIO = Scenario(margin=0.5, cost=0.05)
WEB = Constraints(quotas=(Quota("channel", "Web", min=700),))
PLAIN = Constraints(budget=20.0)


@pytest.fixture(scope="module")
def campaign() -> pd.DataFrame:
    return examples.simulate(rows=2000, seed=5)[0]


@pytest.fixture(scope="module")
def workspace(campaign: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two models of the same campaign, one of which knows its customers by id."""
    made = Workspace(Settings(artifacts=tmp_path_factory.mktemp("artifacts")))
    fit(campaign, ROLES, made.models_folder / "numbered", learner="t-ridge")
    fit(named(campaign), replace(ROLES, id="who"), made.models_folder / "named", learner="t-ridge")
    return made


def named(campaign: pd.DataFrame) -> pd.DataFrame:
    return campaign.assign(who=[f"c{n:05d}" for n in range(len(campaign))])


def scored(workspace: Workspace, frame: pd.DataFrame, model: str) -> Scored:
    return workspace.scored(workspace.data.add(frame, "Audience").id, model)


def said(audience: Scored, conditions: Constraints) -> tuple[Plan, str]:
    found = stored_plan(audience, SCENARIO, conditions)
    verdict = plan_verdict(found, measured(audience, found), unmeasured="")
    return found, verdict.certainty


def test_the_experiments_own_file_is_measured_and_a_shuffled_one_without_ids_is_not(
    workspace: Workspace, campaign: pd.DataFrame
) -> None:
    own = scored(workspace, campaign, "numbered")
    shuffled = scored(workspace, campaign.sample(frac=1.0, random_state=1), "numbered")
    assert own.same_customers() and not shuffled.same_customers()
    for audience, known in ((own, True), (shuffled, False)):
        found, words = said(audience, WEB)
        assert ("nothing says in which segment" not in words) == known
        value = plan_value(found, audience.evidence(), audience.same_customers)
        assert (value.measured is not None) == known
    # a condition without a segment needs no one's segment
    assert measured(shuffled, stored_plan(shuffled, SCENARIO, PLAIN))


def test_with_ids_the_order_of_the_file_does_not_matter(workspace: Workspace, campaign: pd.DataFrame) -> None:
    own = scored(workspace, named(campaign), "named")
    shuffled = scored(workspace, named(campaign).sample(frac=1.0, random_state=1), "named")
    values = [measured(one, stored_plan(one, SCENARIO, WEB)) for one in (own, shuffled)]
    assert values[0] == values[1] and values[0][0].ipw is not None


def test_new_customers_and_another_id_column_are_others(workspace: Workspace, campaign: pd.DataFrame) -> None:
    meta = workspace.meta("numbered")
    assert same_customers(campaign, None, meta)
    assert not same_customers(campaign.drop(columns="spend"), None, meta)
    assert not same_customers(campaign.head(1999), None, meta)
    assert not same_customers(named(campaign), "who", meta)  # its rows were numbered in training
    assert same_customers(named(campaign).head(5), None, workspace.meta("named"))
