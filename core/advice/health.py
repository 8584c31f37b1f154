"""The health of an experiment in words; the findings bring their own sentences."""

from __future__ import annotations

from collections.abc import Sequence

from core.advice.formats import count
from core.uplift.finding import Finding
from core.uplift.likeness import Unmeasured

EXAMINING = "The arms, their balance, missing values and leaks are being examined…"
ROLES_MISSING = "It is examined as soon as treatment, control and outcome are chosen."
WITHHELD = (
    "The arms of this experiment are not comparable, so no measured profit is shown: what follows is the "
    "model's claim alone. Where the arms were planned otherwise, state their shares, or each customer's "
    "probability of contact; leave out the columns written after the contact; and train again."
)

_WORDS = {"problem": "Problem", "warning": "Warning", "note": "Note", "fine": "Fine"}


_NOTHING = {
    "blocked": "nothing: the arms of the campaign are not comparable",
    "unlike": "nothing: the customers are not like the campaign's",
}


def measured_on(customers: int, *, held_out: bool, unmeasured: Unmeasured = "") -> str:
    """What "Measured on" is followed by: on whom, and that no model had learnt from them.

    held_out: a share was kept out of training; else all were cross-fitted. unmeasured: why on no one.
    """
    if unmeasured:
        return _NOTHING[unmeasured]
    if held_out:
        return f"{count(customers)} customers held out of the campaign"
    return f"{count(customers)} customers, each scored by models that had not seen the customer"


def finding_line(finding: Finding) -> str:
    """'Warning: what was found. What to do.'"""
    return f"{_WORDS[finding.severity]}: {finding.sentence} {finding.action}".strip()


def health_summary(findings: Sequence[Finding], blocked: bool) -> str:
    """How the experiment is, in a sentence."""
    if blocked:
        return "This experiment cannot measure profit as it stands"
    serious = sum(finding.severity in ("problem", "warning") for finding in findings)
    if serious:
        return f"{serious} {'finding needs' if serious == 1 else 'findings need'} thought before you train"
    return "This experiment is fit to measure what a contact changes"
