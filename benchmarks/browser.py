"""What a person at a browser waits for: the first load, a page change, a slider's move to the redrawn chart.

Run: python benchmarks/browser.py [--customers 100000 1000000] [--moves 40] (needs Chromium and chromedriver)
A real server with one worker and a headless Chromium on this machine; a simulated campaign, a model of its
first 20,000 customers, all of them examined and scored before. A page change and a move end with the frame
that shows them, by the clock of the page; where a plan has to be found first, the page stands with its
controls and says so, and the plan has a line of its own. What else the machine does is in these times; it is
not in the server's processor time that stands beside them.
Promises: a first load of at most 2.5 MB over the wire and next to nothing afterwards; a page change within
500 ms, and the plan of 100,000 customers within 1 s; a margin slider's move shown within 250 ms at 100,000
customers and 600 ms at 1,000,000 (medians).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from browsers import chromium
from reader import SETTLED, Reader
from selenium.webdriver.common.keys import Keys
from servers import Server, serving

from core.commands.example import LEARNER, ROLES
from core.commands.train import fit
from core.data.simulate import simulate

LEARNT = 20_000  # customers the model learns from
FIRST_LOAD, LATER_LOAD = 2.5e6, 0.1e6  # bytes over the wire
PAGE_CHANGE = 500.0  # milliseconds
PLAN = {100_000: 1000.0}  # milliseconds by customers, from the click to the plan
MOVE = {100_000: 250.0, 1_000_000: 600.0}  # milliseconds by customers
STEPS = ("/uplift", "/profit", "/sensitivity", "/policy", "/contacts", "/data", "/profit")

# Resolves with the milliseconds from the click to the first frame in which the page stands, and to the first
# in which nothing is waited for.
CHANGE = """
const [path, done] = arguments, began = performance.now(), before = document.querySelector(".page");
const settled = () => { %s };
const framed = (then) => requestAnimationFrame(() => then(performance.now() - began));
let stood = null;
const look = () => {
  if (document.querySelector(".page") === before) return requestAnimationFrame(look);
  if (settled()) return framed((now) => done([stood ?? now, now]));
  if (stood === null && document.querySelector(".page .waiting")) framed((now) => { stood ??= now; });
  requestAnimationFrame(look);
};
document.querySelector(`.rail a[href^='${path}']`).click();
requestAnimationFrame(look);
""".replace("%s", SETTLED)

# From a key to the frame after the chart was drawn anew.
WATCH = """
window.moved = [];
let began = null;
document.addEventListener("keydown", () => { began = performance.now(); }, true);
document.querySelector("#profit-chart .js-plotly-plot").on("plotly_afterplot", () => {
  if (began === null) return;
  const since = began;
  began = null;
  requestAnimationFrame(() => setTimeout(() => window.moved.push(performance.now() - since)));
});
"""


def prepared(server: Server, customers: int) -> str:
    """A campaign of so many customers, examined and scored with its model; the query that shows it."""
    frame, _ = simulate(rows=customers)
    workspace = server.workspace
    data = workspace.data.add(frame, f"{customers:,} customers", ROLES, simulated=True)
    if not (workspace.models_folder / "simulated").is_dir():
        fit(frame.head(LEARNT), ROLES, workspace.models_folder / "simulated", learner=LEARNER)
    workspace.scored(data.id, "simulated")
    workspace.health(data.id, ROLES)
    return f"data={data.id}&model=simulated"


def work(server: Server) -> float:
    """Processor seconds of the server and its workers so far."""
    assert server.process is not None
    first = psutil.Process(server.process.pid)
    spent = [process.cpu_times() for process in (first, *first.children(recursive=True))]
    return float(sum(one.user + one.system for one in spent))


def loaded(reader: Reader, address: str) -> float:
    """Load a page; the bytes that came over the wire, headers included."""
    reader.driver.get_log("performance")
    reader.open(address)
    time.sleep(1.0)
    events = [json.loads(line["message"])["message"] for line in reader.driver.get_log("performance")]
    return float(
        sum(e["params"]["encodedDataLength"] for e in events if e["method"] == "Network.loadingFinished")
    )


def page_changes(reader: Reader, query: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each change until the page stands, and until all is there, by the page changed to."""
    reader.open(f"/profit?{query}")
    reader.driver.set_script_timeout(60)
    taken: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        for path in STEPS:
            taken.setdefault(path, []).append(tuple(reader.driver.execute_async_script(CHANGE, path)))
            time.sleep(0.3)
    return {path: times[1:] for path, times in taken.items()}  # the first brings what only its page needs


