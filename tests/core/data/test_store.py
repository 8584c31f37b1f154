"""Data sets on disk: named by content, whole or not there."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading

import pandas as pd
import pytest

from core.data.schema import Roles
from core.data.store import DataStore
from core.errors import NotFoundError
from core.settings import Settings

FRAME = pd.DataFrame({"id": ["007", "008"], "x": ["1,5", None]}, dtype="str")
ROLES = Roles("segment", "No E-Mail", "spend", arms=("a", "b"))


@pytest.fixture
def store(tmp_path):
    return DataStore(Settings(artifacts=tmp_path))


def test_a_table_comes_back_as_it_was_with_what_is_known_of_it(store):
    frame = FRAME.copy()
    frame.attrs["decimal"] = ","
    data = store.add(frame, "March", ROLES, simulated=True)
    assert store.get(data.id) == data
    assert (data.rows, data.columns, data.roles, data.simulated) == (2, ("id", "x"), ROLES, True)
    back = store.frame(data.id)
    pd.testing.assert_frame_equal(back, frame)
    assert back.attrs == {"decimal": ","}


def test_the_same_content_is_the_same_data_set(store):
    first = store.add(FRAME, "March", ROLES)
    again = store.add(FRAME.copy(), "April")
    assert (again.id, again.name, again.roles, again.created) == (first.id, "April", ROLES, first.created)
    assert len(store.all()) == 1
    assert store.add(FRAME.assign(y="1"), "March").id != first.id


def test_ids_cannot_be_guessed_from_the_content(tmp_path):
    """Two installations name the same table differently; the key is for its owner only."""
    one, two = (DataStore(Settings(artifacts=tmp_path / name)) for name in "ab")
    a, b = one.add(FRAME, "x"), two.add(FRAME, "x")
    assert a.fingerprint == b.fingerprint
    assert a.id != b.id
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "a" / ".key").stat().st_mode) == 0o600


def test_roles_are_remembered(store):
    data = store.add(FRAME, "March")
    assert store.set_roles(data.id, ROLES).roles == ROLES
    assert store.get(data.id).roles == ROLES


@pytest.mark.parametrize("identifier", ["0" * 20, "../../etc", "", "A" * 20, None, "0" * 19 + "\n"])
def test_an_unknown_id_is_not_found(store, identifier):
    store.add(FRAME, "March")
    for ask in (store.get, store.frame, store.path, lambda i: store.set_roles(i, ROLES)):
        with pytest.raises(NotFoundError):
            ask(identifier)


def test_names_are_one_line_of_at_most_120_characters(store):
    assert store.add(FRAME, "a\n\tb\x00 " + "c" * 300).name == "a b " + "c" * 116
    assert store.add(FRAME, "\n").name == "Unnamed"


def test_what_a_killed_process_left_is_not_offered_and_goes_away_after_a_day(store, tmp_path):
    data = store.add(FRAME, "March")
    folder = tmp_path / "data"
    for left in (folder / ".adding.x", folder / ("f" * 20), folder / ("e" * 20)):
        left.mkdir()
        (left / "data.parquet").write_bytes(b"half")
    (folder / ("e" * 20) / "meta.json").write_text('{"id": ')
    assert [d.id for d in store.all()] == [data.id]
    os.utime(folder / ".adding.x", (0, 0))
    store.add(FRAME, "March")
    assert not (folder / ".adding.x").exists()


def test_two_at_once_keep_one_data_set(store, tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(store.add(FRAME, "March").id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert json.loads((tmp_path / "data" / found[0] / "meta.json").read_text())["name"] == "March"


def test_files_are_kept_under_their_users_name(store, tmp_path):
    path = tmp_path / "upload"
    path.write_text("id;x\n007;1,5\n")
    data = store.add_file(path, name="März.csv")
    assert data.name == "März.csv"
    assert store.frame(data.id).attrs["decimal"] == ","
    assert store.frame(data.id)["id"].tolist() == ["007"]
