"""The controls, the address and the decision are one thing, in any browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import chromium
from reader import Reader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

MARGIN, COST, CONTACTS = (f"#{name}-slider [role=slider]" for name in ("margin", "cost", "contacts"))


def asked(reader: Reader) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(reader.address).query).items()}


def test_a_slider_moves_the_decision_and_the_address_but_not_the_history(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    reader.until(lambda: asked(reader).get("margin") == "0.3", "the address to hold the controls")
    before, entries = reader.decision, reader.script("return history.length")
    reader.focus(MARGIN)
    reader.press(Keys.ARROW_RIGHT, times=8)
    reader.until(lambda: asked(reader).get("margin") == "0.34", "the margin in the address")
    reader.until(lambda: reader.decision != before, "another decision")
    assert reader.script("return document.querySelector('#margin-box').value") == "34"
    assert reader.script("return history.length") == entries
    assert reader.script("return document.activeElement.getAttribute('role')") == "slider"


@pytest.mark.parametrize("page", ["/policy", "/contacts"])
def test_no_slider_of_a_plan_or_a_list_adds_to_the_history(reader: Reader, query: str, page: str) -> None:
    reader.open(f"{page}?{query}")
    reader.until(lambda: asked(reader).get("margin") == "0.3", "the address to hold the controls")
    entries = reader.script("return history.length")
    sliders = reader.script(
        "return [...document.querySelectorAll('[role=slider]')].filter(s => s.offsetParent).length"
    )
    assert sliders >= 3
    before = reader.address
    for place in range(sliders):
        reader.script("document.querySelectorAll('[role=slider]')[arguments[0]].focus()", place)
        reader.press(Keys.ARROW_LEFT, times=2)
        reader.until(lambda: reader.address != before, "the address to follow")  # noqa: B023
        before = reader.address
    assert reader.script("return history.length") == entries


def test_the_number_of_contacts_is_the_best_until_it_is_set_and_again_when_asked(
    reader: Reader, query: str
) -> None:
    reader.open(f"/profit?{query}")
    best = reader.script("return document.querySelector('#contacts-box').value")
    reader.write("#contacts-box", "1200")
    reader.until(lambda: "Contact 1,200 of 8,000" in reader.decision, "the decision for 1,200")
    assert asked(reader)["topn"] == "1200"
    assert reader.element(CONTACTS).get_attribute("aria-valuenow") == "1200"
    reader.click("#use-best")
    reader.until(lambda: "topn" not in asked(reader), "the best number again")
    box = "return document.querySelector('#contacts-box').value"
    reader.until(lambda: reader.script(box) == best, "the box to follow")
    reader.write("#cost-box", "0.5")
    reader.until(lambda: asked(reader).get("cost") == "0.5", "the cost")
    reader.until(lambda: reader.script(box) != best, "another best number")
    assert "topn" not in asked(reader)


def test_contact_no_one_and_contact_everyone_are_said_in_words(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}&topn=0")
    assert reader.decision.startswith("Contact no one")
    reader.open(f"/profit?{query}&topn=8000")
    assert reader.decision.startswith("Contact everyone (8,000 customers)")


def test_the_link_shows_the_same_in_another_browser(reader: Reader, query: str, tmp_path: Path) -> None:
    reader.open(f"/sensitivity?{query}")
    reader.write("#margin-box", "42")
    reader.until(lambda: asked(reader).get("margin") == "0.42", "the margin in the link")
    reader.settled()  # a new best number between selecting and typing would undo the selection
    reader.write("#contacts-box", "777")
    reader.until(lambda: asked(reader).get("topn") == "777", "the link")
    assert asked(reader)["margin"] == "0.42"
    reader.until(lambda: "777" in reader.decision, "the decision")
    other = chromium(tmp_path)
    try:
        elsewhere = Reader(other, reader.server)
        elsewhere.open(reader.address.removeprefix(reader.server.url))
        assert elsewhere.decision == reader.decision
        assert elsewhere.words(".comparison") == reader.words(".comparison")
        assert elsewhere.script("return document.querySelector('#margin-box').value") == "42"
        assert elsewhere.element(CONTACTS).get_attribute("aria-valuenow") == "777"
    finally:
        other.quit()


def test_a_step_takes_the_scenario_along_and_back_brings_it_back(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    reader.write("#margin-box", "55")
    reader.until(lambda: asked(reader).get("margin") == "0.55", "the address")
    reader.click(".rail a[href^='/uplift']")
    reader.until(lambda: "/uplift" in reader.address, "the next page")
    reader.settled()
    reader.until(
        lambda: reader.script("return document.querySelector('#margin-box').value") == "55", "the margin"
    )
    reader.script("history.back()")
    reader.until(lambda: "/profit" in reader.address, "the page before")
    reader.settled()
    reader.until(
        lambda: reader.script("return document.querySelector('#margin-box').value") == "55", "the margin"
    )


def hovered(reader: Reader) -> str:
    return str(reader.script("return document.querySelector('.hoverlayer').textContent"))


def test_a_cell_of_the_map_sets_the_sliders(reader: Reader, query: str) -> None:
    reader.open(f"/sensitivity?{query}")
    plot = reader.element("#sensitivity-chart .nsewdrag")
    reader.script("arguments[0].scrollIntoView({block: 'center'})", plot)
    place = [int(plot.size["width"] * 0.53), int(plot.size["height"] * 0.21)]

    def over_the_cell() -> bool:
        ActionChains(reader.driver).move_to_element(plot).perform()
        ActionChains(reader.driver).move_to_element_with_offset(plot, *place).perform()
        return "Margin 55 %, cost €0.08" in hovered(reader)

    reader.until(over_the_cell, "the words of the cell")
    ActionChains(reader.driver).click().perform()
    reader.until(lambda: asked(reader).get("margin") == "0.55", "the margin of the cell")
    assert asked(reader)["cost"] == "0.08"
    assert reader.script("return document.querySelector('#cost-box').value") == "0.08"


def test_how_the_map_is_looked_at_comes_back_with_the_link(reader: Reader, costs_query: str) -> None:
    reader.open(f"/sensitivity?{costs_query}")
    finding, link = "#sensitivity-chart-finding", "#sensitivity-map .tools a"
    entries = reader.script("return history.length")
    reader.script("document.querySelector('#sensitivity-view input[value=share]').click()")
    reader.script("document.querySelector('#sensitivity-axis input[value=added]').click()")
    reader.until(
        lambda: (asked(reader).get("view"), asked(reader).get("across")) == ("share", "added"), "both"
    )
    reader.until(lambda: "sensitivity_added" in reader.element(link).get_attribute("href"), "the other way")
    shown = reader.words(finding)
    assert "of customers pay" in shown
    assert reader.script("return history.length") == entries
    reader.driver.refresh()
    reader.settled()
    assert reader.words(finding) == shown
    chosen = "return [...document.querySelectorAll('.segments input:checked')].map(one => one.value)"
    assert reader.script(chosen) == ["share", "added"]
    reader.focus("#margin-slider [role=slider]")
    reader.press(Keys.ARROW_RIGHT)
    reader.until(lambda: asked(reader)["margin"] != "0.3", "the margin")
    assert asked(reader)["view"] == "share"
    reader.open(f"/sensitivity?{costs_query}&view=sideways&across=none")
    assert reader.words("#content").count("could not be used") == 2
    assert reader.script(chosen) == ["list", "factor"]


def test_costs_of_customers_own_are_varied_and_a_click_sets_the_margin_alone(
    reader: Reader, costs_query: str
) -> None:
    """On the Sensitivity page, where the ways are chosen; words and CSV follow the way that is chosen."""
    reader.open(f"/sensitivity?{costs_query}")
    finding = "#sensitivity-chart-finding"
    assert "× each contact's own cost" in reader.words(finding)
    reader.script("document.querySelector('#sensitivity-view input[value=share]').click()")
    reader.until(lambda: "of customers pay" in reader.words(finding), "the share of each cell")
    reader.script("document.querySelector('#sensitivity-axis input[value=added]').click()")
    link = "return document.querySelector('#sensitivity-map .tools a').getAttribute('href')"
    reader.until(lambda: "/api/sensitivity_added.csv?" in reader.script(link), "the CSV of the other way")
    assert "of customers pay" in reader.words(finding)  # what is shown stays
    plot = reader.element("#sensitivity-chart .nsewdrag")
    reader.script("arguments[0].scrollIntoView({block: 'center'})", plot)
    place = [int(plot.size["width"] * 0.53), int(plot.size["height"] * 0.21)]

    def over_the_cell() -> bool:
        ActionChains(reader.driver).move_to_element(plot).perform()
        ActionChains(reader.driver).move_to_element_with_offset(plot, *place).perform()
        return "Margin 55 %" in hovered(reader) and "added to each cost" in hovered(reader)

    reader.until(over_the_cell, "the words of the cell")
    ActionChains(reader.driver).click().perform()
    reader.until(lambda: asked(reader).get("margin") == "0.55", "the margin of the cell")
    assert asked(reader)["cost"] == "0.05"
    reader.until(lambda: "margin=0.55" in reader.script(link), "the CSV to follow")
    reader.script("document.querySelector('#sensitivity-axis input[value=cost]').click()")
    reader.until(lambda: "/api/sensitivity.csv?" in reader.script(link), "the CSV of one cost for all")


def test_the_copied_link_is_announced(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    reader.click("#copy-link")
    reader.until(lambda: reader.words("#announce"), "the announcement")
    assert "ink" in reader.script("return document.querySelector('#announce').textContent")
