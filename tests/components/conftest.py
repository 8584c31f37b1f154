"""A small scored campaign and a small analysis of orders in one installation, made once for all trees."""

from __future__ import annotations

import pytest

from core.clv.analysis import ClvSettings
from core.clv.command import run_clv
from core.clv.results import CUSTOMERS, REPORT, Result, load, results_folder
from core.commands.example import ROLES
from core.commands.train import fit
from core.data import cdnow, examples
from core.settings import Settings
from core.workspace import Workspace

ID = "0123456789abcdef0123456789abcdef"
"""The id of the customer values."""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Settings(artifacts=tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="session")
def clv_found(workspace: Workspace) -> Result:
    """Customer values of CDNOW's sample, checked on days held out."""
    folder = results_folder(workspace.settings) / ID
    source = workspace.settings.artifacts / "cdnow.parquet"
    frame = cdnow.transactions()
    frame["customer_id"] = frame["customer_id"].astype("str")
    frame.to_parquet(source)
    run_clv(source, folder / CUSTOMERS, ClvSettings(), report=folder / REPORT)
    return load(workspace.settings, ID)


@pytest.fixture(scope="session")
def campaign(workspace: Workspace) -> dict[str, str]:
    """The query of a simulated campaign with an effect strong enough to rank by."""
    frame, _ = examples.simulate(rows=4000, seed=3)
    contacted = (frame["segment"] != "No E-Mail") & (frame["recency"] < 6)
    frame["spend"] = frame["spend"] + contacted * (9 - frame["recency"])
    frame = frame.drop(columns=["visit", "conversion"])  # they know nothing of what was added
    data = workspace.data.add(frame, "Small", ROLES, simulated=True)
    fit(workspace.data.frame(data.id), ROLES, workspace.models_folder / "small", learner="t-ridge")
    return {"data": data.id, "model": "small", "margin": "0.5", "cost": "0.2"}
