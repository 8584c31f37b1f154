"""What stands on a page until its plans are found: as high as what takes its place."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.aria import aria
from core.advice import policy_plans as words
from core.advice.conditions import changed_worth, condition_words
from core.policy.constraints import Constraints


def decision_waiting(doing: str = words.FINDING) -> html.Div:
    """The decision's place: what is being done, and the two lines that will follow."""
    lines = [
        html.Span(className=f"skeleton {name}", **aria(hidden="true")) for name in ("comparison", "certainty")
    ]
    return html.Div(
        [html.P(doing, className="sentence"), *lines],
        className="waiting",
        **aria(busy="true"),
    )


def panel_waiting(title: str, wide: int, narrow: int) -> list[Component]:
    """The inside of a panel: what will stand there, and its place. wide, narrow: about the height of what
    comes below the title, px, on a wide screen and on a telephone.
    """
    size = {"--wide": f"{wide}px", "--narrow": f"{narrow}px"}
    return [html.H2(title), html.Div(className="skeleton sized", style=size, **aria(hidden="true"))]


def limits_waiting(conditions: Constraints) -> list[Component]:
    """The table of conditions, with a row for each."""
    rows = len(condition_words(conditions)) - len(changed_worth(conditions))
    wide, narrow = (100 + 57 * rows, 130 + 57 * rows) if rows else (21, 21)
    return panel_waiting(words.LIMITS, wide, narrow)


def worth_waiting(*, experiment: bool) -> list[Component]:
    """What the plan is worth; on an experiment with the rules measured there."""
    return panel_waiting(words.WORTH, *((380, 770) if experiment else (120, 240)))


def later_waiting() -> list[Component]:
    """What takes longer: the frontier, the simple rules, who is contacted."""
    return [
        html.Section(panel_waiting(title, wide, narrow), className="panel stack")
        for title, wide, narrow in (
            (words.FRONTIER, 400, 460),
            (words.SIMPLE, 205, 400),
            (words.SPLIT, 380, 535),
        )
    ]
