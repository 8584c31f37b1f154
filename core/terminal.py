"""How the command line speaks: progress for people, for programs or not at all; and errors, once."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from core.errors import PersuadableError, problems_of
from core.progress import Progress, silent

ProgressStyle = Literal["auto", "json", "none"]

SHOWN_PROBLEMS = 15


def say(text: str = "") -> None:
    """A line for people, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def json_line(value: dict[str, object]) -> None:
    """A line for programs, on standard output."""
    say(json.dumps(value, ensure_ascii=False, allow_nan=False))


@contextmanager
def progress_shown(style: ProgressStyle) -> Iterator[Progress]:
    """A progress callable: bars on a terminal, JSON lines where asked for, silence in a pipe."""
    if style == "json":
        yield lambda step, share: json_line({"step": step, "share": round(min(max(share, 0.0), 1.0), 4)})
    elif style == "none" or not sys.stderr.isatty():
        yield silent
    else:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:<44}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task("Starting", total=1.0)
            yield lambda step, share: bars.update(task, description=step, completed=share)


@contextmanager
def errors_told(style: ProgressStyle) -> Iterator[None]:
    """Exit 2 with the message for what the caller can mend; 1 with a reference id for a fault of ours."""
    try:
        yield
    except PersuadableError as error:
        if style == "json":
            problems = [p.as_dict() for p in error.problems[:1000]]
            kind = type(error).__name__
            told = {
                "type": kind,
                "message": str(error),
                "problems": problems,
                "count": problems_of(error.problems),
            }
            json_line({"error": told})
            # Said once: what stands on standard error is kept in a log, and problems quote customers.
            raise SystemExit(2) from None
        sys.stderr.write(f"Error: {error}\n")
        said = str(error)
        for problem in error.problems[:SHOWN_PROBLEMS]:
            if str(problem) in said:
                continue  # the only one, or the first
            sys.stderr.write(f"  {problem}\n")
        if (more := problems_of(error.problems[SHOWN_PROBLEMS:])) > 0:
            sys.stderr.write(f"  … and {more:,} more\n")
        raise SystemExit(2) from None
    except (BrokenPipeError, KeyboardInterrupt):
        raise SystemExit(130) from None
    except OSError as error:
        sys.stderr.write(f"Error: {error.strerror or error}: {error.filename or ''}\n")
        raise SystemExit(2) from None
    except MemoryError:
        sys.stderr.write("Error: there is not enough memory for this table. Try fewer rows or columns.\n")
        raise SystemExit(2) from None
    except Exception as error:
        if os.environ.get("PERSUADABLE_DEBUG"):
            raise
        reference = uuid.uuid4().hex[:8]
        # The message of a foreign exception may quote customer data; its type does not.
        sys.stderr.write(
            f"Error: a fault of ours ({type(error).__name__}, reference {reference}). "
            "Set PERSUADABLE_DEBUG=1 and run again for the details a report needs.\n"
        )
        raise SystemExit(1) from None
