"""The Policy page: conditions, plan and address are one thing; what binds and what contradicts is told."""

from __future__ import annotations

import csv
import io
import json
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import psutil
import pytest
from accessibility import serious
from browsers import chromium
from reader import Reader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from components import ids
from core import jobs
from core.advice.policy_plans import FINDING

AT_LEAST = quote(json.dumps([{"column": "channel", "value": "Web", "min": 300}]))


def asked(reader: Reader) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(reader.address).query).items()}


def box(id: dict[str, Any]) -> str:
    return f"[id='{ids.dom(id)}']"


BUDGET = box(ids.limit("budget"))


def compared(reader: Reader) -> str:
    """The table of conditions once the tenths are worked out and the frontier is drawn."""
    reader.until(
        lambda: "A tenth" in (said := reader.words("#policy-limits")) and "working it out" not in said,
        "the tenths",
    )
    reader.until(lambda: reader.script("return !!document.querySelector('#frontier-chart .main-svg')"), "it")
    return reader.words("#policy-limits")


def test_a_budget_that_is_typed_changes_plan_and_address_and_comes_back_with_the_link(
    reader: Reader, query: str, tmp_path: Path
) -> None:
    reader.open(f"/policy?{query}")
    before, entries = reader.decision, reader.script("return history.length")
    assert before.startswith("Contact") and "predicted profit" in before
    reader.write(BUDGET, "40")
    reader.until(lambda: "for €40.00" in reader.decision, "the plan within the budget")
    assert asked(reader)["budget"] == "40.0"
    assert reader.script("return history.length") == entries
    said = compared(reader)
    assert "One condition holds the plan back: a budget of €40.00" in said
    assert "Binds" in said and "more budget earns" in said and "at €36.00" in said
    assert "Contacting everyone:" in reader.words("#policy-decision .comparison")
    shown = (reader.decision, said, reader.words("#policy-worth"))
    reader.driver.refresh()
    reader.settled()
    assert (reader.decision, compared(reader), reader.words("#policy-worth")) == shown
    other = chromium(tmp_path)
    try:
        elsewhere = Reader(other, reader.server)
        elsewhere.open(reader.address.removeprefix(reader.server.url))
        assert elsewhere.decision == shown[0]
        assert elsewhere.script("return document.querySelector(arguments[0]).value", BUDGET) == "40"
    finally:
        other.quit()


def test_the_controls_stand_at_once_and_the_plan_takes_the_place_that_was_kept(
    reader: Reader, query: str
) -> None:
    watch = """
    window.seen = [];
    new MutationObserver(() => {
      const decision = document.querySelector("#policy-decision");
      const words = decision && decision.querySelector(".sentence").textContent;
      if (words && (!seen.length || seen.at(-1).words !== words))
        seen.push({words, controls: !!document.querySelector("#controls"), height: decision.offsetHeight});
    }).observe(document, {childList: true, subtree: true, characterData: true});
    """
    made = reader.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        reader.open(f"/policy?{query}")
        first, *_, last = reader.script("return window.seen")
    finally:
        reader.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)
    assert first["words"] == FINDING and first["controls"]
    assert last["words"].startswith("Contact") and abs(last["height"] - first["height"]) <= 40
    assert reader.script("return document.querySelector('#policy-decision').ariaLive") == "polite"


def test_what_takes_longer_has_its_name_and_its_place_from_the_beginning(reader: Reader, query: str) -> None:
    """On a wide screen and a telephone: nothing below moves far when it comes."""
    watch = """
    window.places = [];
    const look = () => {
      const later = document.querySelector("#policy-later"), worth = document.querySelector("#policy-worth");
      const height = later && later.offsetHeight, words = later && later.innerText;
      if (height && (!places.length || places.at(-1)[0] !== height)) places.push([height, words]);
      if (worth && !window.worth) window.worth = worth.offsetHeight;
      requestAnimationFrame(look);
    };
    look();
    """
    made = reader.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        for width in (1280, 390):
            reader.open(f"/policy?{query}&budget=40", width=width)
            compared(reader)
            (kept, said), (came, _) = reader.script("return [places[0], places.at(-1)]")
            assert "What each budget would earn" in said and "Who is contacted, and how" in said
            assert abs(came - kept) <= 0.12 * came, width
            worth = reader.script(
                "return [window.worth, document.querySelector('#policy-worth').offsetHeight]"
            )
            assert abs(worth[0] - worth[1]) <= 60, width
    finally:
        reader.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)


