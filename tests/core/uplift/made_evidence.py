"""Evidence made for tests, with and without ties, and the slow, plain definitions to check it against."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from core.uplift.evidence import Evidence


def evidence(
    rows: int = 400,
    seed: int = 0,
    levels: int | None = None,
    contact_arms: int = 1,
    effect: float = 1.0,
    share: float = 0.6,
) -> Evidence:
    """Scores in [0, 1) that are the true effect, in `levels` steps where given; zero-heavy outcomes."""
    rng = np.random.default_rng(seed)
    score = rng.random((rows, contact_arms))
    if levels:
        score = np.floor(score * levels) / levels
    propensities = (1 - share, *([share / contact_arms] * contact_arms))
    arm = rng.choice(contact_arms + 1, rows, p=propensities).astype(np.int8)
    own = np.concatenate((np.zeros((rows, 1)), score), axis=1)[np.arange(rows), arm]
    outcome = (rng.random(rows) < 0.4) * rng.exponential(2.0, rows) + effect * own
    arms = ("None", *(f"Mail {k + 1}" for k in range(contact_arms)))
    ids = pd.Series([f"c{i}" for i in range(rows)], dtype="str")
    return Evidence(ids, arm, outcome, score, score + 1.0, np.ones(rows), arms, propensities)


def shuffled(e: Evidence, seed: int) -> Evidence:
    """The same customers in another order."""
    o = np.random.default_rng(seed).permutation(e.customers)
    ids = e.ids.iloc[o].reset_index(drop=True)
    return Evidence(ids, e.arm[o], e.outcome[o], e.uplift[o], e.y1[o], e.y0[o], e.arms, e.propensities)


def best_sets(score: np.ndarray) -> list[np.ndarray]:
    """The customers at or above each distinct score, best first."""
    return [score >= s for s in sorted(set(score.tolist()), reverse=True)]


def slow_points(e: Evidence) -> list[tuple[float, float]]:
    """(share, gain) of each block: share · difference of means, from the definition."""
    treated, points = e.arm > 0, [(0.0, 0.0)]
    for best in best_sets(e.uplift[:, 0]):
        t, c = e.outcome[best & treated], e.outcome[best & ~treated]
        if len(t) and len(c):
            points.append((best.mean(), best.mean() * (t.mean() - c.mean())))
    return points


def slow_area(points: list[tuple[float, float]]) -> float:
    """Area under straight lines between points."""
    return sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(points))


def slow_qini(e: Evidence) -> float:
    """The Qini coefficient from its definition, one set of customers after another."""
    treated, points = e.arm > 0, [(0.0, 0.0)]
    for best in best_sets(e.uplift[:, 0]):
        y_t, y_c = e.outcome[best & treated].sum(), e.outcome[best & ~treated].sum()
        n_t, n_c = (best & treated).sum(), (best & ~treated).sum()
        points.append((best.mean(), y_t - y_c * n_t / n_c if n_c else y_t))
    effect = e.outcome[treated].mean() - e.outcome[~treated].mean()
    return (slow_area(points) - points[-1][1] / 2) / (treated.sum() * effect)


def slow_rate(e: Evidence) -> tuple[float, float]:
    """AUTOC and the Qini-type RATE by averaging TOC over every customer, ties sharing their mean score."""
    treated, y, n = e.arm > 0, e.outcome, e.customers
    m1, m0, p = y[treated].mean(), y[~treated].mean(), treated.mean()
    scores = m1 - m0 + np.where(treated, (y - m1) / p, -(y - m0) / (1 - p))
    key = e.uplift[:, 0]
    tied = np.array([scores[key == k].mean() for k in key])[np.argsort(-key, kind="stable")]
    toc = np.array([tied[: j + 1].mean() - scores.mean() for j in range(n)])
    return toc.mean(), (np.arange(1, n + 1) / n * toc).mean()
