"""Learners on Hillstrom's Womens e-mail against none, outcome visit: ranking, calibration and time.

Run: python benchmarks/learners.py [--splits 20] [--learners x-hgb,t-rf-deep] [--peers]
Each split learns from 75 % and measures on 25 % (as the learner predicts, not yet calibrated).
Qini as in `core.uplift.qini`, its effect the whole experiment's, so that all share one scale; differences are
paired by split. An interval is mean ± 2 standard errors over splits (they share rows: a guide, not a test).
Promise, for the default: mean Qini at least 0.15; at least 0.10 above t-rf-deep with its interval above 0;
calibration slope 0.8 to 1.25; at most 0.10 of t-rf-deep's CPU time to fit and 0.20 to predict 1,000,000 rows.
Peers (causalml, EconML, scikit-uplift) join where they are installed and --peers is given; their versions
are printed, and which of them are not installed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from core.data.readers import read_table
from core.data.schema import Experiment, Roles
from core.uplift import crossfit
from core.uplift.contrast import contrast
from core.uplift.experiment import experiment
from core.uplift.gain import curve_of
from core.uplift.learners import DEFAULT, LEARNERS, Prediction
from core.uplift.preprocess import Preprocess
from core.uplift.qini import qini
from core.uplift.slope import calibration_slope
from core.uplift.training import split

CLASSIC = "t-rf-deep"
MILLION = 1_000_000
Array = np.ndarray[Any, Any]
Fit = Callable[[Array, Array, Array, int], Callable[[Array], Array]]
"""(X, arm, y, seed) -> a function that predicts uplift (n,) from X."""


@dataclass
class Result:
    """What each split showed, and CPU seconds of a fit and of predicting a million rows."""

    qini: list[float] = field(default_factory=list)
    slope: list[float] = field(default_factory=list)
    best_30: list[float] = field(default_factory=list)
    fit: list[float] = field(default_factory=list)
    million: float = float("nan")


def ours(name: str, propensities: tuple[float, ...]) -> Fit:
    """One of our learners."""

    def fit(X: Array, arm: Array, y: Array, seed: int) -> Callable[[Array], Array]:
        learner = LEARNERS[name].build(seed)
        learner.fit(X, arm, y, propensities=propensities)
        return lambda rows: learner.predict(rows).uplift[:, 0]

    return fit


def econml_forest(X: Array, arm: Array, y: Array, seed: int) -> Callable[[Array], Array]:
    """EconML's CausalForestDML with shallow nuisance models."""
    from econml.dml import CausalForestDML
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    shallow: dict[str, Any] = {"max_leaf_nodes": 4, "min_samples_leaf": 500, "random_state": seed}
    model = CausalForestDML(
        model_y=HistGradientBoostingRegressor(**shallow),
        model_t=HistGradientBoostingClassifier(**shallow),
        discrete_treatment=True,
        n_estimators=400,
        min_samples_leaf=200,
        random_state=seed,
    ).fit(y, arm, X=X)
    return lambda rows: np.asarray(model.effect(rows), dtype=np.float64)


def causalml_forest(X: Array, arm: Array, y: Array, seed: int) -> Callable[[Array], Array]:
    """causalml's UpliftRandomForestClassifier, divergence DDP."""
    from causalml.inference.tree import UpliftRandomForestClassifier

    model = UpliftRandomForestClassifier(
        control_name="0",
        evaluationFunction="DDP",
        min_samples_leaf=200,
        min_samples_treatment=100,
        random_state=seed,
    )
    model.fit(X, treatment=arm.astype(str), y=y.astype(int))
    return lambda rows: np.asarray(model.predict(rows), dtype=np.float64).reshape(len(rows), -1)[:, 0]


def sklift_two_models(X: Array, arm: Array, y: Array, seed: int) -> Callable[[Array], Array]:
    """scikit-uplift's TwoModels on a regularised forest."""
    from sklearn.ensemble import RandomForestClassifier
    from sklift.models import TwoModels

    forests = [RandomForestClassifier(100, min_samples_leaf=200, random_state=seed) for _ in range(2)]
    model = TwoModels(*forests, method="vanilla").fit(X, y.astype(int), arm.astype(int))
    return lambda rows: np.asarray(model.predict(rows), dtype=np.float64)


PEERS: dict[str, tuple[str, str, Fit]] = {
    "EconML CausalForestDML": ("econml", "econml", econml_forest),
    "causalml UpliftRF": ("causalml", "causalml", causalml_forest),
    "sklift TwoModels": ("sklift", "scikit-uplift", sklift_two_models),
}
"""By the name in the table: module, distribution, how it is fitted."""


def installed_peers() -> dict[str, Fit]:
    """The peers that are installed; prints which, in what version, and which are not."""
    found = {name: fit for name, (module, _, fit) in PEERS.items() if find_spec(module) is not None}
    for name, (_, distribution, _) in PEERS.items():
        print(f"{name}: {distribution} {version(distribution) if name in found else 'is not installed'}")
    return found


