"""A headless Chromium that keeps its console and every address it asks for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.remote.remote_connection import RemoteConnection

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


def chromium(downloads: Path, *, width: int = 1280, height: int = 900) -> webdriver.Chrome:
    """A new browser with an empty profile; files it saves go to `downloads`."""
    RemoteConnection.set_timeout(120)  # selenium 3's own default is one that urllib3 2 refuses
    options = Options()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in (*FLAGS, f"--window-size={width},{height}"):
        options.add_argument(flag)
    wishes = {"download.default_directory": str(downloads), "download.prompt_for_download": False}
    options.add_experimental_option("prefs", wishes)
    capabilities = options.to_capabilities()
    capabilities["goog:loggingPrefs"] = {"browser": "ALL", "performance": "ALL"}
    driver = webdriver.Chrome(
        executable_path=shutil.which("chromedriver") or "chromedriver", desired_capabilities=capabilities
    )
    driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    # As a reader who asked for less motion: nothing is caught half-way through a fade.
    calm = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", calm)
    return driver


def sized(driver: webdriver.Chrome, width: int, height: int = 900) -> None:
    """Set the size of the page itself; a window cannot be made as narrow as a telephone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def console(driver: webdriver.Chrome) -> list[str]:
    """What the console said since it was last asked."""
    return [f"{line['level']} {line['message']}" for line in driver.get_log("browser")]


def hosts(driver: webdriver.Chrome) -> set[str]:
    """Every host that was asked for anything since it was last asked."""
    found: set[str] = set()
    for line in driver.get_log("performance"):
        message: dict[str, Any] = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            address = urlsplit(message["params"]["request"]["url"])
            if address.scheme in ("http", "https", "ws", "wss"):
                found.add(address.netloc)
    return found
