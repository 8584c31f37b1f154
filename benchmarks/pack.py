"""The contacts of a pack: our workbook writer against DataFrame.to_excel with openpyxl, in one run.

Run: python benchmarks/pack.py [--rows 100000]
Promise: 100,000 contacts x 9 columns at least 4 times faster, with number formats, and the same values.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from core.decision import decide
from core.grid_axes import grid_axes
from core.packs.pack import Pack
from core.packs.workbook import write_pack
from core.policy.economics import RankedUplift, profit_curve, sensitivity
from core.scenario import Scenario

WANTED = 4.0


def contacts(rows: int) -> pd.DataFrame:
    """A contact list of 9 columns, seeded."""
    rng = np.random.default_rng(20080320)
    uplift = np.sort(rng.exponential(1.0, rows))[::-1]
    return pd.DataFrame(
        {
            "row_id": pd.Series([f"{i:08d}" for i in rng.permutation(rows)], dtype="str"),
            "uplift_hat": uplift,
            "y1_hat": uplift + 1.0,
            "y0_hat": rng.exponential(1.0, rows),
            "exp_incremental_revenue": uplift,
            "exp_profit_per_contact": uplift * 0.3 - 0.05,
            "rank": np.arange(1, rows + 1),
            "zip_code": pd.Series(rng.choice(["Urban", "Rural", "Surburban"], rows), dtype="str"),
            "channel": pd.Series(rng.choice(["Web", "Phone", "Multichannel"], rows), dtype="str"),
        }
    )


def pack(frame: pd.DataFrame) -> Pack:
    """A whole pack around the list: the other sheets are part of our time, not of the peer's."""
    scenario = Scenario()
    ranked = RankedUplift.of(frame["uplift_hat"].to_numpy())
    return Pack(
        scenario=scenario,
        decision=decide(ranked, None, scenario),
        contacts=frame,
        curve=profit_curve(ranked, scenario.margin, scenario.cost),
        measured=None,
        deciles=None,
        grid=sensitivity(ranked, *grid_axes(scenario)),
        assumptions=(),
        created=datetime(2025, 1, 1),
    )


def main() -> int:
    """Print the table; 1 where the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only-ours", action="store_true", help="no comparison: time and memory alone")
    options = parser.parse_args()
    made = pack(contacts(options.rows))
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.xlsx", Path(folder) / "theirs.xlsx"
        start = time.process_time()
        write_pack(made, ours)
        our_time = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'writer':<34}{'CPU s':>8}{'MB':>8}")
        print(f"{'core.packs.workbook, 6 sheets':<34}{our_time:>8.2f}{ours.stat().st_size / 1e6:>8.1f}")
        if options.only_ours:
            print(f"peak memory {memory:.0f} MB")
            return 0
        start = time.process_time()
        made.contacts.to_excel(theirs, index=False, engine="openpyxl")
        their_time = time.process_time() - start
        size = theirs.stat().st_size / 1e6
        print(f"{'DataFrame.to_excel, openpyxl':<34}{their_time:>8.2f}{size:>8.1f}")
        # openpyxl writes 16 digits of a number; ours are all 17, so that only ours come back to the last bit.
        read = pd.read_excel(ours, sheet_name="Contacts", dtype={0: "str"})
        read.columns = made.contacts.columns  # the workbook's headings are in words
        peer = pd.read_excel(theirs, dtype={"row_id": "str"})
        numbers = read.select_dtypes("number"), peer.select_dtypes("number")
        same = read.equals(made.contacts) and np.allclose(*numbers, rtol=1e-14)
    ratio = their_time / our_time
    print(f"ratio {ratio:.1f} (promised: {WANTED:g}), same values: {'yes' if same else 'NO'}")
    return 0 if same and ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
