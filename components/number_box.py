"""The number box of the forms. assets/boxes.js sends what stands in it, and mends a comma that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc

BY_SCRIPT = 2**31 - 1
"""debounce: longer than anyone waits, so that only the script sends. The component's own pause goes on after
its page was left, and then finds no box."""


def number_box(
    id: str | Mapping[str, Any], value: float | None, *, whole: bool = False, **props: Any
) -> dbc.Input:
    """A box for a number, of any size unless `min` and `max` are given: beyond them is the nearer one.

    whole: thousands separators are dropped as they are typed.
    """
    name = id if isinstance(id, str) else dict(id)
    mode = {"inputmode": "numeric"} if whole else {}
    return dbc.Input(id=name, type="number", value=value, step="any", debounce=BY_SCRIPT, **mode, **props)
