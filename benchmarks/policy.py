"""The contact optimiser against HiGHS (mixed-integer and linear) and simple rules, in one run.

Run: python benchmarks/policy.py [--sizes 10000 64000 250000 1000000 10000000] [--peers] [--exact 2000]
Promise (CPU time, median of --repeats): 10k <= 0.5 s with gap <= 1e-4; 64k <= 0.8 s, 2e-5; 1M <= 1.5 s,
600 MB, 1e-6; 10M <= 8 s, 2 GB, 1e-7. HiGHS's mixed-integer solver at 10k finds the same value at least 10
times slower; its linear solver the same bound to 8 digits, at 64k, 250k and 1M at least 5, 20 and 60 times
slower. On 2,000 random small problems: no limit broken, value <= optimum <= bound, infeasible exactly when
HiGHS says so, the named conflict minimal. Each size runs in a process of its own: hence the peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.campaigns import campaign  # noqa: E402
from core.policy.baselines import baselines  # noqa: E402
from core.policy.exact import programme  # noqa: E402
from core.policy.optimizer import optimise  # noqa: E402

PROMISED = {  # customers: CPU seconds, gap, MB
    10_000: (0.5, 1e-4, None),
    64_000: (0.8, 2e-5, None),
    1_000_000: (1.5, 1e-6, 600),
    10_000_000: (8.0, 1e-7, 2000),
}
SLOWER = {"milp": {10_000: 10.0}, "lp": {64_000: 5.0, 250_000: 20.0, 1_000_000: 60.0}}


def ours(customers: int, repeats: int) -> dict[str, Any]:
    """Median CPU seconds, gap, value, bound and peak memory."""
    problem = campaign(customers)
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        found = optimise(problem)
        seconds.append(time.process_time() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": float(np.median(seconds)),
        "gap": found.gap,
        "value": found.value,
        "bound": found.bound,
        "memory": memory,
    }


def peer_milp(customers: int, _: int) -> dict[str, Any]:
    """HiGHS on the integer programme, to a gap of 1e-4."""
    profit, amounts, matrix, upper = programme(campaign(customers))
    start = time.process_time()
    found = milp(
        -profit,
        integrality=np.ones(profit.size),
        bounds=Bounds(0.0, upper),
        constraints=LinearConstraint(matrix, -np.inf, amounts),
    )
    return {"seconds": time.process_time() - start, "value": -found.fun}


def peer_lp(customers: int, _: int) -> dict[str, Any]:
    """HiGHS's interior point method on the linear relaxation."""
    profit, amounts, matrix, upper = programme(campaign(customers))
    start = time.process_time()
    found = linprog(
        -profit,
        A_ub=matrix,
        b_ub=amounts,
        bounds=np.column_stack((np.zeros(upper.size), upper)),
        method="highs-ipm",
    )
    return {"seconds": time.process_time() - start, "bound": -found.fun}


def simple(customers: int, _: int) -> dict[str, Any]:
    """What the simple rules earn and which of them keep the minimums."""
    return {
        "rules": [[b.name, b.total.profit, len(b.broken)] for b in baselines(campaign(customers))],
    }


def exactness(problems: int, seed: int) -> dict[str, Any]:
    """Check random small problems against HiGHS; a broken promise raises."""
    sys.path.insert(0, str(ROOT / "tests" / "core" / "policy"))
    from made_problems import problem
    from test_optimizer import check_against_milp

    rng = np.random.default_rng(seed)
    return {"feasible": sum(check_against_milp(problem(rng)) for _ in range(problems))}


WORK = {"ours": ours, "milp": peer_milp, "lp": peer_lp, "simple": simple, "exact": exactness}


def measured(what: str, size: int, argument: int) -> dict[str, Any]:
    """The work in a fresh process."""
    command = [sys.executable, __file__, "--do", what, str(size), str(argument)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])  # the solver may print before
    return found


def main() -> int:
    """Print the tables; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[10_000, 64_000, 250_000, 1_000_000, 10_000_000]
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--exact", type=int, default=2000)
    parser.add_argument("--do", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.do:
        what, size, argument = options.do
        print(json.dumps(WORK[what](int(size), int(argument))))
        return 0
    kept = True
    peers = f"{'HiGHS':<24}{'CPU s':>8}{'slower':>8}  same"
    print(f"{'customers x 3':>14}{'CPU s':>8}{'gap':>10}{'MB':>7}   {peers}")
    for size in options.sizes:
        repeats = options.repeats if size <= 1_000_000 else min(options.repeats, 3)
        found = measured("ours", size, repeats)
        line = f"{size:>14,}{found['seconds']:>8.2f}{found['gap']:>10.1e}{found['memory']:>7.0f}   "
        seconds, gap, memory = PROMISED.get(size, (np.inf, 1.0, None))
        good = found["seconds"] <= seconds and found["gap"] <= gap
        good = good and (memory is None or found["memory"] <= memory)
        for kind, wanted in SLOWER.items():
            if options.peers and size in wanted:
                peer = measured(kind, size, 0)
                ratio = peer["seconds"] / found["seconds"]
                same = (
                    abs(peer["bound"] / found["bound"] - 1) < 1e-8
                    if kind == "lp"
                    else (abs(peer["value"] / found["value"] - 1) < 1e-4)
                )
                name = "linear, interior point" if kind == "lp" else "mixed-integer"
                line += f"{name:<24}{peer['seconds']:>8.2f}{ratio:>7.0f}x  {'yes' if same else 'NO'}"
                good = good and same and ratio >= wanted[size]
        print(line + ("" if good else "   BROKEN"), flush=True)
        kept = kept and good
        if size in (10_000, 64_000):
            for name, profit, broken in measured("simple", size, 0)["rules"]:
                short = 1 - profit / found["value"]
                print(f"{'':>14}{name}: {short:.1%} short, {broken} minimums missed")
    if options.exact:
        start = time.monotonic()
        feasible = measured("exact", options.exact, 2024)["feasible"]
        took = time.monotonic() - start
        said = f"all promises hold ({feasible:,} feasible, {took:.0f} s)"
        print(f"{options.exact:,} small problems against milp: {said}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
