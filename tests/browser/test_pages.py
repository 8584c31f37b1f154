"""Every page, wide and narrow, light and dark: it stands, fits, names its parts, and asks no one else."""

from __future__ import annotations

import pytest
from accessibility import serious
from reader import Reader
from selenium.webdriver.common.keys import Keys

from pages.frame import STEPS

PAGES = tuple(step.path for step in STEPS)
RESULTS = ("/uplift", "/profit", "/sensitivity", "/policy", "/contacts")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_and_fits_a_telephone(reader: Reader, query: str, page: str) -> None:
    across = "return document.documentElement.scrollWidth"
    reader.open(f"{page}?{query}", width=1280)
    assert reader.script(across) <= 1280
    for address in (f"{page}?{query}", page):
        reader.open(address, width=390)
        assert reader.words("#content")
        assert reader.script(across) <= 390


@pytest.mark.parametrize("page", RESULTS)
def test_a_result_page_opens_with_the_decision_in_three_sentences(
    reader: Reader, query: str, page: str
) -> None:
    reader.open(f"{page}?{query}")
    assert reader.decision.startswith("Contact")
    assert "Contacting everyone:" in reader.words(".page .decision .comparison")
    assert reader.words(".page .decision .certainty")
    assert "simulated" in reader.words("#content .notice")


@pytest.mark.parametrize("page", (*RESULTS, "/compare"))
def test_a_result_page_without_a_campaign_says_why_and_what_next(reader: Reader, page: str) -> None:
    reader.open(page)
    assert "No campaign to look at yet" in reader.words("h1")
    assert reader.element("#try-example") and reader.element("a[href^='/data']")


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_in_light_or_dark(reader: Reader, query: str, page: str) -> None:
    reader.open(f"{page}?{query}")
    assert serious(reader) == []


def test_an_unknown_id_and_rubbish_get_a_friendly_page(reader: Reader, query: str) -> None:
    reader.open("/profit?data=00000000000000000000&model=nothing")
    assert "not here" in reader.words("h1")
    reader.open(f"/profit?{query}&margin=lots&cost=-1&topn=nan&policy=x&value=1e999&workspace=1&self=2")
    assert reader.decision.startswith("Contact")
    assert reader.words(".notices").count("could not be used") == 5
    reader.open("/nowhere")
    assert "no such page" in reader.words("h1")


def test_the_keyboard_reaches_the_content_and_the_sliders_have_names(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    reader.focus("body")
    reader.press(Keys.TAB)
    assert reader.script("return document.activeElement.className") == "skip"
    reader.press(Keys.ENTER)
    assert reader.script("return document.activeElement.id") == "content"
    names = reader.script(
        "return [...document.querySelectorAll('[role=slider]')].map(s => s.getAttribute('aria-label'))"
    )
    assert names == [
        "Margin, percent of revenue kept",
        "Cost per contact in €",
        "Number of customers to contact",
    ]


def test_a_term_explains_itself_on_focus_and_esc_closes_it(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    visible = "return getComputedStyle(document.querySelector('.term .tip')).visibility"
    assert reader.script(visible) == "hidden"
    reader.focus(".term")
    reader.until(lambda: reader.script(visible) == "visible", "the tip")
    reader.press(Keys.ESCAPE)
    reader.until(lambda: reader.script(visible) == "hidden", "the tip to go")


def test_every_tip_opens_inside_the_window(reader: Reader, query: str) -> None:
    reader.open(f"/uplift?{query}")
    ends = reader.script(
        """return [...document.querySelectorAll('.term')].map((term) => {
          term.focus();
          return Math.round(term.querySelector('.tip').getBoundingClientRect().right);
        })"""
    )
    assert len(ends) > 5 and min(ends) > 0 and max(ends) <= 1280
    assert reader.script("return document.documentElement.scrollWidth") <= 1280


def test_the_theme_follows_the_reader_and_is_remembered(reader: Reader, query: str) -> None:
    theme = "return document.documentElement.dataset.bsTheme"
    reader.open(f"/profit?{query}")
    before = reader.script(theme)
    reader.click("#theme-switch")
    after = reader.script(theme)
    assert {before, after} == {"light", "dark"}
    reader.open(f"/uplift?{query}")
    assert reader.script(theme) == after


def test_on_a_telephone_steps_and_controls_are_behind_a_button_each(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}", width=390)
    shown = "return getComputedStyle(document.querySelector(arguments[0])).visibility"
    assert reader.script(shown, ".controls") == "hidden"
    reader.click("#sheet-controls")
    reader.until(lambda: reader.script(shown, ".controls") == "visible", "the controls")
    top = reader.script("return document.querySelector('.controls').getBoundingClientRect().top")
    decision = reader.script(
        "window.scrollTo(0, 0); return document.querySelector('.sentence').getBoundingClientRect().bottom"
    )
    assert decision < top
    reader.press(Keys.ESCAPE)
    reader.until(lambda: reader.script(shown, ".controls") == "hidden", "the controls to go")
    assert reader.script("return document.activeElement.id") == "sheet-controls"
    reader.click("#sheet-rail")
    reader.until(lambda: reader.script(shown, ".rail") == "visible", "the steps")
    reader.click(".rail a[href^='/uplift']")
    reader.until(
        lambda: "/uplift" in reader.address and reader.script(shown, ".rail") == "hidden", "the page"
    )


def test_nothing_jumps_while_a_page_loads(reader: Reader, query: str) -> None:
    """Layout shift as the browser counts it; below 0.1 is called good (web.dev, Cumulative Layout Shift)."""
    watch = """
    window.jumped = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.jumped += e.value)))
      .observe({type: 'layout-shift', buffered: true});
    """
    made = reader.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        for page in ("/profit", "/sensitivity", "/policy", "/compare"):
            reader.open(f"{page}?{query}")
            assert reader.script("return window.jumped") < 0.1, page
    finally:
        reader.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)


def test_a_fault_of_ours_is_told_on_the_page_with_a_reference(reader: Reader, query: str) -> None:
    """A scenario that is no scenario cannot come from the controls: whatever happens then is our fault."""
    reader.open(f"/profit?{query}")
    reader.script("window.dash_clientside.set_props('scenario', {data: 'rubbish'})")
    said = reader.until(lambda: reader.words("#fault"), "what happened")
    assert "reference id" in said and "Traceback" not in said
    assert reader.element("#fault").get_attribute("role") == "alert"
    assert reader.decision.startswith("Contact"), "what stood there stays"
