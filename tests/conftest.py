"""Where the real data are: PERSUADABLE_DATA_DIR, else a `shared/data` folder beside the checkout."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_BESIDE = ROOT.parent / "shared" / "data"

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers share the cores; read by what is imported later

if "PERSUADABLE_DATA_DIR" not in os.environ and _BESIDE.is_dir():
    os.environ["PERSUADABLE_DATA_DIR"] = str(_BESIDE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, so that all others are run beside it and none waits for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the real data. In CI its absence fails; elsewhere the test is skipped and says why."""
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


Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def persuadable(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run the command line as a user does, a process of its own: persuadable("score", …, check=True)."""
    folder = tmp_path_factory.mktemp("command")

    def run(*arguments: object, check: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | {"PERSUADABLE_ARTIFACTS_DIR": str(folder / "artifacts")} | environment,
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"exit {done.returncode}: {done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def hillstrom_model(
    persuadable: Command, hillstrom_csv: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The README's model: t-rf on Hillstrom's spend, any e-mail against none, trained by the command line."""
    folder = tmp_path_factory.mktemp("models") / "hillstrom"
    persuadable(
        *("train", "--in", hillstrom_csv, "--outcome", "spend", "--treatment", "segment"),
        *("--control", "No E-Mail", "--learner", "t-rf", "--out", folder),
        check=True,
    )
    return folder
