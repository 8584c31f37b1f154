"""`persuadable design`: how many customers and how large a hold-out a test takes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from core import advice
from core.files import write_json
from core.plan import Plan
from core.terminal import say


def design(plan: Plan, out: Path | None) -> None:
    """Say what the test takes; write it as JSON where asked."""
    solution = plan.solved()
    sentences = advice.plan(solution).sentences
    for sentence in sentences:
        say(sentence)
    if out is not None:
        write_json(out, asdict(solution) | {"sentences": list(sentences)})
        say(f"Wrote {out}.")
