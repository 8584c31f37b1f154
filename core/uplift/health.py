"""Experiment health: what a marketer should know about a campaign before believing any number from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.advice.formats import percent
from core.data.schema import Experiment
from core.progress import Progress, silent
from core.uplift.balance import (
    RATIO_LEVEL,
    SMD_NOTABLE,
    JointTest,
    balance,
    joint_test,
    sample_ratio_p,
    simple_plan,
)
from core.uplift.column_health import duplicates, leaks, left_out, levels, missing, width
from core.uplift.finding import Finding
from core.uplift.finding import names as listed
from core.uplift.learners.bases import one_thread
from core.uplift.outcome_health import outcome
from core.uplift.propensity_health import stated

JOINT_LEVEL = 0.001
SMALL_ARM = 200
TELL_APART = "To tell them apart, choose it under “Several kinds of contact” (--arms on the command line)."
BLOCKING = ("ratio", "balance")
"""Findings that forbid measured profit where they are a problem."""
AFTERWARDS = (
    "If it was written after the contact, say so by leaving it out (Leave out on the Data page, --drop on "
    "the command line)."
)
LIKELIER = (
    "If contact was likelier for some by design, name the column with each customer's chance of contact "
    "(--propensity on the command line)."
)


@dataclass(frozen=True)
class Health:
    """All findings, most severe first. arms: frame of arm, customers, share, planned (NaN where not stated),
    mean_outcome. balance: as `core.uplift.balance.balance`. blocked: measured profit must not be shown,
    because the arms are not comparable, until the planned shares, or each customer's propensity, are stated
    and fit."""

    findings: tuple[Finding, ...]
    arms: pd.DataFrame
    balance: pd.DataFrame
    joint: JointTest
    blocked: bool


_ORDER = {"problem": 0, "warning": 1, "note": 2, "fine": 3}


@one_thread()  # of thousands of columns, each sum is too small to share
def health(
    experiment: Experiment, planned: tuple[float, ...] | None = None, progress: Progress = silent
) -> Health:
    """Examine an experiment. planned: (k,) shares of the arms by design, control first; None where unknown.

    An experiment with stated propensities is judged by them: the number of contacts against their sum, the
    features after weighting. Raises SettingError where `planned` is not a set of shares.
    """
    progress("Comparing the arms", 0.0)
    counts = np.bincount(experiment.arm, minlength=len(experiment.arms))
    findings = _arms(experiment, counts)
    if experiment.propensity is None:
        findings.append(_ratio(experiment, counts, planned))
    else:
        planned = experiment.propensities
        findings += stated(experiment, experiment.propensity, SMALL_ARM)
    progress("Comparing the features between the arms", 0.2)
    table, joint = balance(experiment), joint_test(experiment)
    findings += _balance(experiment, table, joint)
    progress("Looking at the columns", 0.6)
    findings += [
        *left_out(experiment),
        *missing(experiment),
        *levels(experiment),
        *duplicates(experiment),
        *leaks(experiment),
        *width(experiment),
    ]
    progress("Looking at the outcome", 0.9)
    findings += outcome(experiment)
    arms = pd.DataFrame(
        {
            "arm": list(experiment.arms),
            "customers": counts,
            "share": counts / counts.sum(),
            "planned": planned if planned is not None else np.full(counts.size, np.nan),
            "mean_outcome": [
                float(experiment.outcome[experiment.arm == k].mean()) for k in range(counts.size)
            ],
        }
    )
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    blocked = any(f.code in BLOCKING and f.severity == "problem" for f in findings)
    progress("Done", 1.0)
    return Health(tuple(findings), arms, table, joint, blocked)


def _arms(experiment: Experiment, counts: np.ndarray) -> list[Finding]:
    small = [name for name, count in zip(experiment.arms, counts) if count < SMALL_ARM]
    found = []
    if experiment.pooled:
        names = ", ".join(experiment.pooled)
        found.append(Finding("arms", "note", f"{names} are treated as one contact.", TELL_APART))
    if small:
        found.append(
            Finding(
                "size",
                "warning",
                f"Only {int(counts.min()):,} customers are in '{small[0]}': every number is uncertain.",
                "Use the results to design a larger test, not to decide.",
            )
        )
    return found


def _ratio(experiment: Experiment, counts: np.ndarray, planned: tuple[float, ...] | None) -> Finding:
    shares = " / ".join(percent(count / counts.sum()) for count in counts)
    if planned is not None:
        p = sample_ratio_p(counts, planned)
        wanted = " / ".join(percent(share) for share in planned)
        if p < RATIO_LEVEL:
            return Finding(
                "ratio",
                "problem",
                f"The arms hold {shares} of the customers, but {wanted} was planned: customers were lost "
                "or added after the draw, and not by chance.",
                "Find out who is missing before you measure anything.",
            )
        return Finding("ratio", "fine", f"The arms hold {shares} of the customers, as planned.")
    if simple_plan(counts) is None:
        return Finding(
            "ratio",
            "note",
            f"The arms hold {shares} of the customers, which is no simple plan.",
            "State the planned shares, so that they can be checked.",
        )
    return Finding("ratio", "fine", f"The arms hold {shares} of the customers, as a simple plan would give.")


def _balance(experiment: Experiment, table: pd.DataFrame, joint: JointTest) -> list[Finding]:
    after = [item.column for item in experiment.left_out if item.code in ("arm", "chose")]
    suspects = tuple(item.column for item in experiment.left_out if item.code == "chose")
    tested = len(after) + len(experiment.schema)
    worst = table[table["smd"].abs() > SMD_NOTABLE]["feature"].tolist()
    weighted = "" if experiment.propensity is None else ", weighted by the stated probabilities"
    before = [column for column in after if column in experiment.roles.features]  # as the user says
    if before:
        return [
            Finding(
                "balance",
                "problem",
                f"The arms differ in {listed(tuple(before))}{weighted}, which you named as known before the "
                "campaign: they were not drawn at random, and a difference in outcome may come from who was "
                "chosen.",
                "Use a randomised campaign, or leave out what was written after the contact. "
                + ("Check the stated probabilities." if weighted else LIKELIER),
                tuple(before),
            )
        ]
    if joint.p < JOINT_LEVEL or (len(after) >= 3 and 2 * len(after) > tested):
        columns = tuple(worst or after)
        return [
            Finding(
                "balance",
                "problem",
                "The arms differ in what was known before the campaign, so they were not drawn at random: "
                "a difference in outcome may come from who was chosen, not from the contact.",
                "Use a randomised campaign. If only some customers could be contacted, keep those alone. "
                + ("Check the stated probabilities." if experiment.propensity is not None else LIKELIER),
                columns,
            )
        ]
    if suspects:
        subject = "each of them" if len(suspects) > 1 else "it"
        sentence = (
            f"The arms differ in {listed(suspects)}{weighted}: either {subject} had a say in who was "
            "contacted, and a difference in outcome may come from who was chosen, or was written after "
            "the contact."
        )
        remedy = "Check the stated probabilities." if weighted else LIKELIER
        return [Finding("balance", "problem", sentence, f"{AFTERWARDS} {remedy}", suspects)]
    if worst:
        names = ", ".join(f"'{name}'" for name in worst[:5])
        sentence = f"The arms differ somewhat in {names}{weighted}; together no more than chance allows."
        return [Finding("balance", "note", sentence, columns=tuple(worst))]
    sentence = f"The arms are alike in every feature{weighted}, as a random draw makes them."
    return [Finding("balance", "fine", sentence)]
