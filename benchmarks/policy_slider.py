"""Server time of a control of the Policy page: its callback posted as the browser posts it.

Run: python benchmarks/policy_slider.py [--customers 100000] [--moves 20]
Promise: the plan answered within 1 s, the median over moves of margin, cost and budget, at 100,000
customers with a budget, a quota and a hold-out. Measured and judged as in slider.py. Below the plan stands
what is worked out after the answer: a tenth more and less of every limit, the budget frontier, the simple
rules.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from slider import body

from components import ids
from core.commands.example import LEARNER, ROLES
from core.commands.train import fit
from core.data.simulate import simulate
from core.policy.constraints import Constraints, Quota
from core.scenario import Scenario
from core.settings import Settings
from core.workspace import Workspace
from webapp.app import create_app

WANTED = 1000.0  # milliseconds
ANSWER, LATER = f"{ids.POLICY_DECISION}.children", f"{ids.POLICY_LATER}.children"


def request(server: Any, wanted: str, heard: str, query: dict[str, str]) -> dict[str, Any]:
    """The request of the callback that writes `wanted`, for a query in the store that it hears."""
    known = server.get("/_dash-dependencies").get_json()
    return body(next(one for one in known if f"..{wanted}..." in one["output"]), query, heard)


def moved(data: str, move: int) -> dict[str, str]:
    """A new margin, cost and budget for every move, with a quota and a hold-out."""
    scenario = Scenario(data, "simulated", margin=round(0.3 + 0.005 * move, 4), cost=0.05 + 0.001 * move)
    quota = Quota("channel", "Web", min=2000)
    return Constraints(budget=800 + 25 * move, quotas=(quota,), holdout=0.1).to_query() | scenario.to_query()


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--moves", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Settings(artifacts=Path(folder)))
        frame, _ = simulate(rows=options.customers)
        data = workspace.data.add(frame, "Simulated", ROLES, simulated=True)
        fit(frame, ROLES, workspace.models_folder / "simulated", learner=LEARNER)
        workspace.scored(data.id, "simulated")
        server = create_app(workspace).server.test_client()
        spent: dict[str, list[tuple[float, float]]] = {ANSWER: [], LATER: []}
        for move in range(-2, options.moves):  # the first ones warm up
            for wanted, heard in ((ANSWER, ids.POLICY_ASKED), (LATER, ids.POLICY_CALM)):
                asked = request(server, wanted, heard, moved(data.id, move))
                began = time.process_time(), time.perf_counter()
                answer = server.post("/_dash-update-component", json=asked)
                ended = time.process_time(), time.perf_counter()
                assert answer.status_code == 200, answer.get_data(as_text=True)
                if move >= 0:
                    spent[wanted].append((1000 * (ended[0] - began[0]), 1000 * (ended[1] - began[1])))
    print(f"{f'Policy page, {options.customers:,} customers':<44}{'CPU ms':>8}{'p95':>8}{'clock ms':>10}")
    for wanted, name in ((ANSWER, "the plan"), (LATER, "then: tenths, frontier, simple rules")):
        work, clock = zip(*spent[wanted], strict=True)
        p95 = statistics.quantiles(work, n=20)[-1]
        print(f"{name:<44}{statistics.median(work):>8.0f}{p95:>8.0f}{statistics.median(clock):>10.0f}")
    total = statistics.median(work for work, _ in spent[ANSWER])
    print(f"one move {total:.0f} ms (promised: {WANTED:g})")
    return 0 if total <= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
