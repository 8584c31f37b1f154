"""Ticks in the words of the house: money with its sign before the currency, percents with a space."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.advice import money


def nice_step(span: float, about: int = 5) -> float:
    """The 1, 2, 2.5 or 5 · 10^k step that cuts `span` into about `about` parts. span > 0."""
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, 0 among them when it lies between."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [0.0]
    if high - low < 1e-9 * max(abs(low), abs(high)):  # too narrow for numbers that differ
        return [low]
    step = nice_step(high - low, about)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def money_ticks(low: float, high: float, about: int = 5) -> dict[str, object]:
    """tickvals and ticktext of a money axis; cents only where the steps need them."""
    places = ticks(low, high, about)
    cents = len(places) > 1 and (places[1] - places[0]) % 1 > 1e-9
    return named(places, lambda v: _short(v) if not cents else money(v, cents=v != 0))


def percent_ticks(low: float, high: float, about: int = 5) -> dict[str, object]:
    """tickvals and ticktext of a share axis (0-1)."""
    places = ticks(low, high, about)
    step = (places[1] - places[0]) * 100 if len(places) > 1 else 1.0
    digits = 0 if step >= 1 and abs(step - round(step)) < 1e-9 else 1 if step >= 0.1 else 2
    return named(places, lambda v: f"{'−' if v < 0 else ''}{abs(v) * 100:.{digits}f} %")


def named(places: list[float], words: Callable[[float], str]) -> dict[str, object]:
    return {"tickmode": "array", "tickvals": places, "ticktext": [words(v) for v in places]}


def extent(*values: np.ndarray | list[float], pad: float = 0.06) -> tuple[float, float]:
    """The range that holds all finite values and 0, with a little air."""
    everything = np.concatenate([np.asarray(v, dtype=float).ravel() for v in values] + [np.zeros(1)])
    everything = everything[np.isfinite(everything)]
    low, high = float(everything.min()), float(everything.max())
    air = (high - low or 1.0) * pad
    return low - air, high + air


def _short(amount: float) -> str:
    for size, suffix in ((1e9, "bn"), (1e6, "m")):
        if abs(amount) >= size:
            text = f"{abs(amount) / size:,.2f}".rstrip("0").rstrip(".")
            return money(math.copysign(1, amount), cents=False).replace("1", f"{text}{suffix}")
    return money(amount, cents=False)
