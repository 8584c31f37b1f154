"""The planned shares of an experiment's arms, as people state them: "none=0.5, mail=0.5"."""

from __future__ import annotations

import math
from dataclasses import replace

from core.data.name_list import names_of
from core.data.schema import Experiment
from core.errors import SettingError

TOLERANCE = 0.005
"""Stated shares may miss 1 by this much, as 33.3 % three times does; they are then brought to 1."""


def planned_shares(stated: str, experiment: Experiment) -> tuple[float, ...]:
    """(k,) shares of the experiment's arms, control first; pooled contacts are added up.

    Raises SettingError where a value is not named, not known, not a share, or the sum is not 1, or where each
    customer's propensity is stated too.
    """
    if experiment.propensity is not None:
        raise SettingError(
            "The planned shares follow from the stated probabilities of contact.", "State one or the other."
        )
    known = (experiment.arms[0], *(experiment.pooled or experiment.arms[1:]))
    fix = f"Name each of {', '.join(known)}, such as {known[0]}=0.5 or {known[0]}=50 %."
    shares: dict[str, float] = {}
    for entry in names_of(stated):
        name, equals, number = (word.strip() for word in entry.rpartition("="))
        if not equals:
            raise SettingError(
                f"'{entry}' is not of the form arm=share.", f"{fix} Decimals are written with a point."
            )
        if name not in known:
            raise SettingError(f"'{name or entry}' is not a value of the treatment.", fix)
        try:
            percent = number.endswith("%")
            shares[name] = float(number.rstrip("% ")) / (100.0 if percent else 1.0)
        except ValueError:
            raise SettingError(f"The share of '{name}' is not a number: '{number}'.", fix) from None
        if not (math.isfinite(shares[name]) and 0 < shares[name] < 1):
            raise SettingError(f"The share of '{name}' is {number}; it must lie above 0 and below 1.", fix)
    if missing := [name for name in known if name not in shares]:
        raise SettingError(f"No share is stated for {', '.join(missing)}.", fix)
    total = sum(shares.values())
    if abs(total - 1.0) > TOLERANCE:
        raise SettingError(f"The planned shares sum to {total:g}; they must sum to 1.", fix)
    control = shares[known[0]] / total
    if experiment.pooled:
        return (control, 1.0 - control)
    return tuple(shares[name] / total for name in known)


def as_planned(experiment: Experiment, shares: tuple[float, ...]) -> Experiment:
    """The experiment with the design's shares as propensities instead of those counted."""
    return replace(experiment, propensities=shares)
