"""Our numbers beside those of the package lifetimes, and the button that asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from components import ids
from components.icons import icon
from components.plain_table import plain_table
from core.advice import count, money, percent
from core.clv import result_words, words

Comparison = dict[str, Any]
_PREDICTED: dict[str, tuple[str, Callable[[float], str]]] = {
    "p_alive": ("p(alive), mean", lambda v: percent(v, 2)),
    "expected_orders": ("orders expected of all", lambda v: f"{v:,.1f}"),
    "expected_spend": ("a typical order, mean", lambda v: money(v, cents=True)),
}


def lifetimes_offer(jobs: Any) -> html.Section:
    """What the check is, and the button that starts it. jobs: where its progress is shown."""
    button = html.Button(
        [icon("check2-square"), "Check with lifetimes"], id=ids.CLV_CHECK, className="btn btn-quiet"
    )
    return html.Section(
        [
            html.H2("A second opinion"),
            html.P(result_words.LIFETIMES, className="muted"),
            html.Div(button, className="actions"),
            jobs,
        ],
        className="panel stack",
    )


def lifetimes_panel(comparisons: list[Comparison]) -> html.Section:
    """Ours beside the package lifetimes, model by model."""
    return html.Section(lifetimes_parts(comparisons), className="panel stack")


def lifetimes_parts(comparisons: list[Comparison]) -> list[Any]:
    """Whether the two agree, and parameters, likelihood and predictions side by side."""
    largest = max(d for found in comparisons for d in found["differences"].values())
    agree = all(found["agrees"] for found in comparisons)
    untold = max(int(found["untold"]) for found in comparisons)
    title = "The package lifetimes finds the same" if agree else "The package lifetimes finds something else"
    rows = [row for found in comparisons for row in _rows(found)]
    return [
        html.H2(f"{title}: no customer's prediction differs by more than {percent(largest, 3)}"),
        plain_table("Ours and lifetimes", ("", "Ours", "lifetimes"), rows),
        html.P(f"lifetimes gives no number for {count(untold)} customers.", className="muted small")
        if untold
        else None,
    ]


def _rows(found: Comparison) -> list[tuple[Any, ...]]:
    title = words.TITLES[found["model"]]
    rows: list[tuple[Any, ...]] = [
        (f"{title} {name}", f"{ours:.6g}", f"{theirs:.6g}")
        for name, ours, theirs in zip(found["names"], found["ours"], found["theirs"], strict=True)
    ]
    sides = (_signed(found["likelihood_ours"]), _signed(found["likelihood_theirs"]))
    rows.append((f"{title} log-likelihood", *sides))
    for name, sides in found["predictions"].items():
        said, shape = _PREDICTED[name]
        rows.append((f"{title}: {said}", *(shape(side) for side in sides)))
    return rows


def _signed(number: float) -> str:
    return f"{number:,.4f}".replace("-", "−")
