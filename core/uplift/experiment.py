"""From a campaign file to a validated experiment: arms, outcome, and the features that may be learnt from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.columns import learnable, spreadsheet_row, text, unsaid
from core.data.problems import refuse, row_problems
from core.data.schema import Experiment, Roles
from core.errors import DataError, Problem, SettingError
from core.progress import Progress, part, silent
from core.uplift.features import chosen_features
from core.uplift.propensity import stated_propensity

MAX_ARMS = 50
POOLED_LABEL_LENGTH = 48


def experiment(frame: pd.DataFrame, roles: Roles, progress: Progress = silent) -> Experiment:
    """Validate a campaign and find its features.

    frame: one row a customer, columns as text (CSV, XLSX) or typed (Parquet). Raises DataError: wrong columns
    first, then wrong rows, each with the row number that a spreadsheet shows. Columns written after the
    treatment are left out and named in `left_out`.
    """
    progress("Reading the columns", 0.0)
    _check_columns(frame, roles)
    given = text(frame, roles.treatment).str.strip()
    _check_arms(given, roles)
    kept = np.ones(len(frame), np.bool_)
    if roles.arms:  # rows of other arms take no part; a blank treatment is a mistake, not another arm
        kept = (given.isin((roles.control, *roles.arms)) | given.isna()).to_numpy()

    progress("Checking the rows", 0.2)
    outcome, problems = _outcome(frame, roles.outcome, kept)
    propensity = None
    if roles.propensity is not None:
        propensity, found_wrong = stated_propensity(frame, roles.propensity, kept)
        problems += found_wrong
    ids, id_problems = _ids(frame, roles.id, kept)
    blank = given.isna().to_numpy() & kept
    problems += id_problems
    problems += row_problems(
        blank, given, "The treatment is blank.", "Write the arm, or remove the row.", roles.treatment
    )
    refuse(sorted(problems, key=lambda p: math.inf if p.row is None else p.row))
    if not kept.all():
        frame, outcome = frame.loc[kept].reset_index(drop=True), outcome[kept]
        given, ids = given[kept].reset_index(drop=True), ids[kept].reset_index(drop=True)
        propensity = None if propensity is None else propensity[kept]

    arms = _arms(given, roles)
    outcome, capped = _capped(outcome, roles.cap)
    progress("Looking for columns written after the treatment", 0.4)
    found = chosen_features(frame, roles, arms.original, outcome, part(progress, 0.4, 1.0), propensity)
    counts = np.bincount(arms.code, minlength=len(arms.names))
    shares = counts / counts.sum()
    if propensity is not None:
        shares = np.array([1.0 - propensity.mean(), propensity.mean()])
    return Experiment(
        ids=ids,
        arm=arms.code,
        arms=arms.names,
        outcome=outcome,
        features=found.frame,
        schema=found.schema,
        propensities=tuple(float(share) for share in shares),
        roles=roles,
        left_out=found.left_out,
        pooled=arms.pooled,
        capped=capped,
        propensity=propensity,
    )


def _check_columns(frame: pd.DataFrame, roles: Roles) -> None:
    problems: list[Problem] = []
    columns = [str(c) for c in frame.columns]
    taken = {"treatment": roles.treatment, "outcome": roles.outcome}
    if roles.id is not None:
        taken["id"] = roles.id
    if roles.propensity is not None:
        taken["propensity"] = roles.propensity
    named = list(taken.items())
    named += [("feature", c) for c in roles.features] + [("dropped", c) for c in roles.drop]
    for role, column in named:
        if column not in columns:
            close = get_close_matches(column, columns, n=3, cutoff=0.6)
            lower = [c for c in columns if c.strip().lower() == column.strip().lower()]
            fix = _did_you_mean(list(dict.fromkeys(lower + close)), columns)
            problems.append(Problem(f"The {role} column is not in the file.", fix, column))
    for role, column in taken.items():
        if column in roles.features:
            problems.append(Problem(f"The {role} cannot be a feature too.", "Name other features.", column))
    if len(set(taken.values())) < len(taken):
        kinds = "treatment, outcome, id and propensity" if roles.propensity else "treatment, outcome and id"
        problems.append(Problem(f"One column cannot be {kinds} at once.", "Choose again."))
    if roles.propensity is not None and len(roles.arms) > 1:
        message = f"A probability of contact fits one kind of contact; {len(roles.arms)} are told apart."
        fix = "Name one arm, or none, so that all contacts count as one."
        problems.append(Problem(message, fix, roles.propensity))
    refuse(problems)
    if len(frame) == 0:
        raise DataError("The file has a header but no rows.", "Add one row a customer.")


def _did_you_mean(close: list[str], columns: list[str]) -> str:
    if close:
        return "Did you mean " + " or ".join(f"'{c}'" for c in close[:3]) + "?"
    listed = ", ".join(f"'{c}'" for c in columns[:20])
    return f"The columns are {listed}{' and more' if len(columns) > 20 else ''}."


def _check_arms(given: pd.Series, roles: Roles) -> None:
    counts = given.value_counts()
    values = sorted(str(v) for v in counts.index)
    listed = ", ".join(f"'{v}'" for v in values[:20]) + (" and more" if len(values) > 20 else "")
    column = roles.treatment
    problem: Problem | None = None
    if len(values) > MAX_ARMS:
        problem = Problem(
            f"The treatment has {len(values):,} different values; at most {MAX_ARMS} arms can be compared.",
            "Choose the column that says what each customer got.",
            column,
        )
    elif roles.control not in values:
        close = [v for v in values if v.lower() == roles.control.strip().lower()]
        close += get_close_matches(roles.control, values, n=2, cutoff=0.6)
        fix = f"Did you mean '{close[0]}'? " if close else ""
        problem = Problem(
            "The control is not among the treatment's values.",
            f"{fix}The values are {listed or 'all blank'}.",
            column,
            value=roles.control,
        )
    elif len(values) < 2:
        problem = Problem(
            f"Every customer has the same treatment, {listed}: there is nothing to compare with.",
            "An experiment needs customers who were contacted and customers who were not.",
            column,
        )
    elif roles.control in roles.arms:
        problem = Problem("The control cannot be a contact arm too.", "Leave it out of the arms.", column)
    elif len(set(roles.arms)) < len(roles.arms):
        problem = Problem("An arm is named twice.", "Name each arm once.", column)
    elif unknown := [a for a in roles.arms if a not in values]:
        names = ", ".join(f"'{a}'" for a in unknown)
        problem = Problem(
            f"{names} {'is' if len(unknown) == 1 else 'are'} not among the treatment's values.",
            f"The values are {listed}.",
            column,
        )
    else:
        arms = {name: int(counts[name]) for name in (roles.control, *roles.arms)}
        if not roles.arms:
            arms["any contact"] = int(counts.drop(roles.control).sum())
        small = [name for name, customers in arms.items() if customers < 2]
        if small:
            problem = Problem(
                f"Only one customer is in '{small[0]}'.", "Each arm needs at least two.", column
            )
    refuse([problem] if problem else [])


@dataclass(frozen=True)
class _Arms:
    names: tuple[str, ...]
    code: NDArray[np.int8]
    original: NDArray[np.int64]
    pooled: tuple[str, ...]


def _arms(given: pd.Series, roles: Roles) -> _Arms:
    contacts = roles.arms or tuple(sorted(v for v in given.unique() if v != roles.control))
    index = {name: k for k, name in enumerate((roles.control, *contacts))}
    original = given.map(index).to_numpy().astype(np.int64)
    if roles.arms or len(contacts) == 1:
        return _Arms((roles.control, *contacts), original.astype(np.int8), original, ())
    joined = " + ".join(contacts)
    label = joined if len(joined) <= POOLED_LABEL_LENGTH else f"any of {len(contacts)} contacts"
    return _Arms((roles.control, label), (original > 0).astype(np.int8), original, contacts)


def _outcome(
    frame: pd.DataFrame, column: str, kept: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], list[Problem]]:
    values, problems = learnable(frame, column)
    problems = [p for p in problems if p.row is None or kept[p.row - spreadsheet_row(0)]]
    raw = text(frame, column).reset_index(drop=True)
    flagged = {p.row for p in problems}
    checks = (
        (unsaid(values, raw, problems), "The outcome is missing.", "Write 0 where nothing happened."),
        (np.isinf(values), "The outcome is not a finite number.", "Write the amount."),
        (
            values < 0,
            "The outcome is negative.",
            "Outcomes count from 0: net returns against their orders first.",
        ),
    )
    for wrong, message, fix in checks:
        found = row_problems(wrong & kept, raw, message, fix, column)
        problems += [p for p in found if p.row not in flagged or p.row is None]
    return values, problems


def _capped(outcome: NDArray[np.float64], cap: float | None) -> tuple[NDArray[np.float64], tuple[int, float]]:
    """The outcomes, none above the cap; how many were, and the share of the sum that went."""
    if cap is None:
        return outcome, (0, 0.0)
    if not (math.isfinite(cap) and cap > 0):
        raise SettingError(f"The cap is {cap:g}; it must be an amount above 0.")
    lower = np.minimum(outcome, cap)
    gone = 1.0 - float(lower.sum()) / float(outcome.sum()) if outcome.sum() > 0 else 0.0
    return lower, (int((outcome > cap).sum()), gone)


def _ids(frame: pd.DataFrame, column: str | None, kept: NDArray[np.bool_]) -> tuple[pd.Series, list[Problem]]:
    if column is None:
        return pd.Series(np.arange(len(frame)).astype(str), dtype="str", name="row_id"), []
    ids = text(frame, column).reset_index(drop=True)
    missing = ids.isna().to_numpy()
    repeated = ids.where(kept).duplicated().to_numpy() & ~missing
    problems = row_problems(missing & kept, ids, "The id is missing.", "Every customer needs an id.", column)
    problems += row_problems(
        repeated & kept, ids, "The id occurs in a row before.", "Keep one row a customer.", column
    )
    return ids.rename("row_id"), problems
