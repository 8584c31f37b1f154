"""The best contact plan within all limits, with a bound that certifies how far from the best it can be.

Lagrangian prices by zooming (zoom.py), a linear programme of the undecided few (core_lp.py), rounding and
repair (repair.py), and a certificate: profit, use of every limit and bound recomputed on all rows from the
plan itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from core.policy import exact
from core.policy.closed import clearing_prices, without_closed
from core.policy.dual import minimise
from core.policy.feasibility import conflict, minimums, refuse, relaxed_feasible, shortfall
from core.policy.oracle import Prices, Tally, choice, chosen, lagrangian, respond, tally
from core.policy.problem import BoolArray, FloatArray, Limit, Problem, Rows
from core.policy.repair import repair
from core.policy.zoom import CORE, Checkpoint, Diverged, scales, typical, zoom

EXACT_SECONDS = 60.0
Found = TypeVar("Found")


def _unhindered() -> None:
    return


class Contradiction(Exception):  # noqa: N818 - what was found, not a fault
    """No plan meets the limits."""


@dataclass(frozen=True)
class Solution:
    """A whole plan and its certificate.

    choice: (actions, n). prices: (limits,) money a unit of each limit is worth at the margin, >= 0. total:
    the plan's profit, cost and contacts. bound: no plan within the limits earns more. missed: contacts by
    which a best-effort minimum stays short, by key. problem: as solved, best-effort minimums at what could
    be had. asked: its limits as they were asked for.
    """

    problem: Problem
    choice: BoolArray
    prices: FloatArray
    total: Tally
    bound: float
    missed: dict[str, int]
    asked: tuple[Limit, ...] = ()

    @property
    def as_asked(self) -> Problem:
        """The problem with its best-effort minimums in full."""
        return replace(self.problem, limits=self.asked)

    @property
    def value(self) -> float:
        """Profit of the plan, money."""
        return self.total.profit

    @property
    def gap_money(self) -> float:
        """The most a better plan could add."""
        return max(self.bound - self.value, 0.0)

    @property
    def gap(self) -> float:
        """gap_money relative to the bound."""
        return self.gap_money / abs(self.bound) if self.gap_money else 0.0

    def used(self) -> FloatArray:
        """(limits,) left-hand side of each limit."""
        return np.array([self.total.used(limit) for limit in self.problem.limits])


def optimise(
    problem: Problem, *, warm: FloatArray | None = None, checkpoint: Checkpoint = _unhindered
) -> Solution:
    """The plan of highest profit. Raises InfeasibleError naming a minimal conflict where no plan exists.

    warm: prices of a similar problem. checkpoint: called between steps; raises Cancelled to stop.
    """
    opened = without_closed(problem, typical(problem.rows))
    try:
        found = _optimise(opened, warm, checkpoint)
    except Contradiction:
        hard = _hard(problem)
        raise refuse(hard, _whole_conflict(hard, checkpoint)) from None
    found = replace(found, asked=problem.limits)
    if opened is problem:
        return found
    total = replace(found.total, profit=float(problem.rows.profit[found.choice].sum()))
    limits = found.problem.limits
    return replace(
        found,
        problem=replace(problem, limits=limits),
        total=total,
        prices=clearing_prices(replace(problem, limits=limits), found.prices),
    )


def _optimise(problem: Problem, warm: FloatArray | None, checkpoint: Checkpoint) -> Solution:
    found = _attempt(problem, warm, checkpoint)
    if found is not None:
        return found
    hard = _hard(problem)
    if not relaxed_feasible(hard):
        raise Contradiction
    if len(hard.limits) == len(problem.limits):
        return _exactly(problem, checkpoint)
    return _best_effort(problem, hard, checkpoint)


def relaxed(
    problem: Problem, *, warm: FloatArray | None = None, checkpoint: Checkpoint = _unhindered
) -> tuple[float, FloatArray] | None:
    """(profit, prices) of the best fractional plan, None where there is none: a plan's profit but for
    rounding. Best-effort minimums are filled as far as they can be.
    """
    hard = _hard(problem)
    if len(hard.limits) == len(problem.limits):
        return _relaxed(problem, warm, checkpoint)
    found = _relaxed(problem, warm, checkpoint) if relaxed_feasible(problem) else None
    if found is not None or not relaxed_feasible(hard):
        return found

    def filled(reached: Problem) -> tuple[float, FloatArray] | None:
        found = _relaxed(reached, None, checkpoint)
        if found is None:
            return None
        prices = dict(zip((limit.key for limit in reached.limits), found[1].tolist()))
        return found[0], np.array([prices[limit.key] for limit in problem.limits])

    return _as_far_as_possible(problem, hard, filled, checkpoint)


def _relaxed(
    problem: Problem, warm: FloatArray | None, checkpoint: Checkpoint
) -> tuple[float, FloatArray] | None:
    if not problem.limits:
        return certify_free(problem).value, np.zeros(0)
    opened = without_closed(problem, typical(problem.rows))
    scale = scales(opened)
    try:
        core = zoom(opened, scale, checkpoint, warm=warm)
    except Diverged:
        return None
    return None if core.short else (core.value, core.prices)


def certify_free(problem: Problem) -> Solution:
    """Everybody's own best choice: the plan where nothing limits it."""
    found = certify(problem, choice(problem, problem.rows, np.zeros(0)), np.zeros(0))
    assert found is not None  # nothing to break
    return found


