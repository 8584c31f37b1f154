"""The plan of a test: what is to be detected, and how many customers and how large a hold-out that takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

import numpy as np

from core.errors import SettingError
from core.policy.economics import FloatArray, IntArray
from core.uplift.design import (
    POWER,
    Outcomes,
    customers_needed,
    holdout_needed,
    power_of,
    smallest_uplift,
)

Kind = Literal["rate", "amount"]
_POINTS = 60  # of the power curve
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a test.

    kind: "rate" (yes/no outcome) or "amount" (money). base: response rate without contact, 0-1 (rate).
    deviation: standard deviation of the amount, money (amount). effect: smallest change to detect, outcome
    units per customer (a share for a rate). holdout: share not contacted. power: probability to see it.
    customers: how many there are to test on, None where that is the question.
    """

    kind: Kind = "rate"
    base: float = 0.10
    deviation: float = 15.0
    effect: float = 0.01
    holdout: float = 0.5
    power: float = POWER
    customers: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SettingError(f"The kind of outcome is '{self.kind}'; it must be one of {', '.join(KINDS)}.")

    @property
    def outcomes(self) -> Outcomes:
        if self.kind == "rate":
            return Outcomes.rate(self.base, self.effect)
        return Outcomes.amount(self.deviation)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Plan, tuple[str, ...]]:
        """Read a URL query. What is missing takes its default; what is wrong too, with a notice."""
        plan, notices = cls(), []
        for spec in fields(cls):
            raw = str(query.get(spec.name) or "").strip()
            if not raw:
                continue
            try:
                plan = replace(plan, **{spec.name: _parse(spec.name, raw)})
                plan.solved()
            except (SettingError, ValueError, OverflowError):
                plan = replace(plan, **{spec.name: getattr(cls(), spec.name)})
                notices.append(f"The link's {spec.name} could not be used; its default stands in its place.")
        return plan, tuple(notices)

    @classmethod
    def stated_by(cls, query: Mapping[str, str]) -> Plan:
        """The plan of a query that must be right; keys that are not a plan's are ignored.

        Raises SettingError where a value is wrong.
        """
        try:
            return cls(
                **{
                    spec.name: _parse(spec.name, query[spec.name])
                    for spec in fields(cls)
                    if spec.name in query
                }
            )
        except ValueError:
            raise SettingError(
                "One of the numbers cannot be read.", "Use digits and a point; customers are whole."
            ) from None

    def to_query(self) -> dict[str, str]:
        """Every control as text; only what is None is left out."""
        values = {spec.name: getattr(self, spec.name) for spec in fields(self)}
        return {
            name: format(value, ".10g") if isinstance(value, float) else str(value)
            for name, value in values.items()
            if value is not None
        }

    def solved(self) -> Solution:
        """What the test takes. Raises SettingError where a number is out of bounds or absurd."""
        outcomes = self.outcomes
        best = min(max(outcomes.best_holdout, 0.01), 0.99)
        needed = customers_needed(self.effect, outcomes, self.holdout, self.power)
        n = self.customers
        return Solution(
            plan=self,
            customers=needed,
            held_out=round(self.holdout * needed),
            best_holdout=best,
            best_customers=customers_needed(self.effect, outcomes, best, self.power),
            power=None if n is None else power_of(n, self.effect, outcomes, self.holdout),
            smallest=None if n is None else smallest_uplift(n, outcomes, self.holdout, self.power),
            holdout=None if n is None else holdout_needed(n, self.effect, outcomes, self.power),
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """What a plan takes. customers, held_out: needed in all and not contacted, at the plan's hold-out.

    best_holdout, best_customers: the share that needs fewest. For the plan's own number of customers: power
    to see the effect, the smallest effect seen, and the smallest hold-out that does (None where none does).
    """

    plan: Plan
    customers: int
    held_out: int
    best_holdout: float
    best_customers: int
    power: float | None
    smallest: float | None
    holdout: float | None

    def power_at(self, customers: int) -> float:
        """Probability to show the plan's effect with so many customers."""
        return replace(self.plan, customers=max(4, customers)).solved().power or 0.0

    def power_curve(self) -> tuple[IntArray, FloatArray]:
        """((k,) customers, (k,) power): to twice what is needed, and past the plan's own number."""
        top = max(2.0 * self.customers, 1.1 * (self.plan.customers or 0))
        sizes = np.unique(np.linspace(max(4.0, top / _POINTS), top, _POINTS).round().astype(np.int64))
        return sizes, np.array([self.power_at(int(size)) for size in sizes])


def stated(
    *,
    base: float | None,
    deviation: float | None,
    effect: float | None,
    profit: float | None,
    worth: float,
    holdout: float = 0.5,
    power: float = POWER,
    customers: int | None = None,
) -> Plan:
    """The plan of what a person states: a rate or an amount, an uplift or a profit difference to detect.

    profit: money per customer; worth: profit of one outcome unit, margin · value. The cost of a contact is
    certain, so it shifts a profit and makes it no harder to measure: profit ÷ worth is the uplift to detect.
    """
    if (base is None) == (deviation is None):
        raise SettingError(
            "State either the base rate of a yes-or-no outcome, or the standard deviation of an amount.",
            "Such as --base 0.10, or --deviation 15.",
        )
    if (effect is None) == (profit is None):
        raise SettingError(
            "State either the smallest uplift to detect, or the smallest profit difference.",
            "Such as --effect 0.01, or --profit 0.10.",
        )
    if effect is None:
        if not (worth > 0 and profit is not None):
            raise SettingError("A profit difference needs a margin and a value above 0.")
        effect = profit / worth
    if base is not None:
        return Plan("rate", base=base, effect=effect, holdout=holdout, power=power, customers=customers)
    assert deviation is not None
    return Plan(
        "amount", deviation=deviation, effect=effect, holdout=holdout, power=power, customers=customers
    )


def _parse(name: str, raw: str) -> Any:
    if name == "kind":
        return raw
    number = float(raw)
    if name != "customers":
        return number
    if not number.is_integer():
        raise ValueError(raw)
    return int(number)
