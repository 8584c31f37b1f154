"""What lies where the server is started is never run: not by jobs, readers of uploads, solvers or workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAPS = ("core", "pandas", "numpy", "json", "subprocess", "signal", "pickle", "psutil")
"""Modules that our children import first, of this program, of others and of the standard library."""

ROOM = """
from pathlib import Path
from core import intake, jobs
from core.settings import Settings
settings = Settings(artifacts=Path("artifacts").absolute())
"""
INTAKE = """
Path("small.csv").write_text("a,b\\n1,2\\n")
print(intake.take_in(Path("small.csv"), name="small.csv", settings=settings, apart_from=0).rows)
"""
JOB = """
argv = ["example", "simulated", "--out", "made"]
job = jobs.start("example", argv, "Example", settings=settings)
print(jobs.supervise(argv, job, settings=settings).state)
"""
EXACT = """
import numpy as np
from core.policy import exact
from core.policy.problem import Limit, Problem, Rows
one = np.array([[1.0]])
rows = Rows(one, one, np.ones(1, dtype=np.int8), np.zeros(1, dtype=np.int64))
limit = Limit("topn", "at most 1 contact", "<=", 1.0, one)
print(int(exact.solve(Problem(rows, (limit,), ("a",))).sum()))
"""
WORKERS = """
import multiprocessing, os
from core.interpreter import import_path
os.environ.update(import_path())  # as `serve` does before uvicorn spawns its workers
worker = multiprocessing.get_context("spawn").Process(target=print, args=("worked",))
worker.start(), worker.join()
"""


@pytest.mark.parametrize(("work", "says"), [(INTAKE, "1"), (JOB, "done"), (EXACT, "1"), (WORKERS, "worked")])
def test_a_module_in_the_servers_folder_is_not_run(tmp_path: Path, work: str, says: str) -> None:
    for name in TRAPS:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('the trap {name} was run')")
    script = "if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in (ROOM + work).splitlines())
    # -P: as the installed command starts, without the working directory on its path.
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=tmp_path, capture_output=True, text=True, env=os.environ
    )
    assert done.stdout.split() == [says], done.stdout + done.stderr
    assert "trap" not in done.stderr


def test_a_checkout_that_is_not_installed_finds_itself(tmp_path: Path) -> None:
    """Started by `python -c` in the checkout, where the empty path stands for the working directory."""
    checkout = Path(__file__).parents[2]
    code = (
        "import subprocess, sys; from core.interpreter import environment\n"
        "ask = [sys.executable, '-c', 'import core; print(core.__file__)']\n"
        "subprocess.run(ask, cwd=sys.argv[1], env=environment(), check=True)"
    )
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=checkout, env=bare, capture_output=True, text=True
    )
    assert Path(done.stdout.strip()) == checkout / "core" / "__init__.py", done.stderr
