"""What a job is to do, as a page orders it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: the command line's arguments, what it makes, and where the result is seen."""

    kind: str
    title: str
    argv: tuple[str, ...]
    artifact: str
    href: str


def named(*parts: str) -> str:
    """A folder name that cannot be guessed, because a part is a data id that cannot."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
