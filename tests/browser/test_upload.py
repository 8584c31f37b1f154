"""An upload over a slow line: its progress is seen, and cancelled it leaves nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from reader import Reader
from servers import Server

SPEED = 3_000_000  # bytes a second


@pytest.fixture
def slow_line(reader: Reader):
    """A browser that sends at SPEED."""
    command = "Network.emulateNetworkConditions"
    line = {"offline": False, "latency": 5, "downloadThroughput": -1}
    reader.driver.execute_cdp_cmd("Network.enable", {})
    reader.driver.execute_cdp_cmd(command, {**line, "uploadThroughput": SPEED})
    yield
    reader.driver.execute_cdp_cmd(command, {**line, "latency": 0, "uploadThroughput": -1})


def test_a_cancelled_upload_shows_its_progress_and_leaves_nothing(
    reader: Reader, server: Server, slow_line: None, tmp_path: Path
) -> None:
    path = tmp_path / "large campaign.csv"
    path.write_text("customer_id,segment,spend\n" + "000001,No E-Mail,0\n" * 1_500_000)  # 30 MB: ten seconds
    before = {data.id for data in server.workspace.data.all()}
    inbox = server.workspace.settings.artifacts / "uploads"
    reader.open("/data")
    reader.element("#upload-input").send_keys(str(path))
    bar = "#upload-progress [role=progressbar]"
    reader.until(lambda: int(reader.element(bar).get_attribute("aria-valuenow")) >= 10, "the bar to move")
    assert "large campaign.csv" in reader.words("#upload-progress")
    reader.until(lambda: list(inbox.iterdir()), "the file on the server's disk")
    reader.click("#upload-cancel")
    pressed = time.monotonic()
    reader.until(lambda: "cancelled" in reader.words("#uploaded"), "what became of it")
    assert "Nothing was kept" in reader.words("#uploaded")
    assert reader.words("#upload-progress") == ""
    reader.until(lambda: not list(inbox.iterdir()), "the server to let go of it", 10)
    assert time.monotonic() - pressed < 5
    assert {data.id for data in server.workspace.data.all()} == before
