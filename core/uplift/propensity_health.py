"""Stated probabilities of contact: do they fit the experiment, and what do their weights cost?"""

from __future__ import annotations

import numpy as np

from core.advice.formats import count, percent
from core.data.schema import Experiment
from core.uplift.balance import RATIO_LEVEL
from core.uplift.evidence import FloatArray
from core.uplift.finding import Finding
from core.uplift.propensity import contact_ratio_p


def stated(experiment: Experiment, propensity: FloatArray, small: int) -> list[Finding]:
    """The number of contacts against the sum of the probabilities, and how measured figures are weighted.

    small: of an arm, customers below which every number is uncertain; counted here as the weights leave them,
    (Σw)² ÷ Σw² (Kish 1965).
    """
    treated = experiment.treated
    found, expected = int(treated.sum()), float(propensity.sum())
    if contact_ratio_p(treated, propensity) < RATIO_LEVEL:
        ratio = Finding(
            "ratio",
            "problem",
            f"{count(found)} customers were contacted, but the stated probabilities sum to "
            f"{count(expected)}: they are not those of this campaign, or customers were lost or added.",
            "State each customer's probability of contact, or find out who is missing.",
        )
    else:
        sentence = f"{count(found)} customers were contacted, as the stated probabilities would give."
        ratio = Finding("ratio", "fine", sentence)
    return [ratio, _weights(experiment, propensity, small)]


def _weights(experiment: Experiment, propensity: FloatArray, small: int) -> Finding:
    arms = ((1.0 / propensity)[experiment.treated], (1.0 / (1.0 - propensity))[~experiment.treated])
    contacted, control = (float(w.sum() ** 2 / (w @ w)) for w in arms)
    low, high = float(np.min(propensity)), float(np.max(propensity))
    of_contacted, of_control = (count(w.size) for w in arms)
    sentence = (
        f"Measured figures are weighted by the stated probabilities of contact, {percent(low)} to "
        f"{percent(high)}: {of_contacted} contacted customers tell as much as {count(contacted)} "
        f"drawn alike, and {of_control} left alone as much as {count(control)}."
    )
    columns = (experiment.roles.propensity,) if experiment.roles.propensity else ()
    if min(contacted, control) >= small:
        return Finding("propensity", "note", sentence, columns=columns)
    action = "Every number is uncertain: leave out customers who were all but sure to be contacted, or not."
    return Finding("propensity", "warning", sentence, action, columns)
