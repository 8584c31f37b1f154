"""One server and one browser for the whole folder; every test leaves an empty console and one host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from browsers import chromium, console, hosts
from reader import Reader
from selenium import webdriver
from servers import Server, serving, small_campaign


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("installation")) as running:
        yield running


@pytest.fixture(scope="session")
def query(server: Server) -> str:
    """The query of a small simulated campaign with its model."""
    return small_campaign(server)


@pytest.fixture(scope="session")
def costs_query(server: Server, query: str) -> str:
    """The same campaign with a cost for each customer, 0 to 0.11."""
    data, asked = server.workspace.data, dict(parse_qsl(query))
    frame = data.frame(asked["data"])
    stored = data.add(frame.assign(cost=np.arange(len(frame)) % 12 / 100), "Own costs")
    return urlencode(asked | {"data": stored.id})


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def driver(downloads: Path) -> Iterator[webdriver.Chrome]:
    if not (shutil.which("chromium") or shutil.which("google-chrome")) or not shutil.which("chromedriver"):
        reason = "no Chromium here: apt-get install chromium chromium-driver"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    made = chromium(downloads)
    yield made
    made.quit()


@pytest.fixture
def reader(driver: webdriver.Chrome, server: Server) -> Iterator[Reader]:
    """Someone at the browser. Afterwards the console is empty and no other host was asked."""
    driver.get("about:blank")
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "all"})
    console(driver)
    hosts(driver)
    yield Reader(driver, server)
    assert console(driver) == []
    assert hosts(driver) <= {server.host}
