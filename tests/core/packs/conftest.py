"""A pack over a synthetic audience and experiment, small and seeded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from core.decision import decide
from core.grid_axes import grid_axes
from core.packs.pack import Pack
from core.policy.economics import RankedUplift, profit_curve, sensitivity
from core.scenario import Scenario
from core.uplift.evidence import Evidence
from core.uplift.gain import GainCurve, gain_curve

PackOf = Callable[..., Pack]


def experiment_curve(rows: int = 6000, seed: int = 1) -> GainCurve:
    """Two arms of equal size; the score is half right: its uplift is the true one plus noise."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0.5, 0.6, rows)
    arm = np.tile([0, 1], rows // 2).astype(np.int8)
    outcome = rng.exponential(1.0, rows) + np.where(arm == 1, true, 0.0)
    score = (true + rng.normal(0.0, 0.6, rows))[:, None]
    evidence = Evidence(
        ids=pd.Series([str(i) for i in range(rows)], dtype="str"),
        arm=arm,
        outcome=outcome,
        uplift=score,
        y1=score,
        y0=np.zeros(rows),
        arms=("none", "mail"),
        propensities=(0.5, 0.5),
    )
    return gain_curve(evidence)


@pytest.fixture(scope="session")
def pack_of() -> PackOf:
    """pack_of(contacts=None, customers=2000, scenario=..., measured=True): a consistent pack."""
    curve = experiment_curve()

    def make(
        *,
        customers: int = 2000,
        scenario: Scenario | None = None,
        measured: bool = True,
        contacts: pd.DataFrame | None = None,
        assumptions: tuple[tuple[str, str], ...] = (("Model", "t-rf"), ("Outcome", "spend")),
    ) -> Pack:
        scenario = scenario or Scenario(margin=0.30, cost=0.10)
        uplift = np.sort(np.random.default_rng(7).normal(0.5, 0.6, customers))[::-1]
        ranked = RankedUplift.of(uplift)
        decision = decide(ranked, curve if measured else None, scenario)
        if contacts is None:
            n = decision.contacts
            contacts = pd.DataFrame(
                {
                    "row_id": pd.Series([f"{i:06d}" for i in range(n)], dtype="str"),
                    "uplift_hat": uplift[:n],
                    "y1_hat": uplift[:n] + 1,
                    "y0_hat": np.ones(n),
                    "exp_incremental_revenue": uplift[:n],
                    "exp_profit_per_contact": uplift[:n] * scenario.margin - scenario.cost,
                    "rank": np.arange(1, n + 1),
                    "channel": pd.Series(["Web"] * n, dtype="str"),
                }
            )
        deciles = pd.DataFrame(
            {
                "decile": np.arange(1, 11),
                "customers": [customers // 10] * 10,
                "predicted_uplift": np.linspace(1.5, -0.5, 10),
                "measured_uplift": np.linspace(1.0, 0.0, 10),
                "lo": np.linspace(0.8, -0.2, 10),
                "hi": np.linspace(1.2, 0.2, 10),
                "treated": [300] * 10,
                "control": [300] * 10,
                "mean_treated": np.linspace(2.0, 1.0, 10),
                "mean_control": [1.0] * 10,
            }
        )
        return Pack(
            scenario=scenario,
            decision=decision,
            contacts=contacts,
            curve=profit_curve(ranked, scenario.margin, scenario.cost, scenario.value),
            measured=curve if measured else None,
            deciles=deciles if measured else None,
            grid=sensitivity(ranked, *grid_axes(scenario), scenario.value),
            assumptions=assumptions,
            created=datetime(2025, 3, 4, 15, 6),
            link="http://127.0.0.1:8050/profit?margin=0.3&cost=0.1",
        )

    return make
