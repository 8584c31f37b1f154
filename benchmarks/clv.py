"""Customer value: our engine against the package lifetimes, in one run, CPU time.

Run: python benchmarks/clv.py [--small] [--skip-10m]
Promises (lifetimes ÷ ours): BG/NBD fit of 250,000 customers at least 9, Pareto/NBD 30, Gamma-Gamma 4, value
of 12 months 5, summary of 1M lines 5 and of 10M lines 6; Pareto/NBD of a million customers in 15 s and 2 GB.
Customers are simulated (seeded) with the parameters of Online Retail II, in days. Times are medians of three
runs (of one, where lifetimes takes over a minute). One BLAS thread for both: lifetimes is the slower without.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.clv.customers import Customers, customers
from core.clv.ledger import Ledger
from core.clv.purchase import MODELS, fit
from core.clv.simulate import amounts, simulate
from core.clv.spending import spending
from core.clv.transactions import Transactions
from core.clv.value import values

BG = np.array([0.6754, 65.43, 0.1551, 3.3955])
PARETO = np.array([0.55, 74.0, 0.61, 82.0])
SPEND = np.array([6.25, 3.74, 150.0])
END = date(2011, 12, 9)
MILLION = (15.0, 2.0)  # CPU seconds, GB


def population(model: str, params: np.ndarray[Any, Any], n: int) -> Customers:
    """n simulated customers on whole days, as a shop would know them."""
    rng = np.random.default_rng(5)
    T = rng.integers(1, 730, n).astype(np.float64)
    drawn = simulate(MODELS[model], params, T, 1.0, rng)
    spend, _ = amounts(SPEND, drawn.x, rng)
    return Customers(
        ids=pd.Series(np.arange(n).astype(str), name="customer"),
        orders=drawn.x.astype(np.int64),
        recency=np.ceil(drawn.t_x).astype(np.int64),
        age=T.astype(np.int64),
        spend=spend,
        first=(15_317 - T).astype(np.int64),
        end=END,
    )


def order_lines(n: int) -> pd.DataFrame:
    """n order lines of n / 12 customers over two years."""
    rng = np.random.default_rng(6)
    who = (rng.random(n) ** 2 * (n / 12)).astype(np.int64)
    when = np.datetime64("2009-12-10") + rng.integers(0, 730, n)
    return pd.DataFrame({"customer": who, "date": pd.to_datetime(when), "amount": rng.gamma(2.0, 15.0, n)})


def summarise(frame: pd.DataFrame) -> Customers:
    """Our summary from the same table that lifetimes gets."""
    code, ids = pd.factorize(frame["customer"])
    days = frame["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    names = pd.Series(ids, name="customer").astype("str")
    lines = Transactions(
        names, code.astype(np.int64, copy=False), days, frame["amount"].to_numpy(), END, Ledger(0, ())
    )
    return customers(lines)


def cpu(work: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Median CPU seconds and the last result."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return statistics.median(times), result


class Table:
    """The lines printed, and whether each promise was kept."""

    def __init__(self) -> None:
        self.kept = True
        print("| what | ours, CPU s | lifetimes, CPU s | ratio | promised | same result |")
        print("| --- | --- | --- | --- | --- | --- |", flush=True)

    def line(self, what: str, ours: float, theirs: float, wanted: float, difference: float) -> None:
        ratio = theirs / ours
        self.kept &= ratio >= wanted and difference < 0.01
        same = f"to {difference:.0e}"
        print(f"| {what} | {ours:.2f} | {theirs:.1f} | {ratio:.1f}× | {wanted:g}× | {same} |", flush=True)


def fits(table: Table, n: int) -> None:
    """The three fits and the value of a year."""
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter

    known = population("bg-nbd", BG, n)
    ours, found = cpu(lambda: fit(known, "bg-nbd"))
    theirs, other = cpu(lambda: BetaGeoFitter().fit(known.x, known.t_x, known.T))
    table.line(f"BG/NBD fit, {n:,} customers", ours, theirs, 9, _apart(found.values, other))

    some = (known.orders > 0) & (known.spend > 0)
    x, mean = pd.Series(known.x[some]), pd.Series(known.spend[some])
    ours, amount = cpu(lambda: spending(known))
    theirs, their_amount = cpu(lambda: GammaGammaFitter().fit(x, mean))
    table.line(
        f"Gamma-Gamma fit, {len(x):,} repeat customers",
        ours,
        theirs,
        4,
        _apart(amount.fit.values, their_amount),
    )

    ours, value = cpu(lambda: values(known, found, amount, horizon=360, discount=0.0, intervals=False))
    columns = [pd.Series(c) for c in (known.x, known.t_x, known.T, known.spend)]
    theirs, their_value = cpu(
        lambda: their_amount.customer_lifetime_value(other, *columns, time=12, discount_rate=0.0), 1
    )
    apart = abs(float(their_value.sum()) / float(value.clv.sum()) - 1)
    table.line(f"value of 12 months, {n:,} customers", ours, theirs, 5, apart)

    known = population("pareto-nbd", PARETO, n)
    ours, found = cpu(lambda: fit(known, "pareto-nbd"))
    np.random.seed(1)  # noqa: NPY002 - lifetimes starts from the global generator
    theirs, other = cpu(lambda: ParetoNBDFitter().fit(known.x, known.t_x, known.T, maxiter=4000), 1)
    table.line(f"Pareto/NBD fit, {n:,} customers", ours, theirs, 30, _apart(found.values, other))


def summaries(table: Table, n: int, wanted: float, repeats: int) -> None:
    """From order lines to a line a customer."""
    from lifetimes.utils import summary_data_from_transaction_data

    frame = order_lines(n)
    ours, found = cpu(lambda: summarise(frame), repeats)
    theirs, other = cpu(
        lambda: summary_data_from_transaction_data(
            frame, "customer", "date", "amount", observation_period_end=END
        ),
        3 if n <= 1_000_000 else 1,
    )
    other = other.loc[found.ids.astype(np.int64)]
    same = (other["frequency"] == found.orders).all() and (other["T"] == found.age).all()
    apart = float(np.abs(other["monetary_value"] - found.spend).max()) if same else 1.0
    table.line(f"summary of {n:,} lines", ours, theirs, wanted, apart)


def _apart(ours: tuple[float, ...], theirs: Any) -> float:
    """Largest relative difference of the parameters."""
    return max(abs(float(t) / o - 1) for o, t in zip(ours, theirs.params_))


def million() -> int:
    """Fit Pareto/NBD to a million customers and print CPU seconds and the peak memory of this process."""
    known = population("pareto-nbd", PARETO, 1_000_000)
    seconds, _ = cpu(lambda: fit(known, "pareto-nbd"), 1)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", action="store_true", help="50,000 customers instead of 250,000")
    parser.add_argument("--skip-10m", action="store_true", help="leave the 10 million lines out")
    parser.add_argument("--million", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.million:
        return million()
    warnings.simplefilter("ignore")
    # first, while this process is small: a child's peak memory begins with its parent's
    done = subprocess.run([sys.executable, __file__, "--million"], capture_output=True, text=True, check=True)
    seconds, memory = (float(part) for part in done.stdout.split())
    table = Table()
    fits(table, 50_000 if asked.small else 250_000)
    summaries(table, 1_000_000, 5, 5)
    if not asked.skip_10m:
        summaries(table, 10_000_000, 6, 3)
    table.kept &= seconds <= MILLION[0] and memory <= MILLION[1]
    promised = f"{MILLION[0]:g} s, {MILLION[1]:g} GB"
    print(f"| Pareto/NBD fit, 1,000,000 customers | {seconds:.1f}, {memory:.2f} GB | | | {promised} | |")
    return 0 if table.kept else 1


if __name__ == "__main__":
    sys.exit(main())
