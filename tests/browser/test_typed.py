"""What stands in a box when something is pressed goes along, however soon, as the number that was typed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from reader import Reader
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_controls import asked

from components import ids


def box(name: str) -> str:
    return f"[id='{ids.dom(ids.limit(name))}']"


BUDGET, MARGIN = box("budget"), box("margin")


def typed(reader: Reader, selector: str, text: str) -> Any:
    """Digits into a box that is emptied first; the focus stays there and nothing is waited for."""
    field = reader.element(selector)
    reader.script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].select()", field)
    field.send_keys(text)
    return field


def pressed(reader: Reader, selector: str, seconds: float = 0.09) -> None:
    """As with a mouse: down, a moment, up. It stands in sight already."""
    target = reader.element(selector)
    reader.script("arguments[0].scrollIntoView({block: 'center'})", target)
    ActionChains(reader.driver).move_to_element(target).click_and_hold().pause(seconds).release().perform()


def value(reader: Reader, selector: str) -> str:
    return str(reader.script("return document.querySelector(arguments[0]).value", selector))


def consistent(reader: Reader) -> None:
    """What the page shows is what its address shows when it is loaded afresh."""
    reader.settled()
    shown = (reader.decision, reader.words("#context"), value(reader, "#margin-box"), reader.address)
    reader.driver.refresh()
    reader.settled()
    reader.until(lambda: "margin" in reader.words("#context"), "the bar")
    fresh = (reader.decision, reader.words("#context"), value(reader, "#margin-box"), reader.address)
    assert shown == fresh


def test_a_budget_typed_just_before_a_press_is_in_the_file_the_link_and_the_next_page(
    reader: Reader, query: str, downloads: Path
) -> None:
    """€40 at €0.05 a contact are 800 contacts."""
    reader.open(f"/policy?{query}")
    reader.script("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    (downloads / "plan.csv").unlink(missing_ok=True)
    typed(reader, BUDGET, "40")
    pressed(reader, "a[href^='/api/plan.csv']")
    saved = reader.until(lambda: next(downloads.glob("plan.csv"), None), "the plan")
    with saved.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 800
    typed(reader, BUDGET, "30")
    pressed(reader, "#copy-link")
    copied = reader.until(lambda: reader.script("return window.copied"), "the link")
    assert "budget=30.0" in copied
    typed(reader, BUDGET, "20").send_keys(Keys.TAB)
    pressed(reader, ".rail a[href^='/contacts']")
    reader.until(lambda: "/contacts" in reader.address, "the contacts")
    reader.settled()
    assert asked(reader)["budget"] == "20.0" and "Contact 400 of" in reader.decision


def test_a_margin_typed_on_policy_is_that_of_the_profit_page(reader: Reader, query: str) -> None:
    reader.open(f"/policy?{query}")
    typed(reader, MARGIN, "45")
    pressed(reader, ".rail a[href^='/profit']")
    reader.until(lambda: "/profit" in reader.address, "the profit page")
    reader.until(lambda: value(reader, "#margin-box") == "45", "the margin")
    consistent(reader)
    assert asked(reader)["margin"] == "0.45"


@pytest.mark.parametrize(
    ("page", "box", "onward", "pause"),
    [
        ("/profit", "#margin-box", "/contacts", 0.15),
        ("/contacts", "#margin-box", "/sensitivity", 0.0),
        ("/compare", "#a-margin", "/profit", 0.0),
    ],
)
def test_a_number_typed_just_before_a_step_goes_along(
    reader: Reader, query: str, page: str, box: str, onward: str, pause: float
) -> None:
    reader.open(f"{page}?{query}")
    typed(reader, box, "45")
    ActionChains(reader.driver).pause(pause).perform()
    reader.element(f".rail a[href^='{onward}']").click()
    reader.until(lambda: onward in reader.address, "the next page")
    reader.until(lambda: value(reader, "#margin-box") == "45", "the margin")
    consistent(reader)
    assert asked(reader)["margin"] == "0.45"


def test_a_comma_is_a_point_and_thousands_are_whole(reader: Reader, query: str) -> None:
    """Typed key by key and pasted; a number beyond the scale becomes the end of it, and that is said."""
    reader.open(f"/profit?{query}")
    typed(reader, "#contacts-box", "1,2 34").send_keys(Keys.ENTER)
    reader.until(lambda: "Contact 1,234 of" in reader.decision, "the decision")
    typed(reader, "#cost-box", "0,07").send_keys(Keys.TAB)
    typed(reader, "#margin-box", "12,5").send_keys(Keys.TAB)
    reader.until(lambda: asked(reader)["margin"] == "0.125", "the margin in the address")
    assert [asked(reader)[key] for key in ("cost", "topn")] == ["0.07", "1234"]
    for selector, text, number in (
        ("#contacts-box", "1.000", "1000"),
        ("#contacts-box", "2,345", "2345"),
        ("#cost-box", "€ 0,08", "0.08"),
        ("#cost-box", "1.234,5", "1234.5"),
    ):
        pasted(reader, selector, text)
        assert value(reader, selector) == number
    reader.focus("#cost-box")
    reader.press(Keys.TAB)
    reader.until(lambda: asked(reader)["cost"] == "1234.5", "the cost in the address")
    said = ".control:has(#margin-box) .said"
    assert reader.element(said).get_attribute("aria-live") == "polite"
    for text, end, words in (("-5", "0", "−5 could"), ("1e9", "100", "1,000,000,000 could")):
        typed(reader, "#margin-box", text).send_keys(Keys.TAB)
        reader.until(lambda end=end: value(reader, "#margin-box") == end, "the end of the scale")
        assert reader.words(said) == f"{words} not be used; {end} stands in its place."
    typed(reader, "#margin-box", "30")
    assert reader.words(said) == ""


def pasted(reader: Reader, selector: str, text: str) -> None:
    """As from the clipboard, which a browser without a window does not have."""
    reader.element(selector)
    reader.script(
        "const box = document.querySelector(arguments[0]), held = new DataTransfer();"
        "held.setData('text', arguments[1]); box.focus(); box.select();"
        "const how = {clipboardData: held, bubbles: true, cancelable: true};"
        "box.dispatchEvent(new ClipboardEvent('paste', how))",
        selector,
        text,
    )
