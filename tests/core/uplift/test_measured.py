"""What is kept of an experiment gives the answers that its rows give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_evidence import evidence

from core.commands.example import ROLES
from core.commands.train import fit
from core.data.simulate import simulate
from core.settings import Settings
from core.uplift.deciles import deciles
from core.uplift.measured import Measured
from core.uplift.verdict import verdict
from core.workspace import Workspace

ECONOMICS = [(0.3, 0.05, 1.0), (0.5, 0.4, 1.0), (1.0, 0.0, 2.0), (0.0, 0.1, 1.0), (0.01, 9.0, 1.0)]


@pytest.mark.parametrize(("margin", "cost", "value"), ECONOMICS)
@pytest.mark.parametrize("arms", [1, 2])
def test_the_claim_is_the_sum_over_the_customers_that_pay(margin, cost, value, arms):
    """Against adding up the evidence row by row, and against the verdict of the rows themselves."""
    e = evidence(500, 3, levels=20, contact_arms=arms)
    found = Measured.of(e).verdict(margin, cost, value)
    profit = e.uplift.max(axis=1) * margin * value - cost
    assert found.claim.contacts == (profit > 0).sum()
    assert found.claim.predicted == pytest.approx(profit[profit > 0].sum())
    assert found.claim.predicted_everyone == pytest.approx(profit.sum())
    assert found == verdict(e, margin, cost, value)


def test_what_is_kept_with_the_scores_says_what_the_rows_say(tmp_path: Path):
    workspace = Workspace(Settings(artifacts=tmp_path))
    frame, _ = simulate(rows=3000, seed=5)
    data = workspace.data.add(frame, "small", ROLES)
    fit(frame, ROLES, workspace.models_folder / "m", learner="t-ridge")
    for scored in (workspace.scored(data.id, "m"), workspace.scored(data.id, "m")):  # made, then found
        rows, kept = scored.evidence(), scored.measured()
        assert rows is not None and kept is not None
        for economics in ECONOMICS:
            assert kept.verdict(*economics) == verdict(rows, *economics)
        pd.testing.assert_frame_equal(kept.deciles, deciles(rows))
        np.testing.assert_array_equal(kept.curve.gain, Measured.of(rows).curve.gain)
