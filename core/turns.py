"""Of the plans that a page asks for one after another the newest alone is wanted; the others stop.

A server cannot know that a browser has dropped a request. So the page says with each one who it is and which
of its requests this is, and the newest number stands in a file, which the solves of every worker look at
between their steps.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import Cancelled
from core.files import private
from core.locks import alone
from core.settings import Settings

PAGE, TURN = "page", "turn"
"""Keys of a request beside its query."""
_PAGE = re.compile(r"[0-9a-f]{16,64}")
_TURN = re.compile(r"[0-9]{1,15}")
_LEFT = 86_400.0  # seconds after which a page has surely been left


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a page. mark: the file of the page's newest number; None where the page did not say."""

    mark: Path | None
    number: int

    def checkpoint(self) -> None:
        """Raise Cancelled where the page has asked for something newer."""
        if self.mark is not None and _newest(self.mark) > self.number:
            raise Cancelled("The page has asked for another plan meanwhile.")


def take_turn(settings: Settings, request: Mapping[str, str]) -> Turn:
    """The turn of a request, which from now on supersedes the page's older ones."""
    page, number = str(request.get(PAGE, "")), str(request.get(TURN, ""))
    if not _PAGE.fullmatch(page) or not _TURN.fullmatch(number):
        return Turn(None, 0)
    mark, turn = private(settings.artifacts / "turns") / page, int(number)
    if not mark.exists():
        _sweep(mark.parent)
    with alone(mark.with_name(f".{page}.lock")):  # of two at once the newer stays
        if _newest(mark) < turn:
            mark.write_text(number)
    return Turn(mark, turn)


def turn_of(request: Mapping[str, str]) -> dict[str, str]:
    """What of a request says whose turn it is: to be handed on with what follows from it."""
    return {key: request[key] for key in (PAGE, TURN) if key in request}


def _newest(mark: Path) -> int:
    """The number in the file; -1 where there is none, or it is just being written."""
    try:
        return int(mark.read_text())
    except (OSError, ValueError):
        return -1


def _sweep(folder: Path) -> None:
    for mark in folder.iterdir():
        with suppress(OSError):
            if time.time() - mark.stat().st_mtime > _LEFT:
                mark.unlink()
