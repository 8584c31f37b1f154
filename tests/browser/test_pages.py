"""Every page, wide and narrow, light and dark: it stands, fits, names its parts, and asks no one else."""

from __future__ import annotations

from pathlib import Path

import pytest
from accessibility import serious
from browsers import sized
from PIL import Image
from reader import Reader
from selenium.webdriver.common.keys import Keys

from pages.frame import STEPS

# Everything that opens is opened, and every term is asked; how far the page and the tips then reach.
USE = """
document.querySelectorAll('.page details').forEach((part) => (part.open = true));
const seen = (e) => e.offsetParent && getComputedStyle(e).visibility === 'visible';
const reach = [...document.querySelectorAll('.page .term')].filter(seen).map((term) => {
  term.focus({preventScroll: true});
  const tip = term.querySelector('.tip'), box = tip.getBoundingClientRect();
  return [term.tabIndex === 0 && getComputedStyle(tip).visibility === 'visible', box.left, box.right];
});
document.activeElement.blur();
return [document.documentElement.scrollWidth, reach];
"""
PAGES = tuple(step.path for step in STEPS)
RESULTS = ("/uplift", "/profit", "/sensitivity", "/policy", "/contacts")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_and_fits_a_telephone(reader: Reader, query: str, page: str) -> None:
    """Wide and narrow, with a campaign and without, and also once its tables and tips are open."""
    for address, width in ((f"{page}?{query}", 1280), (f"{page}?{query}", 390), (page, 390)):
        reader.open(address, width=width)
        assert reader.words("#content")
        assert reader.script("return document.documentElement.scrollWidth") <= width
        across, tips = reader.script(USE)
        assert across <= width
        assert all(shown and left >= 0 and right <= width for shown, left, right in tips), tips


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
    """As it opens, and on a telephone with everything open that opens."""
    reader.open(f"{page}?{query}")
    assert serious(reader) == []
    sized(reader.driver, 390)
    reader.script(USE)
    if reader.script("return !!document.querySelector('.controls')"):
        reader.click("#sheet-controls")
    reader.settled()
    assert serious(reader) == []


def test_an_unknown_id_and_rubbish_get_a_friendly_page(reader: Reader, query: str) -> None:
    reader.open("/profit?data=00000000000000000000&model=nothing")
    assert "not here" in reader.words("h1")
    reader.open(f"/profit?{query}&margin=lots&cost=-1&topn=nan&policy=x&value=1e999&workspace=1&self=2")
    assert reader.decision.startswith("Contact")
    assert reader.words(".notices").count("could not be used") == 5
    reader.open("/nowhere")
    assert "no such page" in reader.words("h1")


def box(reader: Reader, id: str) -> str:
    return str(reader.script("return document.getElementById(arguments[0]).value", id))


def test_a_link_for_more_contacts_than_customers_asks_for_all_and_says_so(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}&topn=70000")
    assert "topn is more than the 8,000 customers there are" in reader.words(".notices")
    reader.until(lambda: "8,000 contacts" in reader.words("#context"), "the bar")
    assert box(reader, "contacts-box") == "8000"
    assert reader.decision.startswith("Contact everyone (8,000")
    reader.until(lambda: "topn=8000" in reader.address, "the address")
    reader.open(f"/compare?{query}&b_topn=70000")
    assert "b_topn is more than the 8,000 customers" in reader.words()
    assert box(reader, "b-topn") == "8000"


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


def wish(reader: Reader, scheme: str) -> None:
    """What the reader's system asks for; less motion stays asked for."""
    features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    asked = [{"name": name, "value": value} for name, value in features.items()]
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": asked})


def test_the_theme_follows_the_system_until_the_reader_chooses_and_is_remembered(
    reader: Reader, query: str
) -> None:
    theme = "return document.documentElement.dataset.bsTheme"
    paper = "return getComputedStyle(document.body).backgroundColor"
    try:
        wish(reader, "dark")
        reader.open(f"/profit?{query}")
        assert reader.script(theme) == "dark"
        night = reader.script(paper)
        wish(reader, "light")  # while the page is open
        reader.until(lambda: reader.script(theme) == "light", "the system's other theme")
        assert reader.script(paper) != night
        reader.click("#theme-switch")
        assert (reader.script(theme), reader.script(paper)) == ("dark", night)
        reader.open(f"/uplift?{query}")
        assert reader.script(theme) == "dark", "chosen, whatever the system asks for"
        wish(reader, "dark")
        wish(reader, "light")
        assert reader.script(theme) == "dark"
    finally:
        wish(reader, "light")


def test_a_page_is_never_painted_in_the_other_theme(reader: Reader, query: str) -> None:
    """The background at the first sight of the body, before any script of the app has run."""
    watch = """
    window.seen = new Set();
    const look = () => {
      if (document.body) window.seen.add(document.documentElement.dataset.bsTheme);
      requestAnimationFrame(look);
    };
    look();
    """
    made = reader.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        for chosen in ("dark", "light"):
            reader.open(f"/profit?{query}")
            reader.script("localStorage.setItem('persuadable-theme', arguments[0])", chosen)
            reader.open(f"/profit?{query}")
            assert reader.script("return [...window.seen]") == [chosen]
    finally:
        reader.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)


def test_a_chart_is_saved_as_a_picture_on_white_in_either_theme(
    reader: Reader, query: str, downloads: Path
) -> None:
    """Ready for a slide: white paper and dark ink, whatever the page looks like. Twice the screen's size."""
    reader.open(f"/profit?{query}")
    for theme in ("light", "dark"):
        (downloads / "profit-chart.png").unlink(missing_ok=True)
        reader.script("document.documentElement.dataset.bsTheme = arguments[0]", theme)
        reader.click(".chart .tools button")
        saved = reader.until(lambda: next(downloads.glob("profit-chart.png"), None), "the picture")
        with Image.open(saved) as picture:
            shades = picture.convert("L").histogram()
            assert picture.width == 2 * reader.script(
                "return document.querySelector('#profit-chart .js-plotly-plot').offsetWidth"
            )
        assert max(range(256), key=shades.__getitem__) == 255, "white paper"
        assert sum(shades[:90]) > 1000, "dark ink"


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
    reader.click("#sheet-controls")
    focused = "return !!document.activeElement.closest('.controls')"
    reader.until(lambda: reader.script(focused), "the focus in the sheet")
    for keys in ((Keys.SHIFT, Keys.TAB), (Keys.TAB,)):  # over either end and back
        for _ in range(12):
            reader.press("".join(keys))
            assert reader.script(focused), "the page behind the sheet has the focus"
    reader.script("document.querySelector('#scrim').click()")
    assert reader.script(shown, ".controls") == "hidden"
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
