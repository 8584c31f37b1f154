"""An upload is taken in the same way in the server and in a process apart; errors keep all they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.data.readers import write_table
from core.data.simulate import simulate
from core.errors import DataError, PersuadableError, TooLargeError
from core.intake import take_in
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
