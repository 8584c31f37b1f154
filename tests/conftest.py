"""Where the real data are: PERSUADABLE_DATA_DIR, else a `shared/data` folder beside the checkout."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_BESIDE = ROOT.parent / "shared" / "data"

if "PERSUADABLE_DATA_DIR" not in os.environ and _BESIDE.is_dir():
    os.environ["PERSUADABLE_DATA_DIR"] = str(_BESIDE)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the real data. In CI its absence is a failure; elsewhere the test is skipped and says why."""
    folder = os.environ.get("PERSUADABLE_DATA_DIR", "")
    if folder and Path(folder).is_dir():
        return Path(folder)
    reason = "the real data are not here: set PERSUADABLE_DATA_DIR to the folder with hillstrom.csv.gz"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def hillstrom_csv(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hillstrom's file as published, decompressed."""
    path = tmp_path_factory.mktemp("hillstrom") / "hillstrom.csv"
    path.write_bytes(gzip.decompress((data_dir / "hillstrom.csv.gz").read_bytes()))
    return path
