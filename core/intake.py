"""Taking in an upload: read, kept as a data set, its columns' roles proposed; large files by a process apart.

A table of half a gigabyte needs several times that in memory. The server stays as small as it was where an
interpreter of its own reads it and gives all of it back at its end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core import errors
from core.data.readers import read_table
from core.data.store import DataStore
from core.errors import DataError, PersuadableError, Problem, TooLargeError
from core.settings import Settings

APART = 30_000_000  # bytes from which a file is read by a process of its own
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
    if path.stat().st_size >= apart_from:
        return _apart(path, name, settings)
    frame = read_table(path, name=name, settings=settings)
    store = DataStore(settings)
    data = store.add(frame, name)
    del frame
    proposal = json.loads(json.dumps(store.proposal(data.id).as_dict()))
    return Intake(data.id, data.name, data.rows, list(data.columns), proposal)


def _apart(path: Path, name: str, settings: Settings) -> Intake:
    told = {
        field: str(value) if isinstance(value, Path) else value for field, value in asdict(settings).items()
    }
    request = json.dumps({"path": str(path), "name": name, "settings": told})
    done = subprocess.run(
        [sys.executable, "-m", "core.intake"], input=request, capture_output=True, text=True
    )
    if done.returncode < 0:
        raise TooLargeError(
            f"There was not enough memory to read '{name}'.", "Send fewer rows or columns, or a Parquet file."
        )
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise _error(answer["error"])
    return Intake(**answer)


def _error(told: dict[str, Any]) -> PersuadableError:
    kind = getattr(errors, told["type"], DataError)
    problems = tuple(Problem(**problem) for problem in told["problems"])
    error: PersuadableError = kind(told["message"], told["fix"], problems)
    return error


def _main() -> None:
    request = json.load(sys.stdin)
    paths = {name: Path(value) for name in ("artifacts", "data_dir") if (value := request["settings"][name])}
    settings = Settings(**{**request["settings"], **paths})
    path, name = Path(request["path"]), request["name"]
    try:
        answer = asdict(take_in(path, name=name, settings=settings, apart_from=float("inf")))
    except PersuadableError as error:
        problems = [asdict(problem) for problem in error.problems[:_PROBLEMS]]
        told = {"message": error.message, "fix": error.fix, "problems": problems}
        answer = {"error": {"type": type(error).__name__, **told}}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _main()
