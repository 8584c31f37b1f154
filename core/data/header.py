"""The names of a file's columns: present, and each only once."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.problems import refuse, shown
from core.errors import Problem


def letter(position: int) -> str:
    """The name a spreadsheet gives the column at a position counted from 1: 1 is A, 27 is AA."""
    name = ""
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def check_header(names: Sequence[str], name: str) -> None:
    """Raise DataError naming the position of every blank and every repeated column name."""
    positions: dict[str, list[int]] = {}
    for position, column in enumerate(names, start=1):
        positions.setdefault(column, []).append(position)
    blank = [
        Problem(f"Column {at} ({letter(at)}) has no name.", "Name it in row 1, or delete the column.", row=1)
        for at in positions.pop("", [])
    ]
    repeated = [
        Problem(
            f"'{shown(column)}' names {len(at)} columns: {', '.join(f'{p} ({letter(p)})' for p in at)}.",
            "Give each column its own name.",
            column=shown(column),
            row=1,
        )
        for column, at in positions.items()
        if len(at) > 1
    ]
    refuse(blank + repeated, f"'{name}'")
