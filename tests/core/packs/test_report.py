"""What the tables of the report hold, and that its proof of parity would notice a difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data import examples
from core.data.readers import csv_bytes
from core.data.schema import Roles
from core.packs.parity import parity
from core.packs.report import held_out_scores, long_grid, policy_curve
from core.uplift.experiment import experiment
from core.uplift.model import Model
from core.uplift.training import train

ROLES = Roles(treatment="segment", control="No E-Mail", outcome="spend")


@pytest.fixture(scope="module")
def campaign() -> pd.DataFrame:
    return examples.simulate(rows=4000, seed=3)[0].astype("str")


@pytest.fixture(scope="module")
def model(campaign) -> Model:
    return train(experiment(campaign, ROLES), "t-rf")


def door(model: Model, *, off: float = 0.0, reverse: bool = False):
    """A door that answers from the held-out scores themselves, or not quite."""

    def answer(audience, contacts: int) -> bytes:
        uplift = model.evidence.uplift[:, 0]
        position = model.evidence.ids.astype(int).argsort().to_numpy()  # file order
        table = pd.DataFrame({"row_id": np.arange(contacts).astype(str), "uplift_hat": uplift[position]})
        table["uplift_hat"] += off * (table.index == 0)
        ranked = table.sort_values(["uplift_hat"], ascending=reverse, kind="stable")
        return b"".join(csv_bytes(ranked))

    return answer


def test_parity_is_whole_where_the_doors_agree(campaign, model):
    found = parity(campaign, model, door(model), door(model), door(model))
    assert found.contact_list_bytes_equal
    assert found.command_line == found.http == found.app
    assert (found.http.rows, found.http.correlation) == (1000, 1.0)
    assert (found.http.top_overlap, found.http.max_abs_difference) == (1.0, 0.0)


def test_parity_notices_one_score_that_differs(campaign, model):
    found = parity(campaign, model, door(model), door(model), door(model, off=1e-3))
    assert found.command_line.max_abs_difference == 0.0
    assert found.http.max_abs_difference == 0.0
    assert found.app.max_abs_difference == pytest.approx(1e-3)
    assert not found.contact_list_bytes_equal


def test_parity_notices_another_order(campaign, model):
    found = parity(campaign, model, door(model), door(model, reverse=True), door(model))
    assert not found.contact_list_bytes_equal


def test_held_out_scores_are_the_evidence_row_by_row(model):
    table = held_out_scores(model.evidence)
    assert list(table.columns) == ["row_id", "uplift_hat", "y1_hat", "y0_hat", "arm", "treated", "outcome"]
    np.testing.assert_array_equal(table["uplift_hat"], model.evidence.uplift[:, 0])
    assert ((table["arm"] != "No E-Mail") == (table["treated"] == 1)).all()


def test_the_policy_curve_is_the_decisions_at_its_contacts(pack_of):
    pack = pack_of()
    table = policy_curve(pack)
    row = table.iloc[(table["contacts"] - pack.decision.contacts).abs().argmin()]
    assert row["profit"] == pytest.approx(pack.decision.predicted.profit, rel=1e-3)
    assert row["measured_profit"] == pytest.approx(pack.decision.measured.value, rel=0.02)
    assert (table["measured_lo"] <= table["measured_profit"]).all()
    np.testing.assert_allclose(
        table["profit"], pack.scenario.margin * table["revenue"] - table["cost"], atol=1e-9
    )


def test_the_long_grid_is_the_grid_cell_by_cell(pack_of):
    grid = pack_of().grid
    table = long_grid(grid)
    wide = table.pivot(index="margin", columns="cost", values="profit").to_numpy()
    np.testing.assert_array_equal(wide, grid.profit)
    assert len(table) == grid.share.size
