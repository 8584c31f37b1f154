"""Everything with the keys alone, heard as it happens; terms explain themselves to finger and focus."""

from __future__ import annotations

import time
from pathlib import Path

from reader import Reader
from selenium.webdriver.common.keys import Keys
from test_campaign import campaign_csv  # noqa: F401

HEAR = """
window.heard = [];
new MutationObserver(() => {
  const words = document.querySelector('#announce').textContent;
  if (words) window.heard.push(words);
}).observe(document.querySelector('#announce'), {childList: true, characterData: true, subtree: true});
"""
SEEN = """
const at = document.activeElement;
const held = at.type === 'file' ? at.closest('.drop') : at;
const look = getComputedStyle(held);
return at === document.body || (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2);
"""


def tab_to(reader: Reader, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is there; it is seen wherever it stands."""
    for _ in range(most):
        reader.press(Keys.TAB)
        assert reader.script(SEEN), reader.script("return document.activeElement.outerHTML")
        if reader.script("return document.activeElement.matches(arguments[0])", selector):
            return
    raise AssertionError(f"{selector} is not reached by {most} Tabs")


def heard(reader: Reader) -> str:
    return " | ".join(reader.script("return window.heard"))


def test_from_the_start_page_to_the_pack_with_the_keys_alone(
    reader: Reader,
    campaign_csv: Path,  # noqa: F811
    downloads: Path,
) -> None:
    """Only the file dialog is the system's own: there the test names the file."""
    reader.open("/")
    begun = time.monotonic()
    reader.script(HEAR)
    tab_to(reader, "a[href^='/data'].btn")
    reader.press(Keys.ENTER)
    reader.until(lambda: "/data" in reader.address, "the Data page")
    reader.element("#upload-input")
    tab_to(reader, "#upload-input")
    reader.element("#upload-input").send_keys(str(campaign_csv))
    reader.until(lambda: "data=" in reader.address, "the upload", 60)
    reader.element("#train")
    tab_to(reader, "#train")
    reader.press(Keys.ENTER)
    reader.until(lambda: "Training on spring campaign.csv: done" in heard(reader), "the end to be heard", 120)
    reader.element("#content a.result")
    tab_to(reader, "#content a.result")
    reader.press(Keys.ENTER)
    reader.until(lambda: "/profit" in reader.address, "the decision")
    reader.settled()
    before = reader.decision
    tab_to(reader, "#cost-slider [role=slider]")
    reader.press(Keys.ARROW_RIGHT, times=3)
    reader.until(lambda: reader.decision != before, "the decision to follow")
    assert reader.element("#decision").get_attribute("aria-live") == "polite"
    tab_to(reader, "a[href^='/contacts']")
    reader.press(Keys.ENTER)
    reader.until(lambda: "/contacts" in reader.address, "the contacts")
    reader.element("#build-pack")
    tab_to(reader, "#build-pack")
    reader.press(Keys.ENTER)
    link = "#content [data-kind=pack][data-state=done] a[href$='.md']"
    reader.until(lambda: reader.driver.find_elements_by_css_selector(link), "the pack", 60)
    tab_to(reader, link.split()[-1])
    reader.press(Keys.ENTER)
    reader.until(lambda: list(downloads.glob("contact_pack_*.md")), "the summary")
    assert time.monotonic() - begun < 300, "the Start page promises five minutes"


def test_the_glossary_opens_on_every_page_and_esc_closes_it(reader: Reader) -> None:
    reader.open("/design")
    reader.focus("#open-glossary")
    reader.press(Keys.ENTER)
    shown = "return document.querySelector('#glossary').open"
    reader.until(lambda: reader.script(shown), "the glossary")
    words = reader.words("#glossary")
    for term in ("Uplift", "Decile", "CLV", "Qini", "Incremental", "Margin"):
        assert term in words
    assert reader.script("return document.querySelector('#glossary').contains(document.activeElement)")
    reader.press(Keys.ESCAPE)
    reader.until(lambda: not reader.script(shown), "the glossary to close")
    assert reader.script("return document.activeElement.id") == "open-glossary"


def test_a_term_explains_itself_under_a_finger_and_stays_on_the_telephone(reader: Reader, query: str) -> None:
    reader.open(f"/uplift?{query}", width=390)
    try:
        reader.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
        terms = reader.script("return document.querySelectorAll('.page .term').length")
        assert terms > 5
        for place in range(0, terms, 3):
            where = reader.script(
                "const t = [...document.querySelectorAll('.page .term')].filter(t => !t.closest('.controls'))"
                "[arguments[0]]; if (!t) return null; t.scrollIntoView({block: 'center'});"
                "const r = t.getClientRects()[0]; return [r.left + r.width / 2, r.top + r.height / 2]",
                place,
            )
            if where is None:
                break
            touch = [{"x": where[0], "y": where[1]}]
            reader.driver.execute_cdp_cmd(
                "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": touch}
            )
            reader.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            tip = (
                "const t = document.activeElement.querySelector('.tip'); if (!t) return null;"
                "const r = t.getBoundingClientRect();"
                "return getComputedStyle(t).visibility === 'visible'"
                " && r.left >= 0 && r.right <= 390 && r.top >= 0"
            )
            reader.until(lambda: reader.script(tip), "the tip under the finger", 5)  # noqa: B023
    finally:
        reader.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_motion_is_for_those_who_want_it(reader: Reader, query: str) -> None:
    """prefers-reduced-motion is emulated; the browser of all other tests asks for less motion."""
    moving = """
    return [...document.querySelectorAll('*')].filter((e) => {
      const look = getComputedStyle(e);
      return [...look.transitionDuration.split(','), ...look.animationDuration.split(',')]
        .some((time) => parseFloat(time) > 0.01);
    }).length
    """
    reader.open(f"/profit?{query}", width=390)
    assert reader.script(moving) == 0
    wish = {"features": [{"name": "prefers-reduced-motion", "value": "no-preference"}]}
    try:
        reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
        assert reader.script(moving) > 0
    finally:
        wish["features"][0]["value"] = "reduce"
        reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
