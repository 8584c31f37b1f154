"""What is said where a campaign changed nothing, or where contacting costs more than it brings."""

from __future__ import annotations

import numpy as np
import pytest
from reader import Reader
from servers import Server

from core.commands.example import ROLES
from core.commands.train import fit
from core.data import examples


@pytest.fixture(scope="module")
def flat(server: Server) -> str:
    """A campaign in which the contact changed nothing: its outcomes are dealt out anew, by chance."""
    frame, _ = examples.simulate(rows=4000, seed=3)
    kept = [c for c in frame.columns if c not in ("visit", "conversion")]
    frame = frame[kept].assign(spend=np.random.default_rng(1).permutation(frame["spend"].to_numpy()))
    workspace = server.workspace
    data = workspace.data.add(frame, "Flat campaign", ROLES)
    fit(workspace.data.frame(data.id), ROLES, workspace.models_folder / "flat", learner="t-rf")
    return f"data={data.id}&model=flat"


def test_a_model_no_better_than_random_is_said_to_be_so(reader: Reader, flat: str) -> None:
    reader.open(f"/uplift?{flat}")
    said = reader.words("#answer")
    assert "Not enough evidence" in said
    assert "on this data the ranking is no better than random" in said
    assert "cannot be told from a random one" in reader.words("#qini-chart-finding")
    assert reader.words("#decision .tone") in ("Not certain", "Stop")
    assert "cannot tell" in reader.words("#decision .certainty")


def test_contact_no_one_is_advised_in_words_where_no_contact_pays(reader: Reader, flat: str) -> None:
    reader.open(f"/profit?{flat}&cost=90")
    assert reader.decision.startswith("Contact no one: by the model no customer brings in more than the €90")
    assert "No contact pays by the model" in reader.words("#profit-chart-finding")
    reader.open(f"/sensitivity?{flat}&cost=90")
    assert "No one is contacted" in reader.words("#sensitivity-chart-finding")
    reader.open(f"/contacts?{flat}&cost=90")
    assert "no one" in reader.words("#content").lower()
