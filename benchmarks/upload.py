"""An upload of nearly the largest size: the server's memory stays flat, whatever the file holds.

Run: python benchmarks/upload.py [--megabytes 480]
A form with a CSV file is sent to a real server on this machine, which keeps it as a data set. The server's
own resident memory is looked at all the while; the table is read by a process apart, whose memory stands
beside it and is given back at its end.
Promise: the server grows by at most 100 MB, and neither the upload nor a half-made data set is left behind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from servers import Server, serving

from core.data.readers import csv_bytes
from core.data.simulate import simulate

GROWTH = 100.0  # megabytes
BLOCK = 20_000  # customers simulated; their rows are repeated
NOTE = "Bought in the shop in the high street, asked for the catalogue, prefers to be written to. " * 4


def campaign(path: Path, megabytes: float) -> int:
    """Write a campaign of that size; the number of its customers."""
    frame, _ = simulate(rows=BLOCK)
    frame["note"] = NOTE
    head, _, rows = b"".join(csv_bytes(frame)).partition(b"\n")
    blocks = max(1, round(megabytes * 1e6 / len(rows)))
    with path.open("wb") as file:
        file.write(head + b"\n")
        for _ in range(blocks):
            file.write(rows)
    return blocks * BLOCK


class Watch:
    """The largest resident memory of the server and of what it started, megabytes, looked at in a thread."""

    def __init__(self, server: Server) -> None:
        assert server.process is not None
        self.first = psutil.Process(server.process.pid)
        self.before = self.own = self.first.memory_info().rss / 1e6
        self.apart = 0.0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.done.wait(0.1):
            self.own = max(self.own, self.first.memory_info().rss / 1e6)
            with suppress(psutil.Error):  # one that has just ended
                children = self.first.children(recursive=True)
                self.apart = max(self.apart, sum(child.memory_info().rss / 1e6 for child in children))

    def ended(self) -> float:
        """Stop looking; by how many megabytes the server grew at most."""
        self.done.set()
        self.thread.join()
        return self.own - self.before


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=480)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        path = Path(folder) / "campaign.csv"
        rows = campaign(path, options.megabytes)
        size = path.stat().st_size / 1e6
        httpx.get(
            f"{server.url}/data"
        ).raise_for_status()  # what the first page loads is no growth by the file
        watch = Watch(server)
        began = time.perf_counter()
        with path.open("rb") as file:
            answer = httpx.post(f"{server.url}/api/uploads", files={"file": file}, timeout=600)
        seconds = time.perf_counter() - began
        growth = watch.ended()
        answer.raise_for_status()
        artifacts = server.workspace.settings.artifacts
        left = [*(artifacts / "uploads").iterdir(), *(artifacts / "data").glob(".*")]
        kept = answer.json()["rows"] == rows and not left
    print(f"{'sent':<44}{size:>8.0f} MB, {rows:,} customers")
    print(f"{'sent, read and kept in':<44}{seconds:>8.1f} s")
    print(f"{'the server before':<44}{watch.before:>8.0f} MB")
    print(f"{'its growth':<44}{growth:>8.0f} MB (promised: {GROWTH:g})")
    print(f"{'the process that read the table':<44}{watch.apart:>8.0f} MB")
    print(f"{'all rows kept, nothing left behind':<44}{'yes' if kept else 'no':>8}")
    return 0 if kept and growth <= GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
