"""The small family of errors that a person can mend; the edges (CLI, HTTP, pages) translate them once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, where it stands, and what to do about it.

    row is the number a spreadsheet shows (the header is row 1); None where the problem is not one row's.
    rows: how many such problems it stands for.
    """

    message: str
    fix: str = ""
    column: str | None = None
    row: int | None = None
    value: str | None = None
    rows: int = 1

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column '{self.column}'" if self.column is not None else "",
                f"found '{self.value}'" if self.value is not None else "",
            )
            if part
        )
        return " ".join(part for part in (f"{place}:" if place else "", self.message, self.fix) if part)

    def as_dict(self) -> dict[str, object]:
        """The fields that are set, for JSON and CSV."""
        unset = {"rows": 1}
        return {k: v for k, v in asdict(self).items() if v not in (None, "") and unset.get(k) != v}


def problems_of(problems: Iterable[Problem]) -> int:
    """How many problems there are, those without a line of their own too."""
    return sum(problem.rows for problem in problems)


class PersuadableError(Exception):
    """Base of all errors whose message is written for the user. str(error) is that message."""

    status = 400  # what HTTP answers; the command line exits 2 for all of them

    def __init__(self, message: str, fix: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(" ".join(part for part in (message, fix) if part))
        self.message = message
        self.fix = fix
        self.problems = problems


class DataError(PersuadableError):
    """A file or table that cannot be used as it is; `problems` lists columns first, then rows."""

    status = 422


class TooLargeError(DataError):
    """An input over a stated limit."""

    status = 413


class NotAvailableError(DataError):
    """Data that are neither here nor within reach now: offline, moved, or changed at the source."""

    status = 503


class SettingError(PersuadableError):
    """A margin, cost, number of contacts or other setting outside its bounds."""

    status = 422


class ModelError(PersuadableError):
    """A model folder that is missing, incomplete or does not match its recorded hashes."""

    status = 409


class NotFoundError(PersuadableError):
    """An unknown data set, model, job or pack id."""

    status = 404


class Cancelled(PersuadableError):  # noqa: N818 - an outcome the user asked for, not a fault
    """The user stopped the work."""

    status = 409