def test_a_slider_and_its_box_are_one_and_the_budgets_right_end_is_none(reader: Reader, query: str) -> None:
    reader.open(f"/policy?{query}&budget=40")
    value = "return document.querySelector(arguments[0]).value"
    reader.focus("[data-names-slider^='Budget'] [role=slider]")
    reader.press(Keys.END)
    reader.until(lambda: "budget" not in asked(reader), "the budget to go")
    assert reader.script(value, BUDGET) == ""
    reader.write(box(ids.limit("margin")), "42")
    reader.until(lambda: asked(reader).get("margin") == "0.42", "the margin in the address")
    sliders = "[data-names-slider^='Margin'] [role=slider]"
    assert reader.element(sliders).get_attribute("aria-valuenow") == "42"


@pytest.mark.parametrize("name", ["margin", "cost"])
def test_a_margin_or_cost_left_empty_becomes_what_it_was(reader: Reader, query: str, name: str) -> None:
    reader.open(f"/policy?{query}")
    field = reader.element(box(ids.limit(name)))
    before = field.get_property("value")
    for pause in (0.0, 0.8):  # left before the box's own pause, and after it
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE)
        time.sleep(pause)
        assert field.get_property("value") == ""
        field.send_keys(Keys.TAB)
        reader.until(lambda: field.get_property("value") == before, "what it was")
        time.sleep(0.6)  # and nothing sends an empty box later
        assert field.get_property("value") == before
    reader.write(box(ids.limit("margin")), "40")
    reader.until(lambda: asked(reader).get("margin") == "0.4", "the form to answer still")


def test_a_budget_taken_back_moves_its_slider_to_the_end(reader: Reader, query: str) -> None:
    reader.open(f"/policy?{query}&budget=40")
    slider = f"[id='{ids.dom(ids.limit_slider('budget'))}'] [role=slider]"
    now, most = (reader.element(slider).get_attribute(f"aria-value{one}") for one in ("now", "max"))
    assert float(now) < float(most)
    field = reader.element(BUDGET)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.BACKSPACE, Keys.TAB)
    reader.until(lambda: reader.element(slider).get_attribute("aria-valuenow") == most, "the end: no limit")
    reader.until(lambda: "budget" not in asked(reader), "no budget in the address")


@pytest.mark.parametrize("number", ["1000", "0"])
def test_a_number_of_contacts_that_is_taken_back_goes_from_plan_and_address(
    reader: Reader, query: str, number: str
) -> None:
    reader.open(f"/policy?{query}")
    free = reader.decision
    field = box(ids.limit("topn"))
    reader.write(field, number)
    reader.until(lambda: asked(reader).get("topn") == number, "the number in the address")
    reader.until(lambda: reader.decision != free, "the plan of so many")
    for keys in ((Keys.CONTROL, "a"), (Keys.BACKSPACE, Keys.TAB)):
        reader.element(field).send_keys(*keys)
    reader.until(lambda: "topn" not in asked(reader), "the number to go from the address")
    reader.until(lambda: reader.decision == free, "the plan without it")


