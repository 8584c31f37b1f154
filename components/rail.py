"""The rail: the steps in order, each with an icon and its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from components.links import carrying

State = Literal["", "done", "attention"]
_SHOWN = {
    "done": ("check2", "done"),
    "attention": ("exclamation-circle-fill", "needs attention"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry: where it leads, its name and icon, and whether it belongs to the main path."""

    path: str
    name: str
    icon: str
    main: bool = True


def rail(steps: tuple[Step, ...]) -> html.Nav:
    groups = [[s for s in steps if s.main], [s for s in steps if not s.main]]
    return html.Nav(
        [
            carrying(
                [html.Span(className="brand-mark", **aria(hidden="true")), "Persuadable"],
                "/",
                "brand",
                className="brand",
            ),
            *(html.Ul([_entry(step) for step in group], className="steps") for group in groups if group),
        ],
        className="rail",
        id=ids.RAIL,
        **aria(label="Steps"),
    )


def _entry(step: Step) -> html.Li:
    return html.Li(
        carrying(
            [
                icon(step.icon),
                step.name,
                html.Span(id={"type": "state", "path": step.path}, className="ms-auto"),
            ],
            step.path,
            "rail",
            className="step",
        )
    )


def state(value: State) -> html.Span | None:
    """The mark beside a step: an icon with words for those who do not see it."""
    if not value:
        return None
    name, words = _SHOWN[value]
    return html.Span([icon(name), html.Span(words, className="visually-hidden")], className=f"state {value}")
