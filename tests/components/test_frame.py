"""The frame and the small parts that stand on every page, as trees, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components import ids
from components.empty import fault, no_campaign, not_found, unknown, untrained
from components.jobs_view import job_card, jobs_button, pack_links
from components.links import carrying
from components.page import page
from components.paper import paper_lines
from components.rail import Step
from components.shell import INDEX, shell
from components.term import term
from components.topbar import context, scenario_words
from core.advice import GLOSSARY
from core.job_records import JobRecord
from core.policy.constraints import Constraints
from core.scenario import Scenario

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PAGES = Path(__file__).resolve().parents[2] / "pages"
JOB = JobRecord(
    "a" * 32, "train", "Training on spring.csv", "running", 0.0, "key", step="Splitting", percent=12.3
)


def parts(tree: Any) -> Iterator[Any]:
    """Every component of a tree, itself first."""
    if hasattr(tree, "_traverse"):
        yield tree
        yield from tree._traverse()


def words(tree: Any) -> str:
    """All text of a tree."""
    if tree is None:
        return ""
    if isinstance(tree, str | int | float):
        return str(tree)
    if isinstance(tree, list | tuple):
        return " ".join(words(child) for child in tree)
    return words(getattr(tree, "children", None))


def of_kind(tree: Any, kind: str) -> list[Any]:
    return [part for part in parts(tree) if getattr(part, "_type", "") == kind]


def test_the_frame_has_a_skip_link_landmarks_and_a_live_region():
    tree = shell((Step("/", "Start", "house"), Step("/clv", "CLV", "cash", main=False)))
    first = of_kind(tree, "A")[0]
    assert (first.href, first.className) == ("#content", "skip")
    assert of_kind(tree, "Main")[0].id == "content" and of_kind(tree, "Nav") and of_kind(tree, "Header")
    live = next(part for part in parts(tree) if getattr(part, "id", None) == ids.ANNOUNCE)
    assert getattr(live, "aria-live") == "polite"
    buttons = [part for part in of_kind(tree, "Button") if hasattr(part, "data-opens")]
    assert {getattr(b, "aria-controls") for b in buttons} == {ids.RAIL, ids.CONTROLS}


def test_the_theme_is_set_before_the_first_style_sheet():
    """So that a page never flashes in the other theme."""
    assert INDEX.index('data-bs-theme", dark') < INDEX.index("{%css%}") < INDEX.index("{%app_entry%}")


def test_a_link_takes_the_scenario_along():
    scenario = Scenario(data="d", model="m", margin=0.42, topn=7)
    link = carrying("Profit", "/profit", "rail", scenario)
    path, query = link.href.split("?")
    assert path == "/profit" and Scenario.from_query(dict(p.split("=") for p in query.split("&"))) == (
        scenario,
        (),
    )


def test_a_page_keeps_its_scenario_and_says_what_of_the_link_was_not_used():
    scenario, notices = Scenario.from_query({"data": "d", "margin": "lots"})
    tree = page("Profit", scenario, notices=notices)
    store = next(part for part in parts(tree) if getattr(part, "id", None) == ids.SCENARIO)
    assert store.data == scenario.to_query()
    assert "margin could not be used" in words(tree)


@pytest.mark.parametrize("tree", [no_campaign("rank"), unknown("No such model."), not_found(), fault("1a2b")])
def test_an_empty_state_says_why_and_what_next(tree):
    assert of_kind(tree, "H1") and len(words(of_kind(tree, "P")[0])) > 40
    assert of_kind(tree, "Button") or of_kind(tree, "Link")


def test_a_campaign_without_a_model_leads_to_its_training():
    scenario = Scenario(data="d")
    assert of_kind(untrained(scenario), "Link")[0].href == f"/data?{scenario.query_string()}"


@pytest.mark.parametrize("word", list(GLOSSARY))
def test_a_terms_tip_is_reached_by_focus_and_belongs_to_it(word):
    span = term(word)
    tip = span.children[1]
    assert span.tabIndex == 0 and getattr(span, "aria-describedby") == tip.id
    assert tip.children == GLOSSARY[word]


def test_the_bar_names_campaign_model_and_scenario():
    said = words(context("Spring", "Two forests", Scenario(margin=0.305, cost=0.5, topn=1200)))
    assert "Spring" in said and "Two forests" in said
    assert scenario_words(Scenario(margin=0.55)).startswith("55 % margin")  # 0.55 · 100 is 55.00000000000001
    assert scenario_words(Scenario(margin=0.305, cost=0.5, topn=1200)) == (
        "30.5 % margin · €0.50 a contact · 1,200 contacts"
    )
    assert "plan with conditions" in words(context("Spring", "Two forests", Scenario(), planned=True))


@pytest.mark.parametrize(
    ("value", "binary", "worth"),
    [
        (1.0, False, ""),
        (1.0, True, "€1.00 a response"),
        (80.0, True, "€80.00 a response"),
        (2.0, False, "€2.00 an outcome unit"),
    ],
)
def test_bar_and_paper_say_what_a_response_is_worth_where_it_is_no_amount_of_money(value, binary, worth):
    scenario = Scenario(value=value)
    said = words(context("Spring", "Two forests", scenario, binary=binary))
    paper = words(paper_lines("Spring", "Two forests", scenario, None, binary=binary))
    assert worth in said and ("a response" in said) == (binary and worth != "")
    assert ("Worth of one" in paper) == bool(worth)
    assert worth.split(" ")[0] in paper


def test_a_running_job_shows_step_percent_and_cancel():
    card = job_card(JOB, where="train")
    assert "Splitting" in words(card) and "12 %" in words(card)
    assert of_kind(card, "Button")[0].id == ids.cancel(JOB.id, "train")
    assert "12 %" in words(jobs_button([JOB])) and jobs_button([]) == []


@pytest.mark.parametrize("state", ["failed", "cancelled", "stopped"])
def test_a_job_that_ended_badly_says_so_and_cannot_be_cancelled(state):
    card = job_card(replace(JOB, state=state, message="What became of it."), where="train")
    assert "What became of it." in words(card) and not of_kind(card, "Button")


def test_a_packs_files_are_offered_with_the_workbook_first():
    links = of_kind(pack_links("id", ["p.md", "p.csv", "p.xlsx", "p.tmp"]), "A")
    assert [link.href for link in links] == [f"/api/packs/id/p.{e}" for e in ("xlsx", "md", "csv")]


def test_every_callback_that_the_browser_answers_exists_there():
    """A wrong name is silent until someone clicks."""
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js"))
    asked = {
        found
        for path in PAGES.glob("*.py")
        for found in re.findall(r'in_browser\(\s*app,\s*"(\w+)",\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(asked) >= 8
    missing = [
        f"{room}.{name}"
        for room, name in sorted(asked)
        if not re.search(rf"\bns\.{room} = ", scripts) or not re.search(rf"\b{name}: function", scripts)
    ]
    assert missing == []


def test_paper_says_what_the_figures_rest_on():
    """Campaign, model with its id, economics, contacts, conditions; day and address are filled in there."""
    scenario = Scenario(
        data="d", model="m1", margin=0.305, cost=0.5, value=2.0, topn=1200, name="Spring & co"
    )
    tree = paper_lines("Spring", "Two forests", scenario, Constraints(budget=500.0))
    said = words(tree).replace("\u00a0", " ")
    for part in (
        *("Spring & co", "Two forests (m1)", "30.5 %", "€0.50", "€2.00", "1,200", "A budget of €500"),
        *("Printed", "See it again"),
    ):
        assert part in said
    assert paper_lines(None, None, Scenario(), None) == []
