"""One thing found in an experiment, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["problem", "warning", "note", "fine"]
Code = Literal[
    "arms", "ratio", "balance", "after", "outcome-copy", "left-out", "missing", "duplicate", "leak", "wide",
    "outcome", "rare", "tail", "size", "cap", "levels", "propensity",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. severity: "problem" blocks or spoils numbers, "warning" asks for thought, "note" is
    for the record, "fine" says that a check was passed. sentence: what; action: what to do, "" for nothing.
    """

    code: Code
    severity: Severity
    sentence: str
    action: str = ""
    columns: tuple[str, ...] = ()


def names(columns: tuple[str, ...]) -> str:
    shown = [f"'{name}'" for name in columns[:8]]
    if len(columns) > 8:
        return ", ".join(shown) + f" and {len(columns) - 8} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def agreeing(sentence: str, columns: tuple[str, ...]) -> str:
    """The sentence for one column, where it was written for several."""
    if len(columns) > 1:
        return sentence
    for many, one in (
        (" depend on", " depends on"), ("so they were", "so it was"), (" and are not", " and is not"),
        (" say what", " says what"), (" are not used", " is not used"),
    ):  # fmt: skip
        sentence = sentence.replace(many, one)
    return sentence
