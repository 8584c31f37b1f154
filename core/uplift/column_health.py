"""What the columns of an experiment say about it: left out, missing, repeated, too good to be true."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.advice.formats import percent
from core.data.schema import Experiment
from core.uplift.balance import MAX_COLUMNS
from core.uplift.finding import Finding, Severity, agreeing, names
from core.uplift.learners.screened import MOST
from core.uplift.preprocess import MAX_LEVELS

MANY_MISSING = 0.2
EXPLAINED = 0.8


def left_out(experiment: Experiment) -> list[Finding]:
    found = []
    after = tuple(item.column for item in experiment.left_out if item.code == "arm")
    copies = tuple(item.column for item in experiment.left_out if item.code == "outcome")
    others = tuple(
        item.column for item in experiment.left_out if item.code in ("constant", "identifier", "dates")
    )
    if after:
        sentence = (
            f"{names(after)} depend on who was contacted, so they were written after it and are not used."
        )
        most = 2 * len(after) >= len(after) + len(experiment.schema)
        action = "If one was known before the contact, the arms were not drawn at random: believe no profit."
        severity: Severity = "warning" if most else "note"
        found.append(Finding("after", severity, agreeing(sentence, after), action, after))
    if copies:
        sentence = f"{names(copies)} say what the outcome was and are not used."
        found.append(Finding("outcome-copy", "note", agreeing(sentence, copies), columns=copies))
    if others:
        sentence = f"{names(others)} are not used: the same, or different, for every customer, or dates."
        found.append(Finding("left-out", "note", agreeing(sentence, others), columns=others))
    return found


def missing(experiment: Experiment) -> list[Finding]:
    share = experiment.features[[feature.column for feature in experiment.schema]].isna().mean()
    holes = share[share > 0].sort_values(ascending=False, kind="stable")
    if holes.empty:
        return [Finding("missing", "fine", "No values are missing.")]
    many = holes[holes > MANY_MISSING]
    columns = tuple(str(name) for name in (holes if many.empty else many).index)
    worst = float(holes.max())
    sentence = f"Values are missing in {names(columns)}, up to {percent(worst, 0)} of the customers."
    if many.empty:
        return [Finding("missing", "note", sentence, columns=columns)]
    return [Finding("missing", "warning", sentence, "Fill them in, or leave the columns out.", columns)]


def levels(experiment: Experiment) -> list[Finding]:
    """Categories of which a model keeps only the most frequent."""
    wide = {
        feature.column: different
        for feature in experiment.schema
        if feature.kind == "categorical"
        and (different := experiment.features[feature.column].nunique()) > MAX_LEVELS
    }
    if not wide:
        return []
    columns = tuple(wide)
    sentence = (
        f"{names(columns)} {'has' if len(wide) == 1 else 'have'} up to {max(wide.values()):,} different "
        f"values; the {MAX_LEVELS} most frequent are told apart, the rest count as one."
    )
    return [Finding("levels", "note", sentence, "Group the values into fewer kinds that matter.", columns)]


def duplicates(experiment: Experiment) -> list[Finding]:
    seen: dict[int, str] = {}
    pairs = []
    for feature in experiment.schema:
        values = experiment.features[feature.column]
        codes = values if feature.kind == "numeric" else pd.Series(pd.factorize(values)[0])
        key = hash(codes.to_numpy(np.float64).tobytes())
        if key in seen:
            pairs.append((seen[key], feature.column))
        seen.setdefault(key, feature.column)
    return [
        Finding("duplicate", "note", f"'{b}' says the same as '{a}'.", "Leave one out.", (a, b))
        for a, b in pairs[:20]
    ]


def leaks(experiment: Experiment) -> list[Finding]:
    """Features that all but determine the outcome: no honest customer attribute explains this much of it."""
    found = []
    outcome = experiment.outcome - experiment.outcome.mean()
    total = float(outcome @ outcome)
    if total == 0.0:
        return []
    for feature in experiment.schema:
        values = experiment.features[feature.column]
        codes, levels = pd.factorize(values, use_na_sentinel=False)
        if len(levels) > len(values) / 20:  # too many levels to compare means: a line, then
            numbers = values.rank().fillna(0).to_numpy(np.float64)
            spread = numbers - numbers.mean()
            explained = (
                float(spread @ outcome) ** 2 / (float(spread @ spread) * total) if spread.any() else 0.0
            )
        else:
            sums = np.bincount(codes, weights=outcome)
            explained = float((sums**2 / np.bincount(codes)).sum()) / total
        if explained > EXPLAINED:
            found.append(
                Finding(
                    "leak",
                    "warning",
                    f"'{feature.column}' explains {percent(explained, 0)} of the outcome: it was probably "
                    "written with it.",
                    "Leave the column out unless it was known before the campaign.",
                    (feature.column,),
                )
            )
    return found


def width(experiment: Experiment) -> list[Finding]:
    """More features than the customers can tell apart, or than a learner reads (`learners.screened`)."""
    features = len(experiment.schema)
    smallest = int(np.bincount(experiment.arm).min())
    numbers = sum(feature.kind == "numeric" for feature in experiment.schema)
    encoded = numbers + sum(
        min(experiment.features[feature.column].nunique(), MAX_LEVELS + 1)
        for feature in experiment.schema
        if feature.kind == "categorical"
    )
    if features <= max(50, smallest / 10) and encoded <= MOST:
        return []
    sentence = f"There are {features:,} features for {smallest:,} customers in the smallest arm."
    if encoded > MOST:
        told = "" if encoded == features else f" ({encoded:,} with a column for each category)"
        sentence += (
            f" A model reads the {MOST} columns{told} that tell most of the outcome and the effect among the "
            "customers it learns from; the others have no say."
        )
    if features > MAX_COLUMNS:
        sentence += f" The arms are compared in the first {MAX_COLUMNS} columns together, in each one by one."
    action = (
        "Name the dozen that matter (--features on the command line), or leave out the rest: they add noise."
    )
    return [Finding("wide", "warning", sentence, action)]
