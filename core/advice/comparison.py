"""The leaderboard in words and rows."""

from __future__ import annotations

from core.advice.formats import count, ends, money, plus_minus, signed
from core.estimate import Estimate
from core.uplift.comparison import Entry, Leaderboard
from core.uplift.learners import LEARNERS

BOARD_HEAD = ("Learner", "Qini", "90 % interval", "Measured profit", "Beside the incumbent's", "Standing")

CHOSEN = (
    "Being chosen by these customers flatters a learner here; what is measured of the model itself leaves "
    "the choosing out."
)

_STANDINGS = {
    "champion": "incumbent",
    "better": "better",
    "worse": "worse",
    "indistinguishable": "indistinguishable",
}


def learner_title(name: str) -> str:
    """How people call a learner."""
    return LEARNERS[name].title if name in LEARNERS else name


def board_finding(board: Leaderboard) -> str:
    """The leaderboard's title: who is used, and why."""
    champion, incumbent = f"'{learner_title(board.champion)}'", f"'{learner_title(board.incumbent)}'"
    if board.reason == "better":
        return f"{champion} ranks better than {incumbent}, beyond chance"
    if board.reason == "level and cheaper":
        return f"{champion} is level with {incumbent} and cheaper"
    if len(board.entries) == 1:
        return f"{champion} had no challenger"
    return f"{incumbent} stays: no challenger ranks better beyond chance"


def board_sentences(board: Leaderboard) -> tuple[str, ...]:
    """The leaderboard in sentences: the finding, the numbers of the champion, and what is not told apart."""
    entry = board.entry(board.champion)
    said = [
        f"{board_finding(board)}.",
        f"On the same {count(board.customers)} customers its Qini is {_qini(entry.qini)} and its choice "
        f"earned {plus_minus(entry.profit)}.",
    ]
    level = [e.learner for e in board.entries if e.standing == "indistinguishable"]
    if level:
        said.append(f"Not distinguishable from {board.incumbent}: {', '.join(level)}.")
    if all(e.qini.lo <= 0 for e in board.entries):
        said.append("No learner ranks better than random on this data.")
    if board.reason != "kept" and entry.qini.value > 0:
        said.append(CHOSEN)
    return tuple(said)


def board_rows(board: Leaderboard) -> list[tuple[str, ...]]:
    """One row a learner, best Qini first, under BOARD_HEAD."""
    return [_row(board, entry) for entry in board.entries]


def _row(board: Leaderboard, entry: Entry) -> tuple[str, ...]:
    used = " (used)" if entry.learner == board.champion else ""
    own = entry.learner == board.incumbent
    return (
        learner_title(entry.learner) + used,
        signed(entry.qini.value),
        f"{signed(entry.qini.lo)} to {signed(entry.qini.hi)}",
        plus_minus(entry.profit),
        "" if own else f"{money(entry.gap_profit.value, sign=True)} ({ends(entry.gap_profit)})",
        _STANDINGS[entry.standing],
    )


def _qini(estimate: Estimate) -> str:
    if estimate.lo == estimate.value == estimate.hi == 0:  # by definition, not by measuring
        return "0, for it scores all customers alike,"
    return f"{signed(estimate.value)} ({signed(estimate.lo)} to {signed(estimate.hi)})"
