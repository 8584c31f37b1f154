"""Files and folders change at a stroke, and nothing that is not ours is replaced."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import SettingError
from core.files import founding_folder, private, replacing, replacing_folder, write_text
from core.settings import Settings
from core.uplift.model import check_target


def test_a_failed_write_leaves_the_old_file_and_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_is_replaced_whole_and_readers_always_find_one(tmp_path: Path) -> None:
    """A reader that looks all the time sees the old or the new, never neither (Linux swaps at a stroke)."""
    target, missing, done = tmp_path / "model", [], threading.Event()
    with replacing_folder(target) as beside:
        (beside / "n").write_text("0")

    def look() -> None:
        while not done.is_set():
            if not (target / "n").exists():
                missing.append(1)

    reader = threading.Thread(target=look)
    reader.start()
    for n in range(200):
        with replacing_folder(target) as beside:
            (beside / "n").write_text(str(n))
    done.set()
    reader.join()
    assert (target / "n").read_text() == "199"
    assert missing == []
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_writers_of_the_same_result_do_not_stumble_over_each_other(tmp_path: Path) -> None:
    faults: list[BaseException] = []

    def write(n: int) -> None:
        try:
            with founding_folder(tmp_path / f"scores{n % 20}") as beside:
                (beside / "n").write_text("same")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"scores{n}" for n in range(20))


@pytest.mark.parametrize(
    "make", [lambda p: p.write_text("mine"), lambda p: (p / "letter.txt").mkdir(parents=True)]
)
def test_a_model_is_not_saved_over_something_else(tmp_path: Path, make) -> None:
    target = tmp_path / "out"
    make(target)
    with pytest.raises(SettingError, match="not a model folder"):
        check_target(target)
    check_target(tmp_path / "new")


@pytest.mark.parametrize("value", ["abc", "0", "-5"])
def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PERSUADABLE_MAX_ROWS", value)
    with pytest.raises(SettingError, match="PERSUADABLE_MAX_ROWS"):
        Settings.from_environment()


def modes(folder: Path) -> set[tuple[bool, int]]:
    """(whether it is a folder, mode) of everything in a folder."""
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in folder.rglob("*")}


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders by other means")
@pytest.mark.usefixtures("usual_umask")
def test_what_stands_in_a_private_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    """Customers' data: 0700 and 0600 under the artifacts, elsewhere what the umask gives any program."""
    (tmp_path / "open").mkdir(mode=0o755)  # pytest's own folder is private
    for folder in (private(tmp_path / "artifacts"), tmp_path / "open"):
        with replacing_folder(folder / "model") as beside:
            write_text(beside / "meta.json", "{}")
        with founding_folder(folder / "scores") as beside:
            write_text(beside / "a.csv", "x")
        write_text(folder / "list.csv", "x")
    assert stat.S_IMODE((tmp_path / "artifacts").stat().st_mode) == 0o700
    assert modes(tmp_path / "artifacts") == {(True, 0o700), (False, 0o600)}
    assert modes(tmp_path / "open") == {(True, 0o755), (False, 0o644)}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders by other means")
@pytest.mark.usefixtures("usual_umask")
def test_the_command_line_keeps_the_artifacts_private(persuadable, tmp_path: Path) -> None:
    """Before and after: a folder that was open, and one that the command made."""
    for name in ("there", "made"):
        artifacts = tmp_path / name
        if name == "there":
            artifacts.mkdir(mode=0o755)
        persuadable(
            *("example", "simulated", "--out", artifacts / "example"),
            check=True,
            PERSUADABLE_ARTIFACTS_DIR=str(artifacts),
        )
        assert stat.S_IMODE(artifacts.stat().st_mode) == 0o700
        assert modes(artifacts) == {(True, 0o700), (False, 0o600)}
