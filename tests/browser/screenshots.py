"""Pictures of every page, wide and narrow, light and dark.

`python tests/browser/screenshots.py OUT [URL QUERY]`; without an address it serves a small campaign itself.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from browsers import chromium, console, sized
from selenium import webdriver
from servers import serving, small_campaign

from pages.frame import STEPS

SIZES = (1280, 390)
THEMES = ("light", "dark")
PAGES = tuple(step.path for step in STEPS)


def settled(driver: webdriver.Chrome, seconds: float = 30.0) -> None:
    """Wait until the page is there and nothing is being computed."""
    deadline = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < deadline and quiet < 4:
        busy = driver.execute_script(
            "return !document.querySelector('.page')"
            " || !!document.querySelector('[data-dash-is-loading=true], .skeleton, .stale')"
            " || (document.querySelector('.js-plotly-plot') === null && !!document.querySelector('.chart'))"
        )
        quiet = 0 if busy else quiet + 1
        time.sleep(0.15)


def take(url: str, query: str, out: Path, pages: tuple[str, ...] = PAGES) -> None:
    """Every page of a running server at both widths in both themes, whole length."""
    out.mkdir(parents=True, exist_ok=True)
    driver = chromium(out)
    try:
        driver.get(url)
        for theme in THEMES:
            driver.execute_script(f"localStorage.setItem('persuadable-theme', '{theme}')")
            for width in SIZES:
                for path in (*pages, "empty"):
                    sized(driver, width)
                    driver.get(f"{url}/profit" if path == "empty" else f"{url}{path}?{query}")
                    settled(driver)
                    height = driver.execute_script("return document.documentElement.scrollHeight")
                    sized(driver, width, max(900, int(height)))
                    time.sleep(0.5)
                    name = "start" if path == "/" else path.strip("/")
                    driver.save_screenshot(str(out / f"{name}-{width}-{theme}.png"))
        for line in console(driver):
            print(line)
    finally:
        driver.quit()


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "artifacts/screenshots")
    if len(sys.argv) > 3:
        take(sys.argv[2], sys.argv[3], out)
        return
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        take(server.url, small_campaign(server), out)


if __name__ == "__main__":
    main()
