"""Which columns of a campaign may be learnt from, their kinds, and why the others are left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.columns import kind, learnable, text
from core.data.problems import refuse
from core.data.schema import Feature, Kind, LeftOut, Roles
from core.errors import DataError, Problem
from core.progress import Progress, silent
from core.uplift.dependence import (
    SUSPECT_LEVEL,
    arm_dependence,
    cells,
    implies_outcome,
    may_have_decided,
    written_after,
)
from core.uplift.propensity import stated_dependence

IDENTIFIER_SHARE = 0.9
"""A text column with more different values than this share of its rows names customers, not their kind."""

MOSTLY_NUMBERS = 0.99
"""Above this share of numbers, a text cell in a column is taken for a mistake, not for a category."""


_FEW = 50

_DATE = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))([ T]\d{1,2}:\d{2}.*)?"

_IDENTIFIES = (
    "Nearly every customer has a value of its own, as in a name or an id. If it is the id, name it as the id."
)
_IMPLIES = (
    "Some of its values make the outcome certain, so it was written together with the outcome. "
    "If it was known before the campaign, name the features to use."
)


@dataclass(frozen=True)
class Features:
    """The features as `Experiment` holds them: frame (n, p), schema (p,), and what was left out."""

    frame: pd.DataFrame
    schema: tuple[Feature, ...]
    left_out: tuple[LeftOut, ...]


def chosen_features(
    frame: pd.DataFrame,
    roles: Roles,
    arm: NDArray[np.integer],
    outcome: NDArray[np.float64],
    progress: Progress = silent,
    propensity: NDArray[np.float64] | None = None,
) -> Features:
    """The features of a campaign: every column without another role, or those named, that may be learnt from.

    arm: (n,) codes of the treatment's original values. outcome: (n,). propensity: (n,) designed probability
    of contact; a column then was written after the treatment if it depends on the contact beyond that. Raises
    DataError where a numeric feature holds a cell that is not a finite number, or where no feature is left.
    """
    taken = {roles.treatment, roles.outcome, roles.id, roles.propensity}
    candidates = roles.features or tuple(str(c) for c in frame.columns if str(c) not in taken)
    left_out: list[LeftOut] = []
    columns: dict[str, pd.Series] = {}
    schema: list[Feature] = []
    problems: list[Problem] = []
    for position, column in enumerate(candidates):
        progress("Reading the columns", 0.5 * position / max(len(candidates), 1))
        if column in roles.drop:
            left_out.append(LeftOut(column, "It was left out as you asked.", "dropped"))
            continue
        values, of_kind, found = read_feature(frame, column)
        problems += found
        reason = _no_feature(frame[column], values, of_kind, outcome)
        if reason:
            left_out.append(reason)
        else:
            columns[column] = values
            schema.append(Feature(column, of_kind))
    refuse(sorted(problems, key=lambda p: math.inf if p.row is None else p.row))
    progress("Comparing the columns between the arms", 0.5)
    table = pd.DataFrame(columns, index=range(len(frame)))
    cut = {f.column: cells(table[f.column], f.kind) for f in schema}
    if propensity is None:
        p_values = arm_dependence(table, tuple(schema), arm, cut)
    else:
        p_values = stated_dependence(table, tuple(schema), arm > 0, propensity, cut)
    after = written_after(p_values) if p_values else ()
    suspects = [
        column
        for column in (written_after(p_values, SUSPECT_LEVEL) if after else ())
        if may_have_decided(cut[column], arm, outcome)
    ]
    left_out += [
        LeftOut(
            column,
            _after_reason(p_values[column], suspect=column in suspects, named=column in roles.features),
            "chose" if column in suspects else "arm",
        )
        for column in after
    ]
    schema = [f for f in schema if f.column not in after]
    if not roles.features:  # what the user names is taken at the user's word
        implied = [f for f in schema if implies_outcome(cut[f.column], outcome)]
        left_out += [LeftOut(f.column, _IMPLIES, "outcome") for f in implied]
        schema = [f for f in schema if f not in implied]
    if not schema:
        raise DataError(_nothing_left(after, left_out), "Add columns known before the campaign was sent.")
    schema.sort(key=lambda f: f.kind != "numeric")
    progress("Comparing the columns between the arms", 1.0)
    return Features(table[[f.column for f in schema]], tuple(schema), tuple(left_out))


def read_feature(frame: pd.DataFrame, column: str) -> tuple[pd.Series, Kind, list[Problem]]:
    """A column's values, float64 where it holds numbers and text otherwise, its kind, and the cells in doubt.

    The kind is `core.data.columns.kind`, but a few words among a great many numbers are mistakes to name.
    """
    if kind(frame, column) == "numeric":
        values, problems = learnable(frame, column)
        return pd.Series(values, name=column), "numeric", problems
    words = text(frame, column).reset_index(drop=True)
    known = int(words.notna().sum())
    if words.str.fullmatch("0[0-9]+").any() or words.nunique() <= _FEW:
        return words, "categorical", []
    values, problems = learnable(frame, column)
    if np.isfinite(values).sum() > MOSTLY_NUMBERS * known:
        return pd.Series(values, name=column), "numeric", problems
    return words, "categorical", []


def _no_feature(
    source: pd.Series, values: pd.Series, of_kind: Kind, outcome: NDArray[np.float64]
) -> LeftOut | None:
    column = str(source.name)
    known = values.dropna()
    different = known.nunique()
    if different == 0:
        return LeftOut(column, "It is empty.", "constant")
    if different == 1 and len(known) == len(values):
        return LeftOut(column, "It has the same value for every customer.", "constant")
    if of_kind == "numeric":
        numbers = values.to_numpy(np.float64)
        if np.array_equal(numbers, outcome):
            return LeftOut(column, "It repeats the outcome.", "outcome")
        if different == len(values) > 20 and np.all(np.diff(numbers) == 1):
            return LeftOut(column, "It numbers the rows.", "identifier")
    elif pd.api.types.is_datetime64_any_dtype(source.dtype) or (different > _FEW and _are_dates(known)):
        return LeftOut(
            column, "It holds dates; a number, such as days since then, can be learnt from.", "dates"
        )
    elif different > max(20, IDENTIFIER_SHARE * len(known)):
        return LeftOut(column, _IDENTIFIES, "identifier")
    return None


def _are_dates(words: pd.Series) -> bool:
    """Whether text is days, as people and databases write them, with a time or without."""
    return bool(words.str.fullmatch(_DATE).all())


def _after_reason(p_value: float, *, suspect: bool, named: bool) -> str:
    rare = "less than one in a million" if p_value < 1e-6 else f"about one in {1 / p_value:,.0f}"
    chance = f"(chance of such a difference in a randomised campaign: {rare})."
    told = " It was named as a feature, but cannot be one." if named else ""
    if suspect:
        return f"It decided who was contacted, or was written after the contact {chance}{told}"
    return f"It depends on who was contacted, so it was written after the treatment {chance}{told}"


def _nothing_left(after: tuple[str, ...], left_out: list[LeftOut]) -> str:
    if after:
        names = ", ".join(f"'{c}'" for c in after[:10])
        return (
            f"No feature is left. What differs between the arms ({names}) was written after the treatment, "
            "or the arms were not drawn at random."
        )
    reasons = "; ".join(f"'{item.column}': {item.reason}" for item in left_out[:10])
    return f"No feature is left. {reasons}" if reasons else "The file has no columns to learn from."