def _hard(problem: Problem) -> Problem:
    """The problem without its best-effort minimums."""
    return problem.without(frozenset(limit.key for limit in problem.limits if limit.best_effort))


def _attempt(problem: Problem, warm: FloatArray | None, checkpoint: Checkpoint) -> Solution | None:
    """The plan by prices, core and repair; None where that finds none."""
    if not problem.limits:
        return certify_free(problem)
    scale = scales(problem)
    try:
        core = zoom(problem, scale, checkpoint, warm=warm)
    except Diverged:
        return None
    checkpoint()
    rows = problem.rows.take(core.index)
    start = core.choice[:, core.index]
    room = (
        problem.amounts()
        - core.fixed.uses(problem.limits)
        - tally(rows, start, problem.groups).uses(problem.limits)
    )
    whole = repair(problem, rows, start, room, core.prices, scale, tolerances(problem))
    if whole is None:
        return None
    core.choice[:, core.index] = _earlier_first(rows, whole)
    found = certify(problem, core.choice, core.prices)
    return None if found is None else _sharpened(found, core.outer, scale)


def _earlier_first(rows: Rows, plan: BoolArray) -> BoolArray:
    """The same plan with what equal customers get dealt out in their order, the most profitable first."""
    alike = np.concatenate((rows.profit, rows.cost, rows.cap[None], rows.group[None].astype(float)))
    kind = np.unique(alike, axis=1, return_inverse=True)[1].ravel()
    if kind.size == 0 or kind.max() + 1 == kind.size:
        return plan
    code = (plan * (1 << np.arange(rows.actions))[:, None]).sum(axis=0)
    earns = (rows.profit * plan).sum(axis=0)
    places = np.lexsort((np.arange(kind.size), kind))
    deals = np.lexsort((code, -earns, -plan.sum(axis=0), kind))
    out = np.empty_like(plan)
    out[:, places] = plan[:, deals]
    return out


def _sharpened(solution: Solution, outer: FloatArray, scale: FloatArray) -> Solution:
    """The solution with a better bound, where the core's prices do not hold for everybody.

    That happens where next to nobody is left to choose, e.g. with a budget of zero.
    """
    problem, rows = solution.problem, solution.problem.rows
    usual = 2.0 * len(problem.limits) * max(float(rows.profit.max(initial=0.0)), 0.0)
    if solution.gap <= 1e-4 or solution.gap_money <= 1e-3 * usual:
        return solution
    point = minimise(
        problem,
        lambda prices: respond(problem, rows, prices),
        outer,
        0.0 * scale,
        1e9 * scale,
        scale=scale,
        below=min(solution.value, 0.0) - 1.0 - 1e-6 * abs(solution.value),
        tolerance=1e-7 * max(abs(solution.value), float(scale.min())),
        steps=200,
    )
    if point.value >= solution.bound:
        return solution
    return replace(solution, prices=point.prices, bound=point.value)


