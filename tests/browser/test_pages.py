"""Every page, wide and narrow, light and dark: it stands, fits, names its parts, and asks no one else."""

from __future__ import annotations

import pytest
from axe_selenium_python import Axe
from reader import Reader
from selenium.webdriver.common.keys import Keys

from pages.frame import STEPS

PAGES = tuple(step.path for step in STEPS)
RESULTS = ("/uplift", "/profit", "/sensitivity", "/contacts")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_and_fits_a_telephone(reader: Reader, query: str, page: str) -> None:
    reader.open(f"{page}?{query}", width=390)
    assert reader.words("#content")
    assert reader.script("return document.documentElement.scrollWidth") <= 390
    reader.open(page, width=390)
    assert reader.words("#content")
    assert reader.script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", RESULTS)
def test_a_result_page_opens_with_the_decision_in_three_sentences(
    reader: Reader, query: str, page: str
) -> None:
    reader.open(f"{page}?{query}")
    assert reader.decision.startswith("Contact")
    assert "Contacting everyone:" in reader.words("#decision .comparison")
    assert reader.words("#decision .certainty")
    assert "simulated" in reader.words("#content .notice")


@pytest.mark.parametrize("page", (*RESULTS, "/compare"))
def test_a_result_page_without_a_campaign_says_why_and_what_next(reader: Reader, page: str) -> None:
    reader.open(page)
    assert "No campaign to look at yet" in reader.words("h1")
    assert reader.element("#try-example") and reader.element("a[href^='/data']")


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_serious_in_light_or_dark(reader: Reader, query: str, page: str) -> None:
    reader.open(f"{page}?{query}")
    axe = Axe(reader.driver)
    axe.inject()
    for theme in ("light", "dark"):
        reader.script("document.documentElement.dataset.bsTheme = arguments[0]", theme)
        found = [
            f"{v['impact']} {v['id']}: {node['target']} {node['failureSummary']}"
            for v in axe.run()["violations"]
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
            if not _empty_group_of_the_grid(v["id"], node["target"])
        ]
        assert found == [], theme


def _empty_group_of_the_grid(rule: str, target: list[str]) -> bool:
    """ag-grid keeps empty row groups for pinned rows; ARIA 1.3 allows what this axe-core does not."""
    return rule == "aria-required-children" and ".ag-" in target[0]


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
