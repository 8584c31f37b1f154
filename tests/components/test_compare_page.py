"""The Compare page stands before its plans are found, and says what went wrong in their place."""

from __future__ import annotations

from typing import Any

import pytest
from plotly.io.json import to_json_plotly

from core.advice.alternatives import COMPARING
from core.alternatives import Alternative
from core.workspace import Workspace
from pages import compare
from pages.situation import situation


def fault(*_: Any) -> None:
    raise ZeroDivisionError


def test_the_page_stands_before_its_two_plans_are_found(
    workspace: Workspace, campaign: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large audience under conditions takes seconds; its forms are there at once."""
    monkeypatch.setattr(compare, "side_by_side", fault)
    laid_out = to_json_plotly(compare.layout(workspace, **campaign, budget="40", b_budget="80"))
    assert COMPARING.rstrip("…") in laid_out and '"a-budget"' in laid_out and "skeleton" in laid_out


def test_a_fault_is_told_in_the_answers_place_with_a_reference(
    workspace: Workspace, campaign: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "side_by_side", fault)
    first = Alternative.from_query(campaign)[0]
    said, evidence = compare.worked_out(situation(workspace, campaign), first, first)
    assert "reference id" in to_json_plotly(said) and evidence == []