def measure(
    trial: Experiment, fits: dict[str, Fit], fills: dict[str, bool], splits: int
) -> dict[str, Result]:
    """Every learner on the same splits."""
    results = {name: Result() for name in fits}
    whole = trial.outcome[trial.treated].mean() - trial.outcome[~trial.treated].mean()
    for seed in range(splits):
        rows, held_out = split(trial, 0.25, seed)
        learnt_from, measured_on = crossfit.subset(trial, rows), crossfit.subset(trial, held_out)
        for name, fit in fits.items():
            encoding = Preprocess.fit(learnt_from.features, trial.schema, fill=fills.get(name, True))
            X, fresh = (encoding.transform(part.features).X for part in (learnt_from, measured_on))
            start = time.process_time()
            predict = fit(X, learnt_from.arm, learnt_from.outcome, seed)
            result = results[name]
            result.fit.append(time.process_time() - start)
            uplift = predict(fresh)
            scored = Prediction(uplift[:, None], uplift[:, None], np.zeros(len(uplift)))
            ranked = contrast(crossfit.evidence(measured_on, scored))
            slope = calibration_slope(ranked)
            result.qini.append(qini(ranked, effect=float(whole)))
            result.slope.append(np.nan if slope is None else slope.value)
            result.best_30.append(curve_of(ranked).at(0.3).value / 0.3)
            if seed == 0:
                many = np.asfortranarray(np.tile(fresh, (100_000 // len(fresh) + 1, 1))[:100_000])
                start = time.process_time()
                for first in range(0, len(many), 16_384):
                    predict(many[first : first + 16_384])
                result.million = (time.process_time() - start) * MILLION / len(many)
        print(f"split {seed + 1} of {splits}", file=sys.stderr)
    return results


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean over splits and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def table(results: dict[str, Result]) -> list[str]:
    """The results as a Markdown table, best Qini first."""
    classic = results[CLASSIC]
    lines = [
        "| learner | Qini | less t-rf-deep | calibration slope | uplift of the best 30 % | CPU of a fit "
        "| CPU of 1M rows |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in sorted(results.items(), key=lambda item: -np.mean(item[1].qini)):
        area, area_se = mean_and_error(one.qini)
        gap, gap_se = mean_and_error(list(np.subtract(one.qini, classic.qini)))
        slope, slope_se = mean_and_error(one.slope)
        lines.append(
            f"| {name} | {area:.3f} ± {area_se:.3f} | {gap:+.3f} ± {gap_se:.3f} "
            f"| {slope:.2f} ± {slope_se:.2f} "
            f"| {100 * np.mean(one.best_30):.1f} points "
            f"| {np.mean(one.fit):.2f} s ({np.mean(one.fit) / np.mean(classic.fit):.3f}×) "
            f"| {one.million:.1f} s ({one.million / classic.million:.3f}×) |"
        )
    return lines


def kept(results: dict[str, Result]) -> bool:
    """Whether the promise holds; prints each part."""
    one, classic = results[DEFAULT], results[CLASSIC]
    gap, gap_se = mean_and_error(list(np.subtract(one.qini, classic.qini)))
    parts = {
        f"mean Qini {np.mean(one.qini):.3f} is at least 0.15": np.mean(one.qini) >= 0.15,
        f"paired difference {gap:.3f} ± {gap_se:.3f} is at least 0.10, interval above 0": gap >= 0.10
        and gap - 2 * gap_se > 0,
        f"calibration slope {np.mean(one.slope):.2f} is within 0.8 to 1.25": 0.8
        <= np.mean(one.slope)
        <= 1.25,
        "fit takes at most 0.10 of the CPU time": np.mean(one.fit) <= 0.10 * np.mean(classic.fit),
        "1M rows take at most 0.20 of the CPU time": one.million <= 0.20 * classic.million,
    }
    for words, holds in parts.items():
        print(f"{'yes' if holds else 'NO '}  {words}")
    return all(parts.values())


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--learners", default=",".join(LEARNERS))
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    folder = os.environ.get("PERSUADABLE_DATA_DIR", "")
    source = Path(folder) / "hillstrom.csv.gz"
    if not folder or not source.is_file():
        print("Set PERSUADABLE_DATA_DIR to the folder with hillstrom.csv.gz.", file=sys.stderr)
        return 2
    roles = Roles("segment", "No E-Mail", "visit", arms=("Womens E-Mail",), drop=("conversion", "spend"))
    trial = experiment(read_table(source), roles)
    names = list(dict.fromkeys([*options.learners.split(","), DEFAULT, CLASSIC]))
    fits = {name: ours(name, trial.propensities) for name in names}
    if options.peers:
        fits |= installed_peers()
    fills = {name: not info.missing for name, info in LEARNERS.items()}
    with threadpool_limits(limits=1):
        results = measure(trial, fits, fills, options.splits)
    print("\n".join(table(results)))
    return 0 if kept(results) else 1


if __name__ == "__main__":
    sys.exit(main())
