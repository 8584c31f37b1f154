"""Values joined to a stored campaign: a copy with the columns, and nothing to learn from by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from core.clv.analysis import ClvSettings
from core.clv.command import run_clv
from core.clv.joining import join_values, likely_id, own_ids
from core.clv.results import CUSTOMERS, REPORT, Result, load, results_folder
from core.commands.pack import pack
from core.commands.train import fit
from core.data import cdnow, examples
from core.data.schema import Roles
from core.data.store import DataSet
from core.data.writers import write_table
from core.errors import DataError
from core.progress import silent
from core.scenario import Scenario
from core.settings import Settings
from core.workspace import Workspace

ROLES = Roles("segment", "No E-Mail", "spend", id="number")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Settings(artifacts=tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="module")
def kept(workspace: Workspace) -> Result:
    """CDNOW's values until 1997-09-30."""
    source = workspace.settings.artifacts / "cdnow.csv"
    write_table(cdnow.transactions(), source)
    folder = results_folder(workspace.settings) / ("a" * 32)
    settings = ClvSettings(observation_end=date(1997, 9, 30))
    run_clv(source, folder / CUSTOMERS, settings, report=folder / REPORT)
    return load(workspace.settings, "a" * 32)


@pytest.fixture(scope="module")
def campaign(workspace: Workspace, kept: Result) -> DataSet:
    """2,000 customers of whom 1,900 are CDNOW's; `number` is their id, as the orders write it."""
    frame, _ = examples.simulate(rows=2000, seed=5)
    known = np.random.default_rng(2).permutation(kept.customers()["customer_id"].to_numpy())[:1900]
    frame.insert(1, "number", pd.Series([*known, *(f"n{i}" for i in range(100))], dtype="str"))
    return workspace.data.add(frame, "Spring.csv", ROLES)


def test_the_id_is_the_column_whose_cells_are_customers(
    workspace: Workspace, kept: Result, campaign: DataSet
) -> None:
    frame = workspace.data.frame(campaign.id)
    assert likely_id(campaign, frame, kept) == "number"


def test_a_campaign_without_ids_is_matched_with_no_one(workspace: Workspace, kept: Result) -> None:
    """CDNOW's ids 1, 2, 3 … are also what Hillstrom's rows would be numbered, and its months of recency."""
    frame, _ = examples.simulate(rows=2000, seed=5)
    data = workspace.data.add(frame, "Numbered.csv", replace(ROLES, id=None))
    assert likely_id(data, frame, kept) is None
    with pytest.raises(DataError) as refused:
        join_values(workspace.data, kept, data.id, id_column="recency", use="report")
    repeated = len(frame) - frame["recency"].nunique()
    assert f"{repeated:,} problems" in str(refused.value) and repeated > 1000
    assert sum(problem.rows for problem in refused.value.problems) == repeated
    fixes = " ".join(problem.fix for problem in refused.value.problems)
    assert "choose the column that holds the customers' ids" in fixes and "no id column" not in fixes


def test_value_stands_against_uplift_only_where_the_campaign_has_ids_of_its_own(
    workspace: Workspace, kept: Result, campaign: DataSet
) -> None:
    """By an id of the data set, here the one that values were joined by; never by the number of a row."""
    frame = workspace.data.frame(campaign.id)
    apart = replace(ROLES, id=None, drop=("number",))
    data = workspace.data.add(frame.assign(note=""), "Without ids.csv", apart)
    fit(workspace.data.frame(data.id), apart, workspace.models_folder / "numbered", learner="t-ridge")
    assert own_ids(workspace.scored(data.id, "numbered")) is None
    joined = join_values(workspace.data, kept, data.id, id_column="number", use="report").data
    assert joined.roles is not None and joined.roles.id == "number"
    assert own_ids(workspace.scored(joined.id, "numbered")).tolist() == frame["number"].tolist()


def test_a_weight_is_a_column_of_a_copy_and_never_a_feature(
    workspace: Workspace, kept: Result, campaign: DataSet
) -> None:
    found = join_values(workspace.data, kept, campaign.id, id_column="number", use="weight")
    assert found.data.id != campaign.id and "weighed by value" in found.data.name
    assert (found.merged.matched, found.merged.without_value) == (1900, 100)
    assert "w" not in workspace.data.get(campaign.id).columns
    frame = workspace.data.frame(found.data.id)
    weight = frame["w"].to_numpy(float)
    assert weight[:1900].mean() == pytest.approx(1.0) and (weight[1900:] == 1.0).all()
    roles = found.data.roles
    assert roles is not None and {"w", "clv", "p_alive", "value_tier"} <= set(roles.drop)
    assert roles.treatment == "segment" and roles.id == "number"


def test_features_are_learnt_from_unless_they_know_of_the_campaign(
    workspace: Workspace, kept: Result, campaign: DataSet
) -> None:
    with pytest.raises(DataError, match="leak"):
        join_values(
            workspace.data, kept, campaign.id,
            id_column="number", use="feature", treated_on=date(1997, 9, 29),
        )  # fmt: skip
    found = join_values(
        workspace.data, kept, campaign.id,
        id_column="number", use="feature", treated_on=date(1997, 9, 30),
    )  # fmt: skip
    assert found.data.roles is not None and found.data.roles.drop == ()
    _, model = fit(
        workspace.data.frame(found.data.id), found.data.roles, workspace.models_folder / "valued",
        learner="t-rf",
    )  # fmt: skip
    assert {"clv", "p_alive"} <= set(model.meta.feature_cols)


def test_a_file_whose_roles_are_not_known_keeps_the_values_apart_too(
    workspace: Workspace, kept: Result, campaign: DataSet
) -> None:
    plain = workspace.data.frame(campaign.id).rename(columns={"segment": "group_of_mail"})
    data = workspace.data.add(plain, "unknown.csv")
    found = join_values(workspace.data, kept, data.id, id_column="number", use="report")
    assert found.data.roles is not None and "clv" in found.data.roles.drop


def test_the_pack_of_valued_customers_sets_value_against_uplift(
    workspace: Workspace, kept: Result, campaign: DataSet, tmp_path: Path
) -> None:
    """The same counts as the page, which joins by id; here the columns come with the audience."""
    model = workspace.models_folder / "plain"
    fit(workspace.data.frame(campaign.id), ROLES, model, learner="t-rf")
    found = join_values(workspace.data, kept, campaign.id, id_column="number", use="report")
    pack(
        workspace.data.path(found.data.id), tmp_path, model, Scenario(), id_column=None, progress=silent
    )  # fmt: skip
    (path,) = tmp_path.glob("*.xlsx")
    rows = list(openpyxl.load_workbook(path)["Value tiers"].iter_rows(values_only=True))
    counts = np.array([row[1:11] for row in rows[3:13]], dtype=int)
    assert counts.sum() == 1900
    tiers = pd.Series(workspace.data.frame(found.data.id)["value_tier"]).dropna()
    expected = tiers.astype(int).value_counts().reindex(range(1, 11), fill_value=0)
    assert counts.sum(axis=1).tolist() == expected.tolist()
