"""How long work says where it is: a named step and the share done of the whole."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""progress(step, share): `step` is a short phrase for people, `share` in [0, 1] of the whole work."""


def silent(step: str, share: float) -> None:
    """Say nothing."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """A progress whose [0, 1] is the [start, end] of `progress`."""
    return lambda step, share: progress(step, start + (end - start) * share)
