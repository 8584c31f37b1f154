"""Kill -9 of the server in the middle of a training."""

from __future__ import annotations

from pathlib import Path

import psutil
from browsers import console
from reader import Reader
from selenium import webdriver
from servers import serving
from test_campaign import long_csv, train_deep, uploaded, working  # noqa: F401

from core import jobs


def test_after_a_kill_nothing_half_written_is_offered_and_the_job_is_shown_as_stopped(
    driver: webdriver.Chrome,
    tmp_path: Path,
    long_csv: Path,  # noqa: F811
) -> None:
    with serving(tmp_path) as server:
        reader = Reader(driver, server)
        uploaded(reader, long_csv)
        address = reader.address.removeprefix(server.url)
        train_deep(reader)
        record = working(reader, server)
        server.kill()
        reader.until(lambda: not psutil.pid_exists(record.pid or 0), "the work to end with its server", 15)
        server.start()
        reader.open(address)
        card = "#content [data-kind=train]"
        reader.until(lambda: "stopped before finishing" in reader.words(card), "the truth", 60)
        assert jobs.job(record.id, server.workspace.settings).state == "stopped"
        assert server.workspace.models() == []
        assert not list(server.workspace.models_folder.glob("*/meta.json"))
        reader.click("#train")
        reader.until(lambda: reader.words("#content [data-state=running]"), "the second try", 60)
    console(driver)  # the page asked for a server that was gone: that is what is shown there
