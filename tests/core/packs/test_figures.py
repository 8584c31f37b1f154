"""The figures are drawn without a display, whatever the decision."""

from __future__ import annotations

import sys
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest

from core.grid_axes import grid_axes
from core.packs import figures
from core.policy.economics import RankedUplift, sensitivity
from core.scenario import Scenario

CASES = {
    "usual": {},
    "fixed number": {"scenario": Scenario(topn=300)},
    "no one": {"scenario": Scenario(cost=1000.0)},
    "everyone": {"scenario": Scenario(cost=0.0, topn=2000)},
    "free": {"scenario": Scenario(cost=0.0)},
    "worthless": {"scenario": Scenario(margin=0.0)},
    "no experiment": {"measured": False},
}


@pytest.mark.parametrize("case", CASES)
def test_both_figures_are_drawn(pack_of, tmp_path, case):
    pack = pack_of(**CASES[case])
    for draw in (figures.campaign_economics, figures.policy_sensitivity_heatmap):
        path = tmp_path / f"{draw.__name__}.png"
        draw(pack, path)
        picture = matplotlib.image.imread(path)
        assert picture.shape[0] > 900 and picture.shape[1] > 1500
        assert 0.02 < (picture[..., :3].min(axis=2) < 0.9).mean() < 0.9  # neither blank nor flooded


def test_drawing_leaves_no_global_state(pack_of, tmp_path):
    """pyplot keeps every figure it makes; it is not even imported."""
    figures.campaign_economics(pack_of(), tmp_path / "a.png")
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_an_audience_of_equal_scores_can_be_drawn(pack_of, tmp_path):
    pack = pack_of()
    flat = RankedUplift.of(np.full(2000, 1.0))
    grid = sensitivity(flat, *grid_axes(pack.scenario))
    figures.policy_sensitivity_heatmap(replace(pack, grid=grid), tmp_path / "flat.png")
