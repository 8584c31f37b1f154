"""What one response is worth, in words: said wherever it decides, and where no one has set it."""

from __future__ import annotations

from core.advice.formats import money
from core.scenario import Scenario


def worth_counts(scenario: Scenario, *, binary: bool) -> bool:
    """Whether the worth of an outcome unit is to be seen: an amount of money is worth what it is."""
    return binary or scenario.value != 1.0


def worth_title(*, binary: bool) -> str:
    """What the worth is called. binary: whether the outcome is yes or no; else it is an amount."""
    return "Worth of one response" if binary else "Worth of one outcome unit"


def worth_words(scenario: Scenario, *, binary: bool) -> str:
    """'€80.00 a response'; empty where it does not count."""
    if not worth_counts(scenario, binary=binary):
        return ""
    return f"{money(scenario.value, cents=True)} {'a response' if binary else 'an outcome unit'}"


def worth_assumed(scenario: Scenario, outcome: str, *, binary: bool) -> tuple[str, ...]:
    """That a response counts as 1 where no one has said what it is worth, and where to say it."""
    if not binary or scenario.value != 1.0:
        return ()
    return (
        f"'{outcome}' is yes or no, and each yes counts as {money(1.0, cents=True)}: say in the box “"
        f"{worth_title(binary=True)}”, beside margin and cost, what one brings in.",
    )
