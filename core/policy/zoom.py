"""From all customers to the few whose choice the last decimals of the prices decide.

Prices that minimise the dual come from a sample first. In a box around them most customers choose alike
whatever the price: they are decided, their sums are constants. A sample of the others, beside those exact
constants, gives prices several times sharper, hence a smaller box; and so on, until few enough are left for
a linear programme. A minimum on a box's wall means the box was too small: go back one level and widen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.policy.core_lp import relax
from core.policy.dual import DualPoint, minimise
from core.policy.oracle import Tally, respond, undecided
from core.policy.problem import BoolArray, FloatArray, IntArray, Problem, Rows

CORE = 1_200
"""Most customers in the linear programme: about 30 ms of HiGHS, and plenty for a good rounding."""
SAMPLE = 16_000
WHOLE = 48_000
"""Rows up to which the dual is minimised on all of them."""
WIDTH = 0.15
"""Half-width of the first box as a share of price plus a quarter of the limit's scale."""
SHRINK = 0.25
"""Each box against the one before: several standard errors of prices from SAMPLE undecided rows."""
SHARP = 0.15
"""Error of the prices against the half-width of the next box."""
TRIES = 6
TIE_BREAK = 1e-7
"""Share of a typical profit by which equal offers are told apart, earlier rows first."""

Checkpoint = Callable[[], None]
"""Called between steps; raises Cancelled to stop."""


class Diverged(ArithmeticError):  # noqa: N818 - what happened, not a fault
    """The dual falls below any plan's profit: some limits contradict each other."""


@dataclass(frozen=True)
class Core:
    """The customers left undecided, chosen for by a linear programme, beside everybody else's choice.

    index: (m,) their row numbers. choice: (actions, n) everybody's choice, theirs rounded down. fixed: the
    others' tally. prices: (limits,) at the optimum; outer: where the dual was last minimised, the bound to
    fall back on. value: profit of the fractional plan. short: it breaks a limit, as no plan within them was
    found.
    """

    index: IntArray
    choice: BoolArray
    fixed: Tally
    prices: FloatArray
    outer: FloatArray
    value: float
    short: bool = False


@dataclass(frozen=True)
class _Level:
    """Rows (`index`; None for all) undecided in the box [low, high] of prices; the tally of the others."""

    index: IntArray | None
    left: Rows
    fixed: Tally
    low: FloatArray
    high: FloatArray
    half: FloatArray
    tied: bool = False  # a smaller box decided next to nobody

    def touched(self, prices: FloatArray) -> bool:
        """Whether prices lie on a wall of the box other than zero."""
        near = 0.01 * (self.high - self.low)
        walls = ((prices <= self.low + near) & (self.low > 0)) | (prices >= self.high - near)
        return bool(walls.any())


def zoom(
    problem: Problem, scale: FloatArray, checkpoint: Checkpoint, *, warm: FloatArray | None = None
) -> Core:
    """The best fractional plan, all but at most CORE customers decided.

    scale: (limits,) see `scales`. warm: prices to start from. Raises Diverged where limits contradict each
    other.
    """
    search = _Search(problem, scale)
    prices = 0.0 * scale if warm is None else warm
    tries, known, slack = 0, np.inf, 0.0
    good: Core | None = None
    while True:
        checkpoint()
        level = search.levels[-1]
        if level.left.size <= CORE:
            core = search.solve(level, prices)
            far = known - core.value > search.exactness * abs(known) + 2.0 * slack
            if len(search.levels) == 1 or not (core.short or far):
                return core
            if good is None or good.short or (core.value > good.value and not core.short):
                good = replace(core, choice=core.choice.copy())
            if tries == TRIES:
                return good
            prices = np.clip(core.prices, search.levels[-2].low, search.levels[-2].high)
            off = True
        else:
            point, slack = search.minimum(level, prices)
            prices = point.prices
            known = point.value if level.left.size <= WHOLE else np.inf
            off = level.touched(prices) and len(search.levels) > 1 and tries < TRIES
        least = 0.0 * scale
        if off:
            tries, least = tries + 1, 4.0 * level.half
            search.back(prices)
        search.narrow(prices, least)
        if search.levels[-1].tied and not search.told_apart:
            search, prices = _Search(_told_apart(problem), scale, told_apart=True), 0.999 * prices
            tries = 0


