"""Taking in what was sent: read, kept as a data set, its columns' roles proposed; large files apart.

A table of half a gigabyte needs several times that in memory, a workbook that packs well more still. The
server stays as small as it was where an interpreter of its own reads it, within the memory that is free, and
gives all of it back at its end.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pyarrow.parquet as pq

from core import errors
from core.data.readers import read_table
from core.data.store import DataStore
from core.data.writers import ending, write_table
from core.errors import DataError, PersuadableError, Problem, TooLargeError
from core.interpreter import environment, module
from core.settings import Settings

APART = 30_000_000  # bytes from which a file is read by a process of its own
_UNPACKED = 100_000_000  # bytes of a workbook's parts from which it is, however well it packs
_SHARE = 0.8  # of the free memory, for that process
_PROBLEMS = 10_000  # told of one file


@dataclass(frozen=True)
class Intake:
    """A table that was kept. proposal: `core.data.roles.Proposal` as JSON takes it."""

    id: str
    name: str
    rows: int
    columns: list[str]
    proposal: dict[str, Any]


def take_in(path: Path, *, name: str, settings: Settings, apart_from: float = APART) -> Intake:
    """Read the file (`name`: as its sender calls it) and keep it.

    apart_from: bytes from which an interpreter of its own does it. Raises DataError as `read_table` does.
    """
    if path.stat().st_size >= apart_from or _unpacks_large(path, name):
        return Intake(**_apart({"path": str(path), "name": name}, settings))
    return _keep(read_table(path, name=name, settings=settings), name, settings)


def read_sent(path: Path, *, name: str, settings: Settings) -> pd.DataFrame:
    """The table of a file as `read_table` reads it; a workbook that unpacks large by a process apart."""
    if not _unpacks_large(path, name):
        return read_table(path, name=name, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "table.parquet"
        _apart({"path": str(path), "name": name, "write": str(plain)}, settings)
        frame: pd.DataFrame = pq.read_table(plain).to_pandas()
        return frame


def _keep(frame: pd.DataFrame, name: str, settings: Settings) -> Intake:
    store = DataStore(settings)
    data = store.add(frame, name)
    del frame
    proposal = json.loads(json.dumps(store.proposal(data.id).as_dict()))
    return Intake(data.id, data.name, data.rows, list(data.columns), proposal)


def _unpacks_large(path: Path, name: str) -> bool:
    with suppress(OSError, zipfile.BadZipFile, DataError):
        if ending(name) == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                return sum(entry.file_size for entry in archive.infolist()) >= _UNPACKED
    return False


def _apart(asked: dict[str, str], settings: Settings) -> dict[str, Any]:
    told = {
        field: str(value) if isinstance(value, Path) else value for field, value in asdict(settings).items()
    }
    done = subprocess.run(
        module("core.intake"),
        env=environment(),
        input=json.dumps({**asked, "settings": told}),
        capture_output=True,
        text=True,
    )
    if done.returncode < 0:
        raise _no_memory(asked["name"])
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise _error(answer["error"])
    return answer


def _no_memory(name: str) -> TooLargeError:
    return TooLargeError(
        f"There was not enough memory to read '{name}'.", "Send fewer rows or columns, or a Parquet file."
    )


def _error(told: dict[str, Any]) -> PersuadableError:
    kind = getattr(errors, told["type"], DataError)
    problems = tuple(Problem(**problem) for problem in told["problems"])
    error: PersuadableError = kind(told["message"], told["fix"], problems)
    return error


def _stay_within_memory() -> None:
    """What asks for more than the free memory fails here, before the system ends another process for it."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        mine = psutil.Process().memory_info().vms
        most = mine + int(_SHARE * psutil.virtual_memory().available)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _main() -> None:
    request = json.load(sys.stdin)
    paths = {name: Path(value) for name in ("artifacts", "data_dir") if (value := request["settings"][name])}
    settings = Settings(**{**request["settings"], **paths})
    path, name = Path(request["path"]), request["name"]
    _stay_within_memory()
    try:
        frame = read_table(path, name=name, settings=settings)
        if "write" in request:
            write_table(frame, Path(request["write"]))
            answer: dict[str, Any] = {}
        else:
            answer = asdict(_keep(frame, name, settings))
    except MemoryError:
        answer = {"error": _told(_no_memory(name))}
    except PersuadableError as error:
        answer = {"error": _told(error)}
    json.dump(answer, sys.stdout)


def _told(error: PersuadableError) -> dict[str, Any]:
    problems = [asdict(problem) for problem in error.problems[:_PROBLEMS]]
    return {"type": type(error).__name__, "message": error.message, "fix": error.fix, "problems": problems}


if __name__ == "__main__":
    _main()
