"""An upload is taken in the same way in the server and in a process apart; errors keep all they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from core import intake
from core.data.readers import read_table, write_table
from core.data.simulate import simulate
from core.errors import DataError, PersuadableError, TooLargeError
from core.intake import read_sent, take_in
from core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(artifacts=tmp_path / "artifacts", max_rows=1000)


def test_a_process_apart_takes_in_the_same(settings, tmp_path):
    path = tmp_path / "upload.part"
    write_table(simulate(rows=500, seed=1)[0], tmp_path / "campaign.csv")
    (tmp_path / "campaign.csv").rename(path)
    here = take_in(path, name="campaign.csv", settings=settings)
    apart = take_in(path, name="campaign.csv", settings=settings, apart_from=0)
    assert here == apart
    assert here.proposal["roles"]["treatment"] == "segment"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"a,b\n1,2\n3\n", DataError), (b"a\n" + b"1\n" * 2000, TooLargeError), (b"a,a\n1,2\n", DataError)],
)
def test_errors_come_back_as_they_were(settings, tmp_path, content, kind):
    path = tmp_path / "upload.part"
    path.write_bytes(content)
    told: list[PersuadableError] = []
    for apart_from in (float("inf"), 0):
        with pytest.raises(kind) as raised:
            take_in(path, name="bad.csv", settings=settings, apart_from=apart_from)
        told.append(raised.value)
    here, apart = told
    assert (str(here), here.status, here.problems) == (str(apart), apart.status, apart.problems)


def test_a_workbook_that_unpacks_large_is_read_apart_and_is_the_same_table(settings, tmp_path, monkeypatch):
    """Its parts are counted from the archive's directory: a small file can hold a large sheet."""
    path = tmp_path / "campaign.xlsx"
    write_table(simulate(rows=300, seed=1)[0], path)
    here = read_table(path, settings=settings)
    monkeypatch.setattr(intake, "_UNPACKED", 10_000)
    monkeypatch.setattr(intake, "read_table", None)  # not in this process
    pd.testing.assert_frame_equal(read_sent(path, name=path.name, settings=settings), here)
    assert take_in(path, name=path.name, settings=settings).rows == 300


def test_a_process_apart_ends_where_the_free_memory_does():
    """Half a gigabyte asked of a process that may have no more than it has (not held on Windows)."""
    code = (
        "from core import intake; intake._SHARE = 0.0; intake._stay_within_memory()\n"
        "try: bytearray(500_000_000)\nexcept MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "refused"
