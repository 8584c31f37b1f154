"""The cleaning of a transaction file as a ledger: every rule, and how many lines it took."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One rule. found: lines of the whole file it applies to. taken: lines it removed, after the rules
    above it. left: lines that remained. note: one sentence for people, or empty."""

    rule: str
    found: int
    taken: int
    left: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rules in the order they were applied, and the number of lines read."""

    read: int
    lines: tuple[LedgerLine, ...]

    @property
    def left(self) -> int:
        """Lines that remain after the last rule."""
        return self.lines[-1].left if self.lines else self.read

    def taken(self, rule: str) -> int:
        """Lines removed by a rule; 0 where it was not applied."""
        return sum(line.taken for line in self.lines if line.rule == rule)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"read": self.read, "left": self.left, "rules": [asdict(line) for line in self.lines]}
