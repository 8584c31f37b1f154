"""A small campaign with two arms and awkward columns, scored and kept, for the tests of its contact list."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.commands.train import fit
from core.data import examples
from core.data.schema import Roles
from core.settings import Settings
from core.workspace import Scored, Workspace

ROLES = Roles(
    treatment="segment",
    control="No E-Mail",
    outcome="spend",
    id="customer",
    arms=("Mens E-Mail", "Womens E-Mail"),
    features=("recency", "history", "zip_code"),
)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Settings(artifacts=tmp_path_factory.mktemp("artifacts")))


@pytest.fixture(scope="session")
def scored(workspace: Workspace) -> Scored:
    """1,500 customers whose scores have ties, with missing cells, dates, flags, and texts of every kind."""
    frame, _ = examples.simulate(rows=1500, seed=11)
    rng = np.random.default_rng(5)
    missing = rng.random(len(frame)) < 0.2
    # An effect that no one needs to guess at: each arm has its own customers, some lose by a contact.
    effect = np.select(
        [frame["segment"] == "Mens E-Mail", frame["segment"] == "Womens E-Mail"],
        [1.5 - 0.3 * frame["recency"], np.where(frame["zip_code"] == "Rural", 2.0, -0.5)],
        0.0,
    )
    frame = frame.assign(
        spend=np.maximum(rng.gamma(40.0, 0.1, len(frame)) + effect, 0.0),
        customer=[f"{i:05d}" for i in rng.permutation(len(frame))],
        recency=frame["recency"] // 4,
        history=frame["history"].round(-2),
        note=pd.Series(
            rng.choice(["=1+1", "Äpfel", "äpfel, rot", ' a "b"', "x"], len(frame)), dtype="str"
        ).mask(missing),
        joined=pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 90, len(frame)), unit="D"),
        vip=pd.Series(np.where(missing, None, rng.random(len(frame)) < 0.5), dtype=object),
        visits=pd.Series(rng.integers(0, 9, len(frame)), dtype="Int64").mask(missing),
        account=2**60 + rng.permutation(len(frame)),
        amount=pd.Series([f"{x:.1f}" for x in rng.gamma(2, 300, len(frame))], dtype="str").mask(missing),
        rank="mine",
    )
    data = workspace.data.add(frame, "Awkward", ROLES)
    fit(workspace.data.frame(data.id), ROLES, workspace.models_folder / "two-arms", learner="t-ridge")
    return workspace.scored(data.id, "two-arms")
