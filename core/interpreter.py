"""Fresh interpreters that look for modules where this one does, and nowhere else.

`python -m` puts the folder it is started in before all others: a file `pandas.py` that lies where someone
starts the server would be run in the name of each job.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HOME = str(Path(__file__).resolve().parents[1])  # where this program was found


def module(name: str) -> tuple[str, ...]:
    """The command that runs a module of this program; to be started with `environment`."""
    return (sys.executable, "-m", name)


def import_path() -> dict[str, str]:
    """The variables that hold a child to this interpreter's own import path."""
    path = [folder for folder in sys.path if folder]  # '' is the working directory
    if _HOME not in path:
        path.insert(0, _HOME)
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(path)}


def environment(**more: str) -> dict[str, str]:
    """This process's variables for a child that looks for modules as it does; `more` goes over them."""
    return {**os.environ, **import_path(), **more}
