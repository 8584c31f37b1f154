"""Experiments whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.policy.terms import Terms
from core.uplift.evidence import Evidence

TERMS = Terms(np.array([0.5, 0.5]), np.array([0.2, 0.1]))


def campaign(rng: np.random.Generator, size: int) -> tuple[Evidence, np.ndarray]:
    """An experiment of two arms with skewed outcomes, scores that are wrong by design, and the true
    effects.
    """
    x = rng.random((size, 2))
    propensities = (0.4, 0.35, 0.25)
    arm = rng.choice(3, size, p=propensities).astype(np.int8)
    effect = np.column_stack((2.0 * x[:, 0] - 0.5, 1.5 * x[:, 1] - 0.2))
    base = 1.0 + x[:, 0]
    own = np.concatenate((np.zeros((size, 1)), effect), axis=1)[np.arange(size), arm]
    outcome = (base + own) * rng.exponential(1.0, size)
    uplift = 0.7 * effect + 0.1 * rng.normal(size=(size, 2))
    ids = pd.Series(np.arange(size).astype(str), dtype="str")
    y0 = 0.9 * base
    evidence = Evidence(ids, arm, outcome, uplift, y0[:, None] + uplift, y0, ("No", "A", "B"), propensities)
    return evidence, effect