def test_a_rule_about_customers_is_told_with_whom_it_keeps_out_and_what_it_costs(
    reader: Reader, query: str
) -> None:
    reader.open(f"/policy?{query}")
    free = reader.words("#policy-limits")
    assert "No condition holds the plan back" in free and "everyone who pays is contacted" in free
    reader.write(box(ids.limit("holdout")), "10")
    held = "One condition holds the plan back: 10.0 % of customers held out by chance (seed 42)"
    reader.until(lambda: held in reader.words("#policy-limits"), "the hold-out")
    earns = "without it the plan would earn €"
    reader.until(lambda: earns in reader.words("#policy-limits"), "what it costs")
    assert "800 kept out" in reader.words("#policy-limits")  # a tenth of 8,000
    reader.write(box(ids.limit("max_per_customer")), "0")
    reader.until(lambda: reader.decision.startswith("Contact no one"), "no contacts")
    reader.until(lambda: "with one contact a customer more" in reader.words("#policy-limits"), "its cost")
    assert "everyone who pays is contacted" not in reader.words("#policy-limits")


def test_quotas_come_and_go_and_a_contradiction_is_told_with_every_control_kept(
    reader: Reader, query: str
) -> None:
    reader.open(f"/policy?{query}&budget=40")
    reader.click("#add-quota")
    least = box(ids.quota("min", 0))
    reader.write(least, "2000")
    reader.until(lambda: "quotas" in asked(reader), "the quota in the address")
    reader.until(lambda: "no plan within these conditions" in reader.decision, "the contradiction")
    reader.until(lambda: reader.words("#policy-decision .certainty"), "the fix")
    comparison = reader.words("#policy-decision .comparison")
    assert "contradict each other" in comparison and "a budget of €40.00" in comparison
    assert "best effort" in reader.words("#policy-decision .certainty")
    kept = "return document.querySelector(arguments[0]).value"
    assert (reader.script(kept, BUDGET), reader.script(kept, least)) == ("40", "2000")
    assert not reader.words("#policy-limits")
    reader.click("[aria-label='Remove this quota']")
    reader.until(lambda: "quotas" not in asked(reader), "the quota to go from the address")
    reader.until(lambda: reader.decision.startswith("Contact"), "a plan again")


def test_what_cannot_be_used_is_named_and_nothing_else_changes(reader: Reader, query: str) -> None:
    reader.open(f"/policy?{query}&holdout=lots&budget=-4&quotas=%5B")
    assert reader.words(".notices").count("could not be used") == 3
    assert reader.decision.startswith("Contact")
    before = reader.decision
    reader.write(box(ids.limit("holdout")), "150")
    reader.until(lambda: "150 cannot be used" in reader.words("#policy-notice"), "the reason")
    assert reader.decision == before and "holdout" not in asked(reader)


def test_the_map_sets_nothing_until_asked_and_the_files_are_those_of_the_page(
    reader: Reader, query: str
) -> None:
    reader.open(f"/policy?{query}&budget=40&quotas={AT_LEAST}&holdout=0.1")
    compared(reader)
    link = reader.element("a[href^='/api/plan.csv']").get_attribute("href")
    with urllib.request.urlopen(link) as answer:
        plan = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    assert f"Contact {len(plan):,} of" in reader.decision
    with urllib.request.urlopen(link.replace("plan.csv", "constraints.json")) as answer:
        assert json.load(answer)["budget"] == 40
    reader.click("#draw-plan-map")
    reader.until(lambda: "earn" in reader.words("#plan-map h2"), "the map")
    reader.until(lambda: reader.script("return !!document.querySelector('#plan-map .main-svg')"), "its chart")
    for page in ("/clv", "/data", "/profit"):
        reader.click(f".rail a[href^='{page}']")
        reader.until(lambda: page in reader.address and asked(reader).get("budget") == "40.0", page)  # noqa: B023
        reader.settled()


