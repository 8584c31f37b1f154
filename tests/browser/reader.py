"""Someone who reads and clicks: waits as a person does, by looking."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from browsers import sized
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.keys import Keys
from servers import Server

T = TypeVar("T")

SETTLED = """
return !!document.querySelector('.page')
  && !document.querySelector('[data-dash-is-loading=true], [aria-busy=true]')
  && document.querySelectorAll('.chart').length === document.querySelectorAll('.js-plotly-plot').length
"""


class Reader:
    """A browser on one server."""

    def __init__(self, driver: webdriver.Chrome, server: Server) -> None:
        self.driver, self.server = driver, server

    def open(self, address: str, *, width: int = 1280) -> None:
        """Load a page (path and query) and wait until it stands."""
        sized(self.driver, width)
        self.driver.get(self.server.url + address)
        self.settled()

    def settled(self) -> None:
        self.until(lambda: self.script(SETTLED), "the page to stand")

    def until(self, seen: Callable[[], T], what: str, seconds: float = 30.0) -> T:
        """The first true answer; AssertionError says what was waited for."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                found = seen()
            except (StaleElementReferenceException, IndexError):
                found = None  # type: ignore[assignment]
            except WebDriverException:
                if time.monotonic() > deadline:
                    raise
                found = None  # type: ignore[assignment]
            if found:
                return found
            assert time.monotonic() < deadline, (
                f"waited {seconds:g} s for {what} at {self.address}: {self.words()[:300]!r}"
            )
            time.sleep(0.1)

    def script(self, text: str, *arguments: Any) -> Any:
        return self.driver.execute_script(text, *arguments)

    def words(self, selector: str = "#content") -> str:
        """The text of an element as it is shown, '' where there is none. Unbroken spaces are spaces."""
        said = self.script(
            "const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", selector
        )
        return str(said).replace("\u00a0", " ").replace("\u2060", "")

    def element(self, selector: str) -> Any:
        return self.until(
            lambda: self.driver.find_elements_by_css_selector(selector)[0], f"an element {selector}"
        )

    def click(self, selector: str) -> None:
        def clicked() -> bool:
            target = self.element(selector)
            self.script("arguments[0].scrollIntoView({block: 'center'})", target)
            target.click()
            return True

        self.until(clicked, f"{selector} to take a click")

    def press(self, *keys: str, times: int = 1) -> None:
        """Keys to whatever has the focus."""
        for _ in range(times):
            self.driver.switch_to.active_element.send_keys(*keys)

    def focus(self, selector: str) -> None:
        self.script("arguments[0].focus()", self.element(selector))

    def write(self, selector: str, text: str) -> None:
        """Replace what stands in a field, as by hand."""
        field = self.element(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text)
        field.send_keys(Keys.TAB)

    @property
    def decision(self) -> str:
        return self.words(".page .decision .sentence")

    @property
    def address(self) -> str:
        return str(self.driver.current_url)
