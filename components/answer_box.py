"""What the experiment answers under the present economics, and the check of the model's claim."""

from __future__ import annotations

from typing import Any

from dash import html

from components import ids
from components.aria import aria
from components.facts import facts
from components.words import unbroken
from core import advice
from core.uplift.verdict import Verdict


def answer_box(found: Verdict, *notes: str) -> html.Section:
    return html.Section(
        answer_parts(found, *notes),
        id=ids.ANSWER,
        className="panel stack",
        **aria(label="What the experiment says"),
    )


def answer_parts(found: Verdict, *notes: str) -> list[Any]:
    """What stands in the box; a callback replaces it when the scenario moves. notes: on what it rests."""
    said, claim = advice.answer(found), found.claim
    ratio = f"{claim.ratio:.1f} times" if claim.ratio is not None else "not meaningful"
    return [
        html.P("What the experiment says", className="kicker"),
        html.H2(unbroken(said.decision)),
        html.P(unbroken(said.comparison)),
        html.P(unbroken(said.certainty)),
        *(html.P(unbroken(note)) for note in notes),
        facts(
            ("The model claims", unbroken(advice.money(claim.predicted))),
            ("Measured", unbroken(advice.plus_minus(claim.measured))),
            ("Claim against measured", ratio),
            ("As many at random", unbroken(advice.plus_minus(claim.random))),
            ("Chosen", advice.percent(claim.share)),
        ),
    ]
