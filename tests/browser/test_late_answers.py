"""A slow server never takes back what a person has set meanwhile."""

from __future__ import annotations

import pytest
from reader import Reader
from selenium.webdriver.common.keys import Keys
from test_controls import asked

HOLD = """
const real = window.fetch;
window.answers = [];
window.fetch = (...call) => real(...call).then((answer) =>
  window.answers && String(call[0]).includes('_dash-update-component')
    ? new Promise((go) => window.answers.push(() => go(answer)))
    : answer);
"""
RELEASE = "const held = window.answers; window.answers = null; held.forEach((go) => go())"


@pytest.fixture
def slow(reader: Reader, query: str) -> Reader:
    """The profit page; every answer of the server is held back from now on, until `release`."""
    reader.open(f"/profit?{query}")
    reader.until(lambda: asked(reader).get("margin") == "0.3", "the address to hold the controls")
    reader.script(HOLD)
    return reader


def held(reader: Reader) -> int:
    return int(reader.script("return window.answers.length"))


def box(reader: Reader, name: str) -> str:
    return str(reader.script("return document.querySelector(arguments[0]).value", f"#{name}-box"))


def test_a_number_set_while_the_server_answers_another_is_kept(slow: Reader) -> None:
    slow.write("#margin-box", "42")
    slow.until(lambda: held(slow), "an answer that is late")
    slow.write("#contacts-box", "777")
    slow.write("#cost-box", "0.07")
    slow.script(RELEASE)
    slow.until(lambda: "Contact 777 of" in slow.decision, "the decision for 777")
    assert {k: asked(slow).get(k) for k in ("margin", "cost", "topn")} == {
        "margin": "0.42", "cost": "0.07", "topn": "777",
    }  # fmt: skip
    assert [box(slow, name) for name in ("margin", "cost", "contacts")] == ["42", "0.07", "777"]


def test_a_number_still_being_typed_is_not_overwritten_by_a_late_answer(slow: Reader) -> None:
    slow.write("#cost-box", "0.5")
    slow.until(lambda: held(slow), "an answer that is late")
    slow.script("document.querySelector('#contacts-box').select()")
    slow.script(
        # Typed, and the answer comes before the pause that would have sent it.
        "document.execCommand('insertText', false, '777');" + RELEASE
    )
    slow.until(lambda: asked(slow).get("topn") == "777", "the number in the address")
    assert box(slow, "contacts") == "777"
    slow.until(lambda: "Contact 777 of" in slow.decision, "the decision for 777")
    assert asked(slow)["cost"] == "0.5"


def test_what_was_done_last_counts_even_within_the_pause_of_a_box(slow: Reader) -> None:
    slow.script(RELEASE)
    best = box(slow, "contacts")
    slow.write("#contacts-box", "1200")
    slow.until(lambda: "Contact 1,200 of" in slow.decision, "the decision, and with it the button")
    slow.focus("#contacts-box")
    slow.script(
        "document.querySelector('#contacts-box').select();"
        "document.execCommand('insertText', false, '777');"
        "document.querySelector('#use-best').focus();"
        "document.querySelector('#use-best').click()"
    )
    slow.until(lambda: "topn" not in asked(slow), "the best number")
    slow.until(lambda: f"Contact {int(best):,} of" in slow.decision, "the decision for the best")
    slow.until(lambda: box(slow, "contacts") == best, "the box to follow", 5)
    assert "topn" not in asked(slow)


def test_a_number_beyond_the_scale_becomes_the_end_of_it_and_an_empty_box_what_it_was(slow: Reader) -> None:
    slow.script(RELEASE)
    slow.write("#margin-box", "140")
    slow.until(lambda: asked(slow)["margin"] == "1", "the end of the scale")
    assert box(slow, "margin") == "100"
    slow.focus("#cost-box")
    before = box(slow, "cost")
    # All at once: digits taken one by one may be numbers of their own, where the machine is slow.
    slow.element("#cost-box").send_keys(Keys.CONTROL, "a")
    slow.press(Keys.BACKSPACE)
    slow.press(Keys.TAB)
    slow.until(lambda: box(slow, "cost") == before, "the number it was")


def test_a_slider_moved_after_its_box_is_what_counts(slow: Reader) -> None:
    slow.write("#cost-box", "0.07")
    slow.until(lambda: held(slow), "an answer that is late")
    slow.write("#margin-box", "42")
    slow.focus("#margin-slider [role=slider]")
    slow.press(Keys.END)
    slow.script(RELEASE)
    slow.until(lambda: asked(slow)["margin"] == "1", "the slider's margin")
    slow.until(lambda: box(slow, "margin") == "100", "the box to follow")
    assert asked(slow)["cost"] == "0.07"


def test_a_page_left_before_its_answer_came_leaves_nothing_loading_behind(reader: Reader, query: str) -> None:
    """As a million customers' health is examined for longer than one wants to look at the Data page."""
    hold_one = HOLD.replace(
        "String(call[0]).includes('_dash-update-component')",
        'String((call[1] || {}).body).includes(\'"output":"health.children"\')',
    )
    reader.open(f"/profit?{query}")
    reader.script(hold_one)
    reader.click(".rail a[href^='/data']")
    reader.until(lambda: held(reader), "the examination that is late")
    for page in ("/profit", "/uplift", "/compare"):
        reader.click(f".rail a[href^='{page}']")
        reader.until(lambda page=page: page in reader.address, "the next page")
        reader.until(lambda: reader.words(".page .decision"), "its decision")
        reader.settled()  # nothing there is loading
    assert held(reader), "the answer is still to come"
    reader.script(RELEASE)
