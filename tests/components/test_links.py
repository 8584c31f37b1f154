"""Whatever a link says, each page answers in words: an unknown id, rubbish, nothing at all."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from plotly.io.json import to_json_plotly

from core.workspace import Workspace
from pages import PAGES

STEPS = [page for page in PAGES if getattr(page, "STEP", None) and page.STEP.path != "/404"]
PLACES = [page.STEP.path for page in STEPS]
RUBBISH = {
    "margin": "lots", "cost": "-1", "value": "1e999", "topn": "nan", "policy": "x", "budget": "'; --",
    "holdout": "2", "quotas": "[{", "b_margin": "\x00", "kind": "?", "base": "1e400", "customers": "-7",
}  # fmt: skip


def shown(page: Any, workspace: Workspace, **query: str) -> str:
    return to_json_plotly(page.layout(workspace, **query))


@pytest.mark.parametrize("page", STEPS, ids=PLACES)
def test_an_unknown_id_is_said_to_be_unknown_on_every_page(
    page: Any, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        said = shown(page, workspace, data="0" * 20, model="nothing", result="f" * 32, orders="0" * 20)
    needs_one = page.STEP.path not in ("/", "/design")
    assert ("not here" in said) == needs_one
    assert "reference id" not in said and caplog.records == [], "it is no fault of ours"


@pytest.mark.parametrize("page", STEPS, ids=PLACES)
def test_rubbish_is_no_fault_on_any_page(
    page: Any, workspace: Workspace, campaign: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        said = shown(page, workspace, **(campaign | RUBBISH))
    assert "reference id" not in said and caplog.records == []
    if page.STEP.path not in ("/", "/clv"):
        assert "could not be used" in said