def moves(reader: Reader, query: str, count: int) -> list[float]:
    """Milliseconds of each of `count` moves of the margin slider, each waited for."""
    reader.open(f"/profit?{query}")
    reader.script(WATCH)
    reader.focus("#margin-slider [role=slider]")
    for move in range(count):
        reader.press(Keys.ARROW_RIGHT if move % 40 < 20 else Keys.ARROW_LEFT)
        reader.until(lambda: reader.script("return window.moved.length") > move, "the chart", 60)  # noqa: B023
        time.sleep(0.15)
    taken: list[float] = reader.script("return window.moved")
    return taken[2:]


def told(what: str, times: Sequence[float], promised: float | None, spent: float | None = None) -> bool:
    """Print a line; whether the median keeps the promise."""
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    limit = "" if promised is None else f"{promised:g}"
    work = "" if spent is None else f"{spent:.0f}"
    print(f"{what:<44}{median:>8.0f}{p95:>8.0f}{limit:>10}{work:>12}", flush=True)
    return promised is None or median <= promised


def main() -> int:
    """Print the table; 1 where a promise is broken, 2 without a browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=list(MOVE))
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--folder", type=Path, help="keep the installation there and use it again")
    options = parser.parse_args()
    if not shutil.which("chromedriver"):
        print("This benchmark needs Chromium and chromedriver: apt-get install chromium chromium-driver")
        return 2
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    kept = []
    with tempfile.TemporaryDirectory() as own, serving(options.folder or Path(own)) as server:
        driver = chromium(Path(own))
        try:
            reader = Reader(driver, server)
            for number, customers in enumerate(options.customers):
                query = prepared(server, customers)
                if number == 0:
                    kept += sizes(reader, query)
                    print(f"{'milliseconds':<44}{'median':>8}{'p95':>8}{'promised':>10}{'server CPU':>12}")
                kept += waits(reader, server, query, customers, options)
            slowed = slowdown()
        finally:
            driver.quit()
    print(f"the machine's other work makes a stretch of work take {slowed:.1f} times as long as it is")
    return 0 if all(kept) else 1


def slowdown() -> float:
    """By the clock and by the processor: the median ratio for 40 stretches of work."""
    ratios = []
    for _ in range(40):
        clock, work = time.perf_counter(), time.thread_time()
        while time.thread_time() - work < 0.02:
            pass
        ratios.append((time.perf_counter() - clock) / (time.thread_time() - work))
        time.sleep(0.05)
    return statistics.median(ratios)


def sizes(reader: Reader, query: str) -> list[bool]:
    """Print what the first load brings over the wire, and the second."""
    first, second = (loaded(reader, f"/profit?{query}") for _ in range(2))
    for what, size, promised in (("first load", first, FIRST_LOAD), ("loaded again", second, LATER_LOAD)):
        print(f"{what:<44}{size / 1e6:>8.2f} MB (promised: {promised / 1e6:g})", flush=True)
    return [first <= FIRST_LOAD, second <= LATER_LOAD]


def waits(reader: Reader, server: Server, query: str, customers: int, options: Any) -> list[bool]:
    """Print the times of the page changes and of the slider's moves."""
    kept, every = [], []
    changes = page_changes(reader, query, options.rounds)
    for path, pairs in changes.items():
        stood, whole = (list(times) for times in zip(*pairs, strict=True))
        every += stood
        kept.append(told(f"page change to {path}, {customers:,}", stood, PAGE_CHANGE))
        if stood != whole:
            kept.append(told(f"and its plan, {customers:,}", whole, PLAN.get(customers)))
    kept.append(told(f"page change, {customers:,}", every, PAGE_CHANGE))
    began = work(server)
    times = moves(reader, query, options.moves)
    spent = 1000 * (work(server) - began) / options.moves
    kept.append(told(f"slider to chart, {customers:,}", times, MOVE.get(customers), spent))
    return kept


if __name__ == "__main__":
    sys.exit(main())
