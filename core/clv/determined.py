"""Whether orders determine what is predicted from them, or only some parameters that happen to fit best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.clv import words
from core.clv.rows import FloatArray

KNOWN = 1.0
"""Standard error of a rate's logarithm from which on the rate is not known: its 90 % interval then spans a
factor of exp(2 · 1.645), 27."""
REPEATERS = 10
"""Customers with a repeat order for each parameter: the rule of ten events (Peduzzi et al., 1996)."""
_RATES = (("r", "alpha", words.PACE), ("a", "b", words.LEAVING), ("s", "beta", words.LEAVING))


def undetermined(names: Sequence[str], covariance: FloatArray, repeaters: int) -> str:
    """Why a purchase model's predictions are not determined, for people; "" where they are.

    names: (d,) parameters. covariance: (d, d) of their logarithms, flat directions capped at `fitted.LOOSE`.
    repeaters: customers with a repeat order, the only ones who tell anything about pace and leaving.

    Rule: ten repeaters for each parameter, and both rates known: how often customers order (r ÷ alpha) and
    how readily they leave (a ÷ b, or s ÷ beta). Why the rates and not the parameters: a pair that grows
    without bound together says that customers are alike; the ratio is then known, and with it every
    prediction (Online Retail II under Pareto/NBD). A flat ratio, such as a leaving rate at 0 or at a bound,
    has no such limit: nobody leaves and everybody leaves may fit as well, and sigma points that stop at the
    cap of the covariance would make an interval of it that is far too short.
    """
    needed = REPEATERS * len(names)
    if repeaters < needed:
        return words.TOO_FEW_REPEAT.format(
            customers=words.people(repeaters), parameters=len(names), needed=needed
        )
    flat = []
    for upper, lower, what in _RATES:
        if upper in names and lower in names:
            along = np.array([(name == upper) - (name == lower) for name in names], dtype=np.float64)
            if float(along @ covariance @ along) >= KNOWN**2:
                flat.append(what)
    return words.UNKNOWN_RATES.format(rates=" and ".join(flat)) if flat else ""
