"""A scored file and the plans made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.policy.constraints import Constraints
from core.policy.offers import offers
from core.policy.plan import Plan, plan
from core.scenario import Scenario

SCENARIO = Scenario(margin=0.5, cost=0.1)


def scored(size: int = 400, seed: int = 0) -> pd.DataFrame:
    """A scored file with two arms, segments and history, as `persuadable score --all` writes it."""
    rng = np.random.default_rng(seed)
    uplift = rng.normal(0.3, 1.0, (size, 2))
    return pd.DataFrame(
        {
            "row_id": [f"{i:05d}" for i in rng.permutation(size)],
            "uplift_hat": uplift.max(axis=1),
            "arm": np.where(uplift[:, 0] >= uplift[:, 1], "Mens", "Womens"),
            "uplift_hat[Mens]": uplift[:, 0],
            "uplift_hat[Womens]": uplift[:, 1],
            "uplift_se[Mens]": 0.2,
            "uplift_se[Womens]": rng.uniform(0, 1, size),
            "city": rng.choice(["Ghent", "Bruges"], size),
            "suppressed": rng.choice(["", "1", "no"], size, p=[0.8, 0.1, 0.1]),
            "last_contacted_days": rng.integers(0, 30, size),
            "contacts_in_period": rng.integers(0, 3, size),
            "worth": rng.uniform(0.5, 2.0, size),
        }
    )


def solved(frame: pd.DataFrame | None = None, scenario: Scenario = SCENARIO, **conditions: Any) -> Plan:
    constraints = Constraints.from_dict(conditions)
    return plan(offers(scored() if frame is None else frame, constraints), scenario, constraints)
