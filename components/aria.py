"""Attributes with a dash in their names, typed once for all components."""

from __future__ import annotations

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """aria(label="x", live="polite") -> {"aria-label": "x", "aria-live": "polite"}."""
    return {f"aria-{name.replace('_', '-')}": value for name, value in attributes.items()}


def marks(**attributes: str) -> dict[str, Any]:
    """marks(job="x") -> {"data-job": "x"}: what scripts and tests read."""
    return {f"data-{name.replace('_', '-')}": value for name, value in attributes.items()}
