"""Every page of an audience that is not like the campaign: the model's claim, said to be nothing measured."""

from __future__ import annotations

from typing import Any

import pytest

from core.workspace import Workspace
from pages import compare, contacts, policy, profit, sensitivity, uplift
from pages.situation import situation

UNLIKE = "not like the campaign's"


@pytest.fixture(scope="module")
def others(workspace: Workspace, campaign: dict[str, str]) -> dict[str, str]:
    """The customers of the campaign with the lowest half of its scores, as a file of their own."""
    scored = workspace.scored(campaign["data"], campaign["model"])
    low = scored.scores().uplift[:, 0].argsort()[:2000]
    frame = workspace.data.frame(campaign["data"]).iloc[low].reset_index(drop=True)
    return campaign | {"data": workspace.data.add(frame, "Others").id}


def text_of(component: Any) -> str:
    """All words of a tree of components."""
    if isinstance(component, (list, tuple)):
        return " ".join(text_of(part) for part in component)
    if component is None or isinstance(component, (str, int, float)):
        return "" if component is None else str(component)
    return text_of(getattr(component, "children", None))


@pytest.mark.parametrize("page", [profit, sensitivity, contacts])
def test_pages_say_that_what_was_measured_does_not_hold(page, workspace, campaign, others):
    assert UNLIKE not in text_of(page.layout(workspace, **campaign))
    said = text_of(page.layout(workspace, **others))
    assert UNLIKE in said and "the model predicts" in said
    assert "beats" not in said and "and expect" not in said


def test_the_profit_curve_shows_no_measured_line(workspace, campaign, others):
    names = [
        {line.name for line in profit._sketch(situation(workspace, query)).finished().data}
        for query in (campaign, others)
    ]
    assert len(names[0]) > len(names[1])


def test_policy_and_compare_measure_nothing_there(workspace, campaign, others):
    first, second, _ = compare.both_of(campaign | {"topn": "100", "b_topn": "900"})
    known = text_of(compare.worked_out(situation(workspace, campaign), first, second)[1])
    assert "on the experiment, with its" in known
    now = situation(workspace, others)
    assert UNLIKE in text_of(policy._answer(now, policy.Turn(None, 0))[0])
    first, second, _ = compare.both_of(others | {"topn": "100", "b_topn": "900", "b_margin": "0.5"})
    said = text_of(compare.worked_out(now, first, second)[0])
    evidence = text_of(compare.worked_out(now, first, second)[1])
    assert "on the experiment, with its" not in evidence
    assert UNLIKE in said and "nothing was measured" in said and "data can tell" not in said


def test_the_map_of_margin_and_cost_names_no_measured_line(workspace, campaign, others):
    said = [text_of(sensitivity.layout(workspace, **query)) for query in (campaign, others)]
    assert [text.count("Break-even") for text in said] == [1, 0]


def test_the_uplift_page_still_shows_the_campaigns_own_answer(workspace, others):
    assert "Qini" in text_of(uplift.layout(workspace, **others))
