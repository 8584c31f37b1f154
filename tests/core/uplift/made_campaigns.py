"""Campaigns made for tests: small, seeded, with an effect that is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.schema import Audience, Experiment, Feature, Roles

NUMERIC, CATEGORICAL = ("recency", "history"), ("channel",)


def campaign(rows: int = 3000, seed: int = 0, contact_arms: int = 1) -> Experiment:
    """Revenue is 1 + history/100 plus an effect of 2·arm for customers who came by the web."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(
        {
            "recency": rng.integers(1, 13, rows).astype(np.float64),
            "history": rng.gamma(2.0, 100.0, rows).round(2),
            "channel": pd.Series(rng.choice(["Phone", "Web", "Multichannel"], rows), dtype="str"),
        }
    )
    arm = rng.integers(0, contact_arms + 1, rows).astype(np.int8)
    web = (features["channel"] == "Web").to_numpy()
    noise = rng.exponential(1.0, rows)
    outcome = noise + features["history"].to_numpy() / 100 + 2.0 * arm * web
    arms = ("None", *(f"Mail {k}" for k in range(1, contact_arms + 1)))
    return Experiment(
        ids=pd.Series([f"c{i:05d}" for i in range(rows)], dtype="str"),
        arm=arm,
        arms=arms,
        outcome=outcome,
        features=features,
        schema=(*(Feature(c, "numeric") for c in NUMERIC), *(Feature(c, "categorical") for c in CATEGORICAL)),
        propensities=tuple([1 / (contact_arms + 1)] * (contact_arms + 1)),
        roles=Roles(treatment="segment", control="None", outcome="spend"),
    )


def audience_of(experiment: Experiment) -> Audience:
    """The experiment's own customers, to be scored."""
    return Audience(experiment.ids, experiment.features, pd.DataFrame(index=experiment.features.index), {})