class _Search:
    """The boxes so far, each inside the one before."""

    def __init__(self, problem: Problem, scale: FloatArray, told_apart: bool = False) -> None:
        self.problem, self.scale, self.told_apart = problem, scale, told_apart
        self.typical = typical(problem.rows)
        self.exactness = TIE_BREAK if told_apart else 1e-9  # a trifle is not worth a wider box
        self.choice: BoolArray = np.zeros(problem.rows.profit.shape, dtype=np.bool_)
        nobody = Tally.zero(len(problem.actions), problem.groups)
        self.levels = [_Level(None, problem.rows, nobody, 0.0 * scale, 1e6 * scale, scale)]

    def minimum(self, level: _Level, prices: FloatArray) -> tuple[DualPoint, float]:
        """(the dual's minimum on the level's rows or a sample of them, the error allowed, money)."""
        left = level.left
        picked = left if left.size <= WHOLE else sample(left, self.problem.groups, SAMPLE)
        # the dual is about a parabola in the box: an error e of the prices costs e² of how far it moves there
        moves = float((level.half / self.scale).mean()) * self.typical * left.size
        first = level.index is None
        slack = moves * (1e-6 if first else 0.5 * (SHARP * self._shrink(level)) ** 2)
        point = minimise(
            self.problem,
            lambda at: level.fixed + respond(self.problem, picked, at),
            prices,
            level.low,
            level.high,
            scale=level.half,
            below=level.fixed.profit + floor_of(picked),
            tolerance=slack,
        )
        if point.unbounded:
            raise Diverged
        return point, slack

    def back(self, prices: FloatArray) -> None:
        """Leave the last level, and every other on whose wall the prices lie."""
        self.levels.pop()
        while len(self.levels) > 1 and self.levels[-1].touched(prices):
            self.levels.pop()

    def narrow(self, prices: FloatArray, least: FloatArray) -> None:
        """Add a smaller box around `prices`, of half-width `least` at least."""
        level = self.levels[-1]
        if level.index is None:
            width = WIDTH * (0.25 if level.left.size <= WHOLE else 1.0)
            half = width * (prices + 0.25 * self.scale)
        else:
            half = level.half * self._shrink(level)
        half = np.maximum(half, least)
        low, high = np.maximum(prices - half, level.low), np.minimum(prices + half, level.high)
        open_, choice, decided = undecided(self.problem, level.left, low, high)
        still = np.flatnonzero(open_)
        if level.index is None:
            self.choice = choice
        else:
            self.choice[:, level.index] = choice
        index = still if level.index is None else level.index[still]
        tied = still.size > max(CORE, 0.95 * level.left.size) and level.index is not None
        left = level.left.take(still)
        self.levels.append(_Level(index, left, level.fixed + decided, low, high, half, tied))

    def solve(self, level: _Level, outer: FloatArray) -> Core:
        """The linear programme of the level's rows."""
        room = self.problem.amounts() - level.fixed.uses(self.problem.limits)
        relaxed = relax(self.problem, level.left, room, self.scale)
        index = np.arange(level.left.size) if level.index is None else level.index
        self.choice[:, index] = relaxed.share > 1.0 - 1e-6
        value = level.fixed.profit + relaxed.value
        missed = relaxed.short > 1e-6 * np.maximum(np.abs(self.problem.amounts()), 1.0)
        return Core(index, self.choice, level.fixed, relaxed.prices, outer, value, bool(missed.any()))

    @staticmethod
    def _shrink(level: _Level) -> float:
        return 0.6 * CORE / level.left.size if level.left.size <= WHOLE else SHRINK


def _told_apart(problem: Problem) -> Problem:
    """The same problem with equal offers told apart by a trifle: earlier rows first, then by action."""
    rows = problem.rows
    trifle = TIE_BREAK * typical(rows)
    place = np.arange(rows.size) / max(rows.size, 1)
    profit = rows.profit.copy()
    for k in range(rows.actions):
        scattered = (np.arange(rows.size) * ((k + 1) * 0.6180339887498949)) % 1.0
        profit[k] -= trifle * (place + 0.5 * scattered)
    return replace(problem, rows=replace(rows, profit=profit))


def typical(rows: Rows) -> float:
    """The mean positive profit of about 4,096 rows, money: what a contact is about worth."""
    profits = rows.profit[:, :: max(1, rows.size // 4096)]
    positive = profits[profits > 0]
    worth = (
        float(positive.mean()) if positive.size else float(np.abs(profits).mean()) if profits.size else 1.0
    )
    return max(worth, 1e-9)


def scales(problem: Problem) -> FloatArray:
    """(limits,) about what a unit of each limit is worth: a positive profit per contact, cost or profit."""
    rows = problem.rows
    worth = typical(rows)
    costs = rows.cost[:, :: max(1, rows.size // 4096)]
    cost = max(float(costs.mean()) if costs.size else 0.0, 1e-3 * worth)
    out = np.full(len(problem.limits), worth)
    for g, limit in enumerate(problem.limits):
        if limit.on_profit:
            out[g] = 1.0 / abs(limit.on_profit)
        elif limit.on_cost:
            out[g] = worth / cost
    return out


def sample(rows: Rows, groups: int, size: int) -> Rows:
    """About `size` rows, spread evenly over each group, weighted to stand for all; small groups whole."""
    order = np.argsort(rows.group, kind="stable")
    counts = np.bincount(rows.group, minlength=groups)
    whole = min(400, size // (2 * np.count_nonzero(counts)))
    picked, weights, start = [], [], 0
    for count in counts.tolist():
        wanted = min(count, max(round(size * count / rows.size), whole))
        if wanted:
            picked.append(order[start + (2 * np.arange(wanted) + 1) * count // (2 * wanted)])
            weights.append(np.full(wanted, count / wanted))
        start += count
    chosen = rows.take(np.concatenate(picked))
    weight = np.concatenate(weights)
    return replace(chosen, weight=weight if chosen.weight is None else weight * chosen.weight)


def floor_of(rows: Rows) -> float:
    """A profit that no choice of these rows falls below."""
    low = np.minimum(rows.profit, 0.0).sum(axis=0)
    return float(low.sum() if rows.weight is None else low @ rows.weight) - 1.0
