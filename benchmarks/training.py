"""A campaign of a million customers learnt and measured with the default learner; Hillstrom by auto.

Run: python benchmarks/training.py [--customers 1000000]
Promise: the million within 10 minutes and 6 GB; `auto` on all of Hillstrom (any e-mail, spend) within
90 seconds and 2 GB; both wall clock on two cores, each in a process of its own from the CSV file to the
model folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.data.readers import write_table
from core.data.simulate import simulate
from core.uplift.learners import DEFAULT
from core.uplift.training import AUTO


def train(source: Path, learner: str, out: Path) -> tuple[float, float]:
    """(wall seconds, peak memory in GB of 10^9 bytes) of `persuadable train`."""
    words = (
        f"-m core.cli train --in {source} --outcome spend --treatment segment --learner {learner} --out {out}"
    )
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *words.split(), "--control", "No E-Mail", "--progress", "none"],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"training {learner} ended with status {status}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
    return time.perf_counter() - start, peak


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    options = parser.parse_args()
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_table(simulate(rows=options.customers)[0], folder / "large.csv")
        published = Path(os.environ.get("PERSUADABLE_DATA_DIR", "")) / "hillstrom.csv.gz"
        if not published.is_file():  # the same size and shape
            published = folder / "hillstrom.csv"
            write_table(simulate()[0], published)
        print(f"{'campaign':<32}{'learner':<10}{'wall s':>8}{'of':>6}{'peak GB':>9}{'of':>5}")
        for source, learner, seconds, memory in (
            (published, AUTO, 90.0, 2.0),
            (folder / "large.csv", DEFAULT, 600.0, 6.0),
        ):
            wall, peak = train(source, learner, folder / "model")
            print(f"{source.name:<32}{learner:<10}{wall:>8.1f}{seconds:>6.0f}{peak:>9.2f}{memory:>5.0f}")
            kept = kept and wall <= seconds and peak <= memory
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
