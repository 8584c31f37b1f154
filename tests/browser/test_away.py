"""While the server does not answer that is said, nothing set is lost, and the page goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accessibility import serious
from browsers import console
from reader import Reader
from test_controls import asked
from test_typed import BUDGET, value

from core.advice.connection import AWAY, BACK


def connected(reader: Reader, yes: bool) -> None:
    conditions = {"offline": not yes, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    reader.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


@pytest.fixture
def cut_off(reader: Reader) -> Iterator[Reader]:
    """Someone whose connection may break; the browser itself writes of that in its console."""
    yield reader
    connected(reader, True)
    reader.until(lambda: not reader.words("#away"), "the connection")
    assert all("ERR_INTERNET_DISCONNECTED" in line for line in console(reader.driver))


def test_a_margin_set_while_the_server_is_away_counts_once_it_is_back(cut_off: Reader, query: str) -> None:
    reader = cut_off
    reader.open(f"/profit?{query}")
    reader.until(lambda: asked(reader).get("margin") == "0.3", "the address to hold the controls")
    before = reader.decision
    connected(reader, False)
    reader.write("#margin-box", "40")
    assert reader.until(lambda: reader.words("#away"), "the notice") == AWAY
    assert reader.element("#away").get_attribute("role") == "alert"
    assert serious(reader) == []
    reader.write("#cost-box", "0.08")
    assert reader.decision == before
    connected(reader, True)
    reader.until(lambda: not reader.words("#away"), "the notice to go")
    assert reader.script("return document.querySelector('#announce').textContent") == BACK
    reader.until(lambda: asked(reader).get("cost") == "0.08", "what was set meanwhile")
    reader.until(lambda: "€0.08" in reader.words("#context"), "the bar to follow")
    reader.settled()
    shown = (reader.decision, value(reader, "#margin-box"), value(reader, "#cost-box"))
    assert shown[0] != before and shown[1:] == ("40", "0.08")
    reader.driver.refresh()
    reader.settled()
    assert reader.decision == shown[0]


def test_a_budget_set_while_the_server_is_away_counts_once_it_is_back(cut_off: Reader, query: str) -> None:
    reader = cut_off
    reader.open(f"/policy?{query}")
    reader.settled()
    connected(reader, False)
    reader.write(BUDGET, "40")
    reader.until(lambda: reader.words("#away") == AWAY, "the notice")
    assert "for €40.00" not in reader.decision
    connected(reader, True)
    reader.until(lambda: "for €40.00" in reader.decision, "the plan within the budget")
    assert asked(reader)["budget"] == "40.0"
