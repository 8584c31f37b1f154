"""Faults of ours: an id a person can quote, and a trace that names code but no values."""

from __future__ import annotations

import secrets
import traceback


def reference_id() -> str:
    """A short random id that ties what a person saw to a line of the log."""
    return secrets.token_hex(4)


def trace(error: BaseException) -> str:
    """Types and code lines of an error and its causes, innermost last.

    Messages are left out on purpose: they may quote a customer's data ("could not convert 'Ann Lee'").
    """
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        frames = [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        parts.append("\n".join([f"{type(cause).__module__}.{type(cause).__qualname__}", *frames]))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\ncaused by ".join(parts)
