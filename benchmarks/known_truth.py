"""What `auto` says of campaigns whose truth is known: intervals, profit, its choice of learner, and noise.

Run: python benchmarks/known_truth.py [--seeds 20] [--customers 20000]
Each seed is a simulated campaign in Hillstrom's schema (any e-mail against none, visits), learnt by every
learner that `auto` compares, cross-fitted and calibrated as `persuadable train` does; and one in which every
customer has the same uplift.
Promise: 90 % intervals of deciles cover the true uplift in 88 to 97 %; the measured gain of the best 30 % and
of everyone is unbiased (within 2 standard errors over the seeds); `auto` ranks at most one standard error (of
one campaign's measurement) worse than the learner that is best on average; customers who do not differ are
not said to differ in at least 90 % of the seeds.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.schema import Roles
from core.data.simulate import simulate
from core.uplift import crossfit
from core.uplift.calibration import calibrated
from core.uplift.champion import champions_evidence
from core.uplift.comparison import Leaderboard, leaderboard
from core.uplift.deciles import deciles
from core.uplift.evidence import Evidence
from core.uplift.experiment import experiment
from core.uplift.gain import gain_curve
from core.uplift.learners import DEFAULT
from core.uplift.training import candidates
from core.uplift.verdict import verdict

ROLES = Roles("segment", "No E-Mail", "visit", drop=("conversion", "spend"))
FIRST = 1000
"""The first seed: the tests use small ones."""
Floats = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Judged:
    """One campaign: each learner's cross-fitted evidence, what `auto` shows, leaderboard, true uplift."""

    evidence: dict[str, Evidence]
    shown: Evidence
    board: Leaderboard
    truth: Floats

    def ranked(self, evidence: Evidence) -> Floats:
        """(n,) true uplift in the evidence's order, best first; customers of equal score share their mean."""
        scores, block = np.unique(-evidence.uplift[:, 0], return_inverse=True)
        mean = np.bincount(block, self.truth, scores.size) / np.bincount(block, minlength=scores.size)
        return np.asarray(mean[np.sort(block)])

    def area(self, learner: str) -> float:
        """True gain over random, on average over all shares contacted, visits per customer."""
        gained = np.cumsum(self.ranked(self.evidence[learner])) / self.truth.size
        return float(gained.mean() - self.truth.mean() / 2)


def judged(seed: int, customers: int, heterogeneity: float) -> Judged:
    """A campaign as `auto` learns it."""
    frame, truth = simulate(customers, seed, heterogeneity=heterogeneity)
    trial = experiment(frame, ROLES)
    found = {
        name: calibrated(crossfit.cross_fit(trial, info, seed=seed), seed)[0]
        for name, info in candidates().items()
    }
    effort = {name: info.effort for name, info in candidates().items()}
    board = leaderboard(found, DEFAULT, effort)
    shown = champions_evidence(found, DEFAULT, effort, seed)
    by_id = truth.set_index("row_id")["uplift_visit_any"]
    ids = shown.ids.astype(str)
    return Judged(found, shown, board, by_id.loc[ids].to_numpy(dtype=np.float64))


def cover(one: Judged) -> list[bool]:
    """Whether each decile's interval holds the true mean uplift of its customers."""
    table = deciles(one.shown)
    means = [part.mean() for part in np.array_split(one.ranked(one.shown), 10)]
    return list((table["lo"].to_numpy() <= means) & (means <= table["hi"].to_numpy()))


def error(one: Judged, share: float) -> float:
    """Measured less true gain of the best share, visits per customer."""
    n = one.truth.size
    true = one.ranked(one.shown)[: round(share * n)].sum() / n
    return float(gain_curve(one.shown).at(share).value - true)


def main() -> int:
    """Print what was found; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--customers", type=int, default=20_000)
    options = parser.parse_args()
    inside: list[bool] = []
    errors: dict[float, list[float]] = {0.3: [], 1.0: []}
    areas: dict[str, list[float]] = {name: [] for name in candidates()}
    auto, noise, called = [], [], []
    champions: dict[str, int] = {}
    for seed in range(FIRST, FIRST + options.seeds):
        one = judged(seed, options.customers, 1.0)
        inside += cover(one)
        for share, found in errors.items():
            found.append(error(one, share))
        for name, area in areas.items():
            area.append(one.area(name))
        auto.append(one.area(one.board.champion))
        noise.append(one.board.entry(one.board.champion).area.se)
        champions[one.board.champion] = champions.get(one.board.champion, 0) + 1
        alike = judged(seed, options.customers, 0.0)
        called.append(verdict(alike.shown).customers_differ.lo <= 0)
        print(f"seed {seed}", file=sys.stderr)
    mean = {name: float(np.mean(area)) for name, area in areas.items()}
    best = max(mean, key=lambda name: mean[name])
    loss, unit = mean[best] - float(np.mean(auto)), float(np.mean(noise))
    kept = [0.88 <= np.mean(inside) <= 0.97]
    print(f"deciles covered: {np.mean(inside):.1%} of {len(inside)} (nominal 90 %)")
    for share, found in errors.items():
        bias, se = float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found)))
        kept.append(abs(bias) < 2 * se)
        print(f"measured less true gain of the best {share:.0%}: {bias:+.5f} ± {se:.5f} visits a customer")
    kept.append(loss <= unit)
    print(f"auto ranks {loss:+.5f} below {best}, the best on average; one campaign measures to ± {unit:.5f}")
    print("champions: " + ", ".join(f"{name} {times}" for name, times in sorted(champions.items())))
    print("true areas: " + ", ".join(f"{name} {area:.5f}" for name, area in mean.items()))
    kept.append(np.mean(called) >= 0.90)
    print(f"customers who do not differ are not said to differ: {np.mean(called):.0%} of {len(called)}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
