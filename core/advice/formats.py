"""Money, percents and counts as every page, file and sentence shows them."""

from __future__ import annotations

import math

from core.estimate import Estimate
from core.settings import currency

_MINUS = "−"


def money(amount: float, *, cents: bool | None = None, sign: bool = False) -> str:
    """Money in the installation's one currency: '€4,910', '−€12.50', with `sign` also '+€3'.

    cents None: shown below 100. 'not known' where the amount is not finite.
    """
    if not math.isfinite(amount):
        return "not known"
    size = abs(amount)
    digits = 2 if (size < 100 if cents is None else cents) else 0
    text = f"{size:,.{digits}f}"
    is_zero = size < 1 and float(text) == 0
    if is_zero:
        text = "0"
    mark = _MINUS if amount < 0 and not is_zero else "+" if sign and not is_zero else ""
    return f"{mark}{currency()}{text}"


def percent(share: float, digits: int = 1) -> str:
    """A share (0-1) as a percent with one digit: '18.4 %'."""
    if not math.isfinite(share):
        return "not known"
    text = f"{abs(share) * 100:,.{digits}f}"
    return f"{_MINUS if share < 0 and float(text.replace(',', '')) != 0 else ''}{text} %"


def count(number: float) -> str:
    """A whole number with thousands separators."""
    return f"{round(number):,}".replace("-", _MINUS)


def signed(value: float, digits: int = 3) -> str:
    """A number without unit: '−0.012', '0.000', 'not known'."""
    if not math.isfinite(value):
        return "not known"
    text = f"{abs(value):,.{digits}f}"
    return f"{_MINUS if value < 0 and float(text.replace(',', '')) != 0 else ''}{text}"


def ends(estimate: Estimate) -> str:
    """'€3,110 to €6,710': the interval of an amount of money, where its level stands elsewhere."""
    cents = max(abs(estimate.lo), abs(estimate.hi)) < 100
    return f"{money(estimate.lo, cents=cents)} to {money(estimate.hi, cents=cents)}"


def plus_minus(estimate: Estimate, *, sign: bool = False) -> str:
    """'€4,910 ± €1,800': the value and half the width of its interval."""
    half = (estimate.hi - estimate.lo) / 2
    cents = abs(estimate.value) < 100 and half < 100
    return f"{money(estimate.value, cents=cents, sign=sign)} ± {money(half, cents=cents)}"


def interval(estimate: Estimate) -> str:
    """'90 % interval €3,110 to €6,710'."""
    return f"{percent(estimate.level, 0)} interval {ends(estimate)}"