def certify(problem: Problem, plan: BoolArray, prices: FloatArray) -> Solution | None:
    """Profit, use and bound recomputed from the plan on all rows; None where a limit or a cap is broken."""
    at = Prices.at(problem, prices)
    actions = len(problem.actions)
    total, answer = Tally.zero(actions, problem.groups), Tally.zero(actions, problem.groups)
    for part, block in problem.rows.blocks():
        taken = plan[:, part]
        if (taken.sum(axis=0, dtype=np.int16) > block.cap).any():
            return None
        total += tally(block, taken, problem.groups)
        answer += tally(block, chosen(at.reduced(block), block), problem.groups)
    room = problem.amounts() - total.uses(problem.limits)
    if (room < -tolerances(problem)).any():
        return None
    bound = lagrangian(problem, answer, prices)
    return Solution(problem, plan, prices, total, bound, {})


def tolerances(problem: Problem) -> FloatArray:
    """(limits,) what counts as met: exactly for counts, a relative billionth for sums of money."""
    out = np.zeros(len(problem.limits))
    for g, limit in enumerate(problem.limits):
        if not limit.counts:
            out[g] = 1e-9 * max(1.0, abs(limit.amount))
    return out


def _exactly(problem: Problem, checkpoint: Checkpoint) -> Solution:
    """The plan by integer programming, where rounding found none; on the undecided few if there are many."""
    scale = scales(problem)
    try:
        core = zoom(problem, scale, checkpoint)
    except Diverged:  # within rounding of infeasible
        raise Contradiction from None
    rows = problem.rows.take(core.index)
    room = problem.amounts() - core.fixed.uses(problem.limits)
    found = exact.solve(_reduced(problem, rows, room), seconds=EXACT_SECONDS, checkpoint=checkpoint)
    if found is None:
        raise Contradiction
    core.choice[:, core.index] = found
    solution = certify(problem, core.choice, core.prices)
    if solution is None:
        raise ArithmeticError("The exact plan breaks a limit.")
    return solution


def _reduced(problem: Problem, rows: Rows, room: FloatArray) -> Problem:
    limits = tuple(
        replace(limit, amount=limit.sign * float(amount) + 0.0) for limit, amount in zip(problem.limits, room)
    )
    return replace(problem, rows=rows, limits=limits)


def _whole_conflict(problem: Problem, checkpoint: Checkpoint) -> tuple[Limit, ...]:
    def whole(candidate: Problem) -> bool:
        checkpoint()
        if not minimums(candidate):
            return True
        if not relaxed_feasible(candidate):
            return False
        if candidate.rows.size > CORE or _attempt(candidate, None, checkpoint) is not None:
            return True
        return (
            exact.solve(candidate, seconds=EXACT_SECONDS, checkpoint=checkpoint, feasibility_only=True)
            is not None
        )

    return conflict(problem, whole)


def _best_effort(problem: Problem, hard: Problem, checkpoint: Checkpoint) -> Solution:
    """The plan whose best-effort minimums are filled as far as possible, with what they still miss."""
    found = _as_far_as_possible(problem, hard, lambda kept: _attempt(kept, None, checkpoint), checkpoint)
    if found is None:
        found = _optimise(hard, None, checkpoint)
    amounts = {limit.key: limit.amount for limit in problem.limits if limit.best_effort}
    used = {limit.key: found.total.used(limit) for limit in problem.limits if limit.best_effort}
    missed = {key: max(round(amounts[key] - used[key]), 0) for key in amounts}
    return replace(found, missed={key: short for key, short in missed.items() if short})


def _as_far_as_possible(
    problem: Problem, hard: Problem, solve: Callable[[Problem], Found | None], checkpoint: Checkpoint
) -> Found | None:
    """What `solve` finds once best-effort minimums are filled in their order, each as far as the ones before
    allow. hard: the problem without them.
    """
    kept = hard
    for limit in problem.limits:
        if not limit.best_effort:
            continue
        checkpoint()
        tried = replace(kept, limits=(*kept.limits, limit))
        short = int(np.ceil(shortfall(tried, frozenset({limit.key})).contacts - 1e-6))
        kept = replace(kept, limits=(*kept.limits, replace(limit, amount=max(limit.amount - short, 0.0))))
    for _ in range(4):
        found = solve(kept)
        if found is not None:
            return found
        # whole contacts reach a little less than fractional ones
        kept = replace(kept, limits=tuple(_one_less(limit) for limit in kept.limits))
    return None


def _one_less(limit: Limit) -> Limit:
    return replace(limit, amount=max(limit.amount - 1.0, 0.0)) if limit.best_effort else limit
