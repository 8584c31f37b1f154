"""A million customers, CSV to scored CSV: `persuadable score` against the usual script, in one run.

Run: python benchmarks/score.py [--customers 1000000] [--learner NAME]
The usual script: pandas.read_csv, OneHotEncoder, predict with the two forests of `t-rf-deep`, to_csv.
Promise: with the default learner at least 4 times less CPU time, and a peak memory of at most 1.5 GB.
Both run in a fresh process of their own and include their start. Models learn from the simulated campaign.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.data.readers import read_table, write_table
from core.data.schema import Roles
from core.data.simulate import simulate
from core.uplift.experiment import experiment
from core.uplift.learners import DEFAULT
from core.uplift.model import save
from core.uplift.training import train

WANTED, MEMORY_GB = 4.0, 1.5

USUAL_SCRIPT = """
import sys
import joblib
import numpy as np
import pandas as pd

audience, models, out = sys.argv[1:]
frame = pd.read_csv(audience)
encoder, numeric, categorical = joblib.load(f"{models}/usual.joblib")
X = np.hstack([frame[numeric].to_numpy(float), encoder.transform(frame[categorical])])
y1 = joblib.load(f"{models}/deep/rf_treated.joblib").predict(X)
y0 = joblib.load(f"{models}/deep/rf_control.joblib").predict(X)
frame["y1_hat"], frame["y0_hat"], frame["uplift_hat"] = y1, y0, y1 - y0
frame.sort_values("uplift_hat", ascending=False).to_csv(out, index=False)
"""


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds and the peak resident memory of one process, in GB (10^9 bytes)."""

    cpu: float
    wall: float
    peak: float


def cost_of(argv: list[str]) -> Cost:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{argv[:4]} ended with status {status}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, peak)


def prepare(folder: Path, customers: int, learner: str) -> None:
    """Train both models on a simulated campaign and write an audience of `customers`."""
    from joblib import dump
    from sklearn.preprocessing import OneHotEncoder

    campaign, _ = simulate()
    write_table(campaign, folder / "campaign.csv")
    text = read_table(folder / "campaign.csv")
    trial = experiment(text, Roles("segment", "No E-Mail", "spend"))
    save(train(trial, learner), folder / "ours")
    deep = save(train(trial, "t-rf-deep"), folder / "deep")
    numeric, categorical = list(deep.meta.num_cols), list(deep.meta.cat_cols)
    encoder = OneHotEncoder(sparse_output=False).fit(campaign[categorical])
    dump((encoder, numeric, categorical), folder / "usual.joblib")
    audience, _ = simulate(rows=customers, seed=1)
    audience = audience[numeric + categorical]
    audience.insert(0, "customer", pd.Series(range(customers)).map("c{:08d}".format))
    write_table(audience, folder / "audience.csv")


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--learner", default=DEFAULT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.customers, options.learner)
        audience, scored = str(folder / "audience.csv"), str(folder / "scored.csv")
        score = f"-m core.cli score --in {audience} --models {folder / 'ours'} --id_col customer --all"
        ours = cost_of([sys.executable, *score.split(), "--progress", "none", "--out", scored])
        usual = cost_of(
            [sys.executable, "-c", USUAL_SCRIPT, audience, str(folder), str(folder / "usual.csv")]
        )
    print(f"{options.customers:,} customers{'':<25}{'CPU s':>8}{'wall s':>9}{'peak GB':>9}")
    for title, cost in ((f"persuadable score, {options.learner}", ours), ("usual script, t-rf-deep", usual)):
        print(f"{title:<40}{cost.cpu:>8.1f}{cost.wall:>9.1f}{cost.peak:>9.2f}")
    ratio = usual.cpu / ours.cpu
    print(
        f"ratio {ratio:.1f} (promised: {WANTED:g}), wall {usual.wall / ours.wall:.1f}; "
        f"peak {ours.peak:.2f} GB (promised: at most {MEMORY_GB} GB)"
    )
    return 0 if ratio >= WANTED and ours.peak <= MEMORY_GB else 1


if __name__ == "__main__":
    sys.exit(main())
