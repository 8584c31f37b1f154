"""A page on paper: one sheet, light, without controls, and with the assumptions."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from reader import Reader

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
