"""A page on paper: one sheet, light, without controls, and with the assumptions."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from reader import Reader

A4 = 673
"""Width of an A4 sheet between its margins (210 mm less 2 · 16), px."""
CALM = [{"name": "prefers-reduced-motion", "value": "reduce"}]


@contextmanager
def on_paper(reader: Reader) -> Iterator[None]:
    """As the page is seen by the printer."""
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": CALM})
    try:
        yield
    finally:
        screen(reader)


def screen(reader: Reader) -> None:
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": CALM})


def shown(reader: Reader, selector: str) -> bool:
    return bool(
        reader.script(
            "return [...document.querySelectorAll(arguments[0])].some(e => e.getClientRects().length)",
            selector,
        )
    )


def test_the_decision_is_one_sheet(reader: Reader, query: str) -> None:
    """A4 and Letter, from the dark theme, with a name, and a claim that the data do not bear out."""
    reader.open(f"/profit?{query}&name=Spring+push+to+everyone+we+know&margin=0.99&topn=900&value=3")
    assert "claim" in reader.words(".certainty")
    reader.script("document.documentElement.dataset.bsTheme = 'dark'")
    chart = "return document.querySelector('.js-plotly-plot .main-svg').getAttribute('width')"
    wide = reader.script(chart)
    for width, height in ((8.27, 11.69), (8.5, 11.0)):
        sheet = {"printBackground": True, "paperWidth": width, "paperHeight": height}
        printed = base64.b64decode(reader.driver.execute_cdp_cmd("Page.printToPDF", sheet)["data"])
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    reader.until(lambda: reader.script(chart) == wide, "the chart as wide as before")


def test_a_printed_plan_has_every_column_on_the_sheet_and_no_sheet_next_to_empty(
    reader: Reader, query: str
) -> None:
    """Every cell within its edges; three sheets at most, which were four when panels could not break."""
    reader.open(f"/policy?{query}&budget=500&holdout=0.1", width=A4)
    reader.until(lambda: "Who is contacted" in reader.words("#policy-later"), "the whole page")
    reader.until(lambda: not shown(reader, ".skeleton, .stale"), "the comparisons")
    beyond = """
    return [...document.querySelectorAll('table.plain th, table.plain td')]
      .filter((cell) => cell.getClientRects().length)
      .map((cell) => [cell.textContent, cell.getBoundingClientRect().right])
      .filter(([_, right]) => right > document.documentElement.clientWidth + 1)
    """
    with on_paper(reader):
        assert "The plan earned more by" in reader.words("#policy-worth")
        assert reader.script(beyond) == []
        kind = "return getComputedStyle(document.querySelector(arguments[0])).display"
        for grid in (".panel.stack", ".panel .two"):  # at a page's end its rows were printed over each other
            assert reader.script(kind, grid) == "block"
    sheet = {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
    printed = base64.b64decode(reader.driver.execute_cdp_cmd("Page.printToPDF", sheet)["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 3


def test_paper_carries_the_assumptions_and_no_controls(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}&name=Spring+push&margin=0.35&topn=1234")
    assert not shown(reader, "#paper")
    with on_paper(reader):
        reader.until(lambda: reader.address in reader.words("#paper"), "the address on the paper")
        said = reader.words("#paper")
        for part in (
            *("Spring push", "Simulated campaign, small", "Two regularised forests", "35.0 %", "€0.05"),
            *("1,234", date.today().isoformat()),
        ):
            assert part in said
        assert shown(reader, "#decision .sentence") and shown(reader, ".js-plotly-plot")
        for selector in (".rail", ".bar", "button", ".controls", ".next a", ".tools"):
            assert not shown(reader, selector), selector
        ink = reader.script("return getComputedStyle(document.querySelector('.sentence')).color")
        assert ink == "rgb(0, 0, 0)"
    assert shown(reader, ".rail") and not shown(reader, "#paper")
