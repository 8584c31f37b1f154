"""The rules about single customers (suppression, fatigue, hold-out): whom each keeps out, and its cost.

They are caps on the programme's customers and no limits of it, so they have no price: the plan is solved
again without each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from core.advice.conditions import rule_phrase
from core.policy.closed import without_closed
from core.policy.constraints import CUSTOMER_RULES, Constraints, CustomerRule
from core.policy.formulation import Formulation, caps
from core.policy.offers import Offers
from core.policy.optimizer import Solution, relaxed
from core.policy.oracle import Prices
from core.policy.problem import BoolArray, IntArray, Problem
from core.policy.shadow import relaxed_value
from core.policy.zoom import Checkpoint, typical

LEVEL = 1e-7
"""Profit after prices, relative to a contact's worth, up to which a customer stands level with others."""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """A rule in a plan, against the plan without it (contacts per customer: with one more).

    customers: whom it alone keeps a contact from. paying: those of them whom it would pay to contact. shared:
    more of whom that holds, but whom another rule keeps out as well. binding: whether the plan would take
    some of the paying. gain: what it would then have more, money; None before `solved_without`.
    """

    key: CustomerRule
    words: str
    customers: int
    paying: int
    shared: int
    binding: bool
    gain: float | None = None


def rule_uses(formulation: Formulation, solution: Solution) -> tuple[RuleUse, ...]:
    """Every rule that is set, and suppression where a customer is suppressed."""
    offers, asked = formulation.offers, formulation.constraints
    present = tuple(key for key in CUSTOMER_RULES if _present(key, offers, asked))
    if not present:
        return ()
    rows = solution.problem.rows
    pays = np.count_nonzero(rows.profit > 0, axis=0)
    free = caps(*_lifted(offers, asked, present))[1]
    out = []
    for key in present:
        problem = _without(formulation, solution.problem, key)
        more = problem.rows.cap
        paying = _gained(pays, rows.cap, more)
        others = tuple(other for other in present if other != key)
        alone = _gained(pays, caps(*_lifted(offers, asked, others))[1], free)
        out.append(
            RuleUse(
                key,
                rule_phrase(key, asked),
                int(np.count_nonzero(more > rows.cap)),
                int(np.count_nonzero(paying)),
                int(np.count_nonzero(alone & ~paying)),
                bool(paying.any()) and _taken(problem, solution, rows.cap),
            )
        )
    return tuple(out)


def solved_without(
    formulation: Formulation,
    solution: Solution,
    found: Iterable[RuleUse],
    checkpoint: Checkpoint = lambda: None,
) -> tuple[RuleUse, ...]:
    """The same with `gain`: the best plan without each rule, rounding aside, less the plan."""
    base, out = None, []
    for use in found:
        gain = 0.0
        if use.paying:
            base = relaxed_value(solution, checkpoint) if base is None else base
            problem = _without(formulation, solution.as_asked, use.key)
            best = relaxed(problem, warm=solution.prices, checkpoint=checkpoint)
            gain = 0.0 if best is None else best[0] - base
        out.append(replace(use, gain=gain))
    return tuple(out)


def _present(key: CustomerRule, offers: Offers, asked: Constraints) -> bool:
    if key == "suppressed":
        return bool(offers.suppressed.any())
    return bool(getattr(asked, key) != getattr(Constraints(), key))


def _lifted(offers: Offers, asked: Constraints, keys: Iterable[CustomerRule]) -> tuple[Offers, Constraints]:
    """The offers and constraints without these rules; of contacts a customer, one more is allowed."""
    for key in keys:
        if key == "suppressed":
            offers = replace(offers, suppressed=np.zeros_like(offers.suppressed))
        elif key == "max_per_customer":
            asked = replace(asked, max_per_customer=asked.max_per_customer + 1)
        else:
            asked = replace(asked, **{key: getattr(Constraints(), key)})
    return offers, asked


def _without(formulation: Formulation, problem: Problem, key: CustomerRule) -> Problem:
    cap = caps(*_lifted(formulation.offers, formulation.constraints, (key,)))[1]
    return replace(problem, rows=replace(problem.rows, cap=cap))


def _gained(wanted: IntArray, cap: np.ndarray, more: np.ndarray) -> BoolArray:
    """(n,) who gets more of the contacts wanted ((n,) each) with the caps `more`."""
    return np.asarray(np.minimum(wanted, more) > np.minimum(wanted, cap))


def _taken(problem: Problem, solution: Solution, cap: np.ndarray) -> bool:
    """Whether at the plan's prices a customer would be contacted whom `cap` keeps out."""
    worth = typical(problem.rows)
    opened = without_closed(problem, worth)
    reduced = Prices.at(opened, solution.prices).reduced(opened.rows)
    wanted = np.count_nonzero(reduced > LEVEL * worth, axis=0)
    return bool(_gained(wanted, cap, problem.rows.cap).any())
