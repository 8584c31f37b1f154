"""From a rounded-down plan to a whole one: first every limit is met, then the room left is used.

Moves add one contact, drop one or swap one for another of the same customer; where no single move helps,
pairs of the cheapest moves are tried. Greedy and deterministic: the best move is made, of equals the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.policy.problem import BoolArray, FloatArray, IntArray, Problem, Rows

PAIRS = 500
"""Cheapest moves combined into pairs."""
ROUNDS = 400
URGENT = 20.0
"""What a missing unit of a limit weighs against money, in the limit's scale."""


@dataclass
class _State:
    choice: BoolArray  # (actions, m)
    room: FloatArray  # (limits,) signed amount left, negative where a limit is broken


def repair(
    problem: Problem,
    rows: Rows,
    choice: BoolArray,
    room: FloatArray,
    prices: FloatArray,
    scale: FloatArray,
    tolerance: FloatArray,
) -> BoolArray | None:
    """A choice (actions, m) of `rows` within all limits, near `choice` and no worse; None where none was
    found.

    room: (limits,) signed amounts left over by everybody, broken limits negative. prices: at the relaxed
    optimum.
    """
    moves = _Moves(problem, rows, prices)
    state = _State(choice.copy(), room.copy())
    for _ in range(ROUNDS):
        if (state.room >= -tolerance).all():
            break
        if not moves.mend(state, scale, tolerance):
            return None
    else:
        return None
    for _ in range(ROUNDS):
        if not moves.gain(state, tolerance):
            break
    return state.choice


class _Moves:
    """Every single move of the rows: what it earns and what it uses. Action `actions` stands for "no
    contact".
    """

    def __init__(self, problem: Problem, rows: Rows, prices: FloatArray) -> None:
        self.rows, self.actions = rows, rows.actions
        limits = len(problem.limits)
        used = np.zeros((limits, rows.actions + 1, rows.size))
        used[:, :-1] = problem.coefficients(rows)
        earned = np.zeros((rows.actions + 1, rows.size))
        earned[:-1] = rows.profit
        before, after = np.divmod(np.arange((self.actions + 1) ** 2), self.actions + 1)
        proper = before != after
        self.before, self.after = before[proper], after[proper]
        self.earns = (earned[self.after] - earned[self.before]).ravel()
        self.uses = (used[:, self.after] - used[:, self.before]).reshape(limits, self.earns.size)
        self.loses = (
            prices @ self.uses - self.earns
        )  # against the relaxed optimum; about >= 0 for every useful move

    def possible(self, choice: BoolArray) -> BoolArray:
        """(moves · m,) which moves the present choice allows."""
        size = self.rows.size
        taken = np.vstack((choice, np.zeros((1, size), dtype=np.bool_)))
        spare = choice.sum(axis=0) < self.rows.cap
        none = self.actions
        leaves = np.where((self.before == none)[:, None], spare, taken[self.before])
        return np.asarray((leaves & ~taken[self.after]).ravel())

    def mend(self, state: _State, scale: FloatArray, tolerance: FloatArray) -> bool:
        """Make the move, or pair of moves, that lessens what is missing most for its money."""
        at = np.flatnonzero(self.possible(state.choice))
        missing = self._missing(state.room[:, None], scale, tolerance)[0]
        after = self._missing(state.room[:, None] - self.uses[:, at], scale, tolerance)
        better = after < missing * (1 - 1e-9)
        if better.any():
            at, after = at[better], after[better]
            self._make(state, at[[int(np.argmin(URGENT * after + self._cost(at)))]])
            return True
        first, second = self._pairs(at, after + np.maximum(self.loses[at], 0.0))
        if first.size == 0:
            return False
        after = self._missing(
            state.room[:, None] - self.uses[:, first] - self.uses[:, second], scale, tolerance
        )
        weight = np.where(
            after < missing * (1 - 1e-9), URGENT * after + self._cost(first) + self._cost(second), np.inf
        )
        best = int(np.argmin(weight))
        if not np.isfinite(weight[best]):
            return False
        self._make(state, np.array([first[best], second[best]]))
        return True

    def gain(self, state: _State, tolerance: FloatArray) -> bool:
        """Make the move, or pair of moves, that earns most within the limits."""
        at = np.flatnonzero(self.possible(state.choice))
        if at.size == 0:
            return False
        least = 1e-12 * max(1e-300, float(np.abs(self.earns).max(initial=0.0)))
        room = (state.room + tolerance)[:, None]
        fits = (self.uses[:, at] <= room).all(axis=0) & (self.earns[at] > least)
        if fits.any():
            single = at[fits]
            self._make(state, single[[int(np.argmax(self.earns[single]))]])
            return True
        first, second = self._pairs(at, self.loses[at])
        if first.size == 0:
            return False
        earns = self.earns[first] + self.earns[second]
        worth = np.flatnonzero(earns > least)
        fits = (self.uses[:, first[worth]] + self.uses[:, second[worth]] <= room).all(axis=0)
        worth = worth[fits]
        if worth.size == 0:
            return False
        best = worth[int(np.argmax(earns[worth]))]
        self._make(state, np.array([first[best], second[best]]))
        return True

    def _pairs(self, at: IntArray, order: FloatArray) -> tuple[IntArray, IntArray]:
        cheapest = at[np.argsort(order, kind="stable")[:PAIRS]]
        first, second = np.triu_indices(cheapest.size, 1)
        first, second = cheapest[first], cheapest[second]
        other = first % self.rows.size != second % self.rows.size
        return first[other], second[other]

    def _cost(self, moves: IntArray) -> FloatArray:
        return np.asarray(-self.earns[moves])

    @staticmethod
    def _missing(room: FloatArray, scale: FloatArray, tolerance: FloatArray) -> FloatArray:
        short = np.where(room < -tolerance[:, None], -room, 0.0)
        return np.asarray(scale @ short)

    def _make(self, state: _State, moves: IntArray) -> None:
        for move in moves:
            kind, row = divmod(int(move), self.rows.size)
            before, after = int(self.before[kind]), int(self.after[kind])
            if before < self.actions:
                state.choice[before, row] = False
            if after < self.actions:
                state.choice[after, row] = True
            state.room -= self.uses[:, move]