def test_where_customers_have_costs_a_cell_of_the_map_sets_the_margin_alone(
    reader: Reader, costs_query: str
) -> None:
    """And the map that no longer holds goes, without a word in the console."""
    reader.open(f"/policy?{costs_query}&budget=60")
    reader.click("#draw-plan-map")
    reader.until(lambda: "With every cost × 0 to × 2" in reader.words("#plan-map h2"), "the map", 60)
    plot = reader.element("#plan-map .nsewdrag")
    reader.script("arguments[0].scrollIntoView({block: 'center'})", plot)
    place = [int(plot.size["width"] * 0.8), int(plot.size["height"] * 0.05)]
    hovered = "return document.querySelector('#plan-map .hoverlayer').textContent"

    def over_the_cell() -> bool:
        ActionChains(reader.driver).move_to_element(plot).perform()
        ActionChains(reader.driver).move_to_element_with_offset(plot, *place).perform()
        return "Margin 45 %, each cost × 1.5" in reader.script(hovered)

    reader.until(over_the_cell, "the words of the cell")
    ActionChains(reader.driver).click().perform()
    reader.until(lambda: asked(reader).get("margin") == "0.45", "the margin of the cell")
    assert asked(reader)["cost"] == "0.05"
    seen = "return document.querySelector('#plan-map').offsetParent"
    reader.until(lambda: reader.script(seen) is None, "the map of the other margin to go")


def test_the_map_is_a_job_that_survives_a_reload_is_cancelled_and_appears_by_itself(
    reader: Reader, query: str
) -> None:
    """It is asked for once and cancelled; asked for again it outlives a reload, and its map then appears.

    The conditions written since the page was opened stay in the address, and after the map they still count.
    """
    reader.open(f"/policy?{query}&budget=60&quotas={AT_LEAST}&max_per_period=3")
    reader.write(box(ids.limit("budget")), "61")
    reader.until(lambda: asked(reader).get("budget") == "61.0", "the budget")
    running = "#plan-map-work .job[data-state='running']"
    reader.click("#draw-plan-map")

    def begun() -> bool:
        """Seen on disk, since the page looks once a second and so small a map may be done by then."""
        return any(
            j.kind == "plan-map" and j.live and j.pid for j in jobs.jobs(reader.server.workspace.settings)
        )

    reader.until(begun, "the process")
    folder = reader.server.workspace.settings
    (live,) = (job for job in jobs.jobs(folder) if job.kind == "plan-map" and job.live)
    assert live.pid is not None and psutil.pid_exists(live.pid)
    psutil.Process(live.pid).suspend()
    reader.until(lambda: reader.script("return !!document.querySelector(arguments[0])", running), "the job")
    assert reader.script("return document.querySelector('#plan-map-ask').hidden")
    reader.click("#plan-map-work [id*='cancel']")
    reader.until(lambda: not psutil.pid_exists(live.pid), "its process to go", 2)
    reader.until(lambda: "Cancelled" in reader.words("#plan-map-work"), "the end of it to be told")
    assert not reader.words("#plan-map")
    assert asked(reader)["budget"] == "61.0"
    reader.click("#draw-plan-map")
    reader.until(begun, "it again")
    reader.driver.refresh()
    reader.until(lambda: "earn" in reader.words("#plan-map h2"), "the map", 60)
    reader.until(lambda: reader.script("return !!document.querySelector('#plan-map .main-svg')"), "its chart")
    assert not reader.words("#plan-map-work")
    assert reader.script("return document.querySelector('#plan-map-ask').hidden")

    def ended() -> list[str]:
        return sorted(job.state for job in jobs.jobs(folder) if job.artifact == live.artifact)

    reader.until(lambda: ended() == ["cancelled", "done"], "two jobs, no more")
    reader.write(box(ids.limit("budget")), "62")
    reader.until(lambda: not reader.words("#plan-map"), "the map of other conditions to go")
    reader.write(box(ids.limit("holdout")), "10")
    reader.until(lambda: asked(reader).get("holdout") == "0.1", "the next condition")


def test_axe_finds_nothing_serious_in_a_plan_with_every_part_and_it_fits_a_telephone(
    reader: Reader, query: str
) -> None:
    address = f"/policy?{query}&budget=40&quotas={AT_LEAST}&holdout=0.1&max_per_period=3"
    reader.open(address)
    compared(reader)
    assert serious(reader) == []
    reader.open(address, width=390)
    compared(reader)
    assert reader.script("return document.documentElement.scrollWidth") <= 390
