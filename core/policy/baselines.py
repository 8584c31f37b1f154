"""What simple rules would have done, for comparison: contacts taken in order while everything still fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.policy.oracle import Tally, tally
from core.policy.problem import BoolArray, FloatArray, IntArray, Problem

BY_PROFIT = "Highest profit first"
BY_RETURN = "Highest profit per cost first"
MINIMUMS_FIRST = "Minimums first, then profit per cost"


@dataclass(frozen=True)
class Baseline:
    """A simple rule's plan. broken: keys of the minimums it misses."""

    name: str
    choice: BoolArray
    total: Tally
    broken: tuple[str, ...]


def baselines(problem: Problem) -> tuple[Baseline, ...]:
    """The three rules people use, none of which knows how far from the best it is."""
    rows = problem.rows
    profit = rows.profit.ravel()
    rate = (rows.profit / np.maximum(rows.cost, 1e-9)).ravel()
    needed = np.zeros(rows.profit.shape, dtype=np.bool_)
    return (
        _greedy(problem, BY_PROFIT, _descending(profit, profit > 0), needed),
        _greedy(problem, BY_RETURN, _descending(rate, profit > 0), needed),
        _greedy(problem, MINIMUMS_FIRST, _descending(rate, profit > 0), _minimums(problem, rate)),
    )


def _descending(key: FloatArray, worth: BoolArray) -> IntArray:
    at = np.flatnonzero(worth)
    return at[np.argsort(-key[at], kind="stable")]


def _minimums(problem: Problem, key: FloatArray) -> BoolArray:
    """The best contacts that fill each minimum, within the other limits."""
    choice = np.zeros(problem.rows.profit.shape, dtype=np.bool_)
    for limit in problem.limits:
        if limit.sense == "<=" or limit.on_profit or limit.on_cost:
            continue
        inside = limit.on_count[:, problem.rows.group] > 0
        missing = int(limit.amount) - int(np.count_nonzero(inside & choice))
        choice = _take(problem, choice, _descending(key, inside.ravel()), most=max(missing, 0))
    return choice


def _greedy(problem: Problem, name: str, order: IntArray, start: BoolArray) -> Baseline:
    choice = _take(problem, start, order)
    total = Tally.zero(len(problem.actions), problem.groups)
    for part, block in problem.rows.blocks():
        total += tally(block, choice[:, part], problem.groups)
    broken = tuple(
        limit.key
        for limit in problem.limits
        if limit.sense == ">=" and total.used(limit) < limit.amount - 1e-9 * max(1.0, abs(limit.amount))
    )
    return Baseline(name, choice, total, broken)


def _take(problem: Problem, start: BoolArray, order: IntArray, most: int | None = None) -> BoolArray:
    """`start` with the contacts of `order` added one by one, each if the customer and every maximum allow it.

    Whole runs are taken at once: up to the first contact that does not fit, then without the exhausted kind.
    """
    rows, size = problem.rows, problem.rows.size
    choice = start.copy()
    flat = choice.ravel()
    limits = [limit for limit in problem.limits if limit.sense == "<="]
    order = order[~flat[order]]
    left = rows.cap - choice.sum(axis=0).astype(np.int64)
    used = np.zeros(len(limits))
    before = Tally.zero(len(problem.actions), problem.groups)
    for part, block in rows.blocks():
        before += tally(block, choice[:, part], problem.groups)
    for g, limit in enumerate(limits):
        used[g] = before.used(limit)
    taken = 0
    while order.size and (most is None or taken < most):
        person, action = order % size, order // size
        open_ = left[person] > _earlier(person)
        use = np.array(
            [
                limit.on_count[action, rows.group[person]] + limit.on_cost * rows.cost[action, person]
                for limit in limits
            ]
        ).reshape(len(limits), order.size)
        room = np.array([limit.amount for limit in limits]) - used
        fits = (np.cumsum(use * open_, axis=1) <= room[:, None] * (1 + 1e-12) + 1e-9).all(axis=0) | ~open_
        stop = order.size if fits.all() else int(np.argmin(fits))
        now = np.flatnonzero(open_[:stop])
        if most is not None:
            now = now[: most - taken]
        flat[order[now]] = True
        np.subtract.at(left, person[now], 1)
        used += use[:, now].sum(axis=1)
        taken += now.size
        room = np.array([limit.amount for limit in limits]) - used
        rest = np.zeros(order.size, dtype=np.bool_)
        rest[:] = True
        rest[now] = False
        rest &= (left[person] > 0) & (use <= room[:, None] * (1 + 1e-12) + 1e-9).all(axis=0)
        if now.size == 0 and rest.sum() == order.size:
            rest[stop] = False
        order = order[rest]
    return choice


def _earlier(person: IntArray) -> IntArray:
    """For each entry, how many earlier entries are of the same person."""
    by = np.argsort(person, kind="stable")
    sorted_ = person[by]
    first = np.concatenate(([True], sorted_[1:] != sorted_[:-1]))
    starts = np.flatnonzero(first)
    run = np.arange(person.size) - np.repeat(starts, np.diff(np.append(starts, person.size)))
    out = np.empty(person.size, dtype=np.int64)
    out[by] = run
    return out
