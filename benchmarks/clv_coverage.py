"""Do 95 % intervals cover the truth 95 % of the time? Simulated populations, per parameter and for totals.

Run: python benchmarks/clv_coverage.py [--populations 400] [--customers 1500]
Promise: between 92 and 98 % for every parameter of every model, and for all customers' orders in a holdout.
The truth is the simulation's (core/clv/simulate.py). About five CPU minutes.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from core.clv.fitted import Fitted, fitted
from core.clv.fitting import maximise
from core.clv.futures import futures, total_orders
from core.clv.orders import Histories, alive_orders, p_alive
from core.clv.purchase import MODELS, fit_rows
from core.clv.rows import counted
from core.clv.simulate import amounts, simulate
from core.clv.spend import GAMMA_GAMMA, spend_rows

TRUTH = {
    "bg-nbd": (0.6, 60.0, 0.8, 2.5),
    "mbg-nbd": (0.8, 60.0, 0.9, 2.0),
    "pareto-nbd": (0.6, 70.0, 0.6, 80.0),
}
SPEND = (6.0, 4.0, 15.0)
HORIZON = 180.0


def purchase(model: str, populations: int, customers: int) -> dict[str, float]:
    """Coverage of each parameter's interval and of the interval of all orders in the next 180 days."""
    truth, rng = np.array(TRUTH[model]), np.random.default_rng(2024)
    hits: list[list[bool]] = []
    for _ in range(populations):
        drawn = simulate(MODELS[model], truth, rng.uniform(60, 720, customers), HORIZON, rng)
        rows = counted(drawn.x, drawn.t_x, drawn.T, np.ones(customers))
        each = np.arange(customers)
        histories = Histories(rows, each, drawn.x, drawn.T, each)
        found = fit_rows(rows, model)
        alive = p_alive(found, found.params, histories)
        mean = alive_orders(found, found.params, histories, HORIZON)
        future = futures(found, histories, HORIZON, draws=40)
        total = total_orders(future, histories, alive, float(alive @ mean), level=0.95)
        hits.append([*_covered(found, TRUTH[model]), total.lo <= drawn.future.sum() <= total.hi])
    share = np.mean(hits, axis=0)
    return dict(zip((*MODELS[model].names, "orders"), share.tolist()))


def spend(populations: int, customers: int) -> dict[str, float]:
    """Coverage of each parameter's interval of the spend model."""
    rng, hits = np.random.default_rng(2024), []
    for _ in range(populations):
        x = rng.geometric(0.4, customers).astype(np.float64)
        mean, _ = amounts(np.array(SPEND), x, rng)
        optimum = maximise(GAMMA_GAMMA, spend_rows(x, mean))
        hits.append(_covered(fitted("gamma-gamma", GAMMA_GAMMA.names, optimum, customers), SPEND))
    return dict(zip(GAMMA_GAMMA.names, np.mean(hits, axis=0).tolist()))


def _covered(found: Fitted, truth: tuple[float, ...]) -> list[bool]:
    intervals = [found.interval(name, 0.95) for name in found.names]
    return [i is not None and i.lo <= value <= i.hi for i, value in zip(intervals, truth)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--populations", type=int, default=400)
    parser.add_argument("--customers", type=int, default=1500)
    asked = parser.parse_args()
    size = (asked.populations, asked.customers)
    print("| model | coverage of 95 % intervals |\n|---|---|", flush=True)
    kept = True
    for model in (*MODELS, GAMMA_GAMMA.key):
        shares = spend(*size) if model == GAMMA_GAMMA.key else purchase(model, *size)
        told = ", ".join(f"{name} {100 * share:.1f} %" for name, share in shares.items())
        print(f"| {model} | {told} |", flush=True)
        kept &= all(0.92 <= share <= 0.98 for share in shares.values())
    print(f"{size[0]} populations of {size[1]} customers; 400 populations know a share to 1.1 points.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
