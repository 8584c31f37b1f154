"""What is kept to save work: bounded in size and age, what is in use stays, a race or a kill does no harm."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from core import keeping
from core.keeping import found_or_made, kept, place, tidy, used
from core.settings import Settings

DAY, HOUR = 86_400.0, 3_600.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(artifacts=tmp_path, cache_mb=3, cache_days=90)


def keep(
    settings: Settings, name: str, unused: float, folder: str = "scores", megabytes: float = 1.0
) -> Path:
    """A kept folder of that size that was last used so many seconds ago."""
    path = place(settings, folder, name)
    path.mkdir(parents=True)
    (path / "uplift.npy").write_bytes(b"0" * int(megabytes * 1_000_000))
    return aged(path, unused)


def aged(path: Path, seconds: float) -> Path:
    os.utime(path, (time.time() - seconds, time.time() - seconds))
    return path


def test_over_the_limit_the_longest_unused_goes_and_no_more_than_needed(settings):
    oldest, older = keep(settings, "a", 4 * HOUR), keep(settings, "b", 3 * HOUR, "packs", 1.5)
    newer, newest = keep(settings, "c", 2 * HOUR, "clv"), keep(settings, "d", 0.0)
    tidy(settings)
    assert [path.exists() for path in (oldest, older, newer, newest)] == [False, False, True, True]
    assert sum(one.size for one in kept(settings)) <= 3_000_000


def test_what_is_in_use_stays_though_the_limit_is_passed(settings):
    paths = [keep(settings, name, 60.0, megabytes=2) for name in "abc"]
    tidy(settings)
    assert all(path.exists() for path in paths)


def test_a_use_keeps_a_thing_and_ninety_days_without_one_end_it(settings):
    forgotten, looked_at = (
        keep(settings, "a", 91 * DAY, megabytes=0),
        keep(settings, "b", 91 * DAY, megabytes=0),
    )
    used(looked_at)
    tidy(settings)
    assert (forgotten.exists(), looked_at.exists()) == (False, True)
    with pytest.raises(FileNotFoundError):
        used(forgotten)


def test_models_data_sets_and_what_a_person_named_are_never_touched(tmp_path):
    settings = Settings(artifacts=tmp_path, cache_mb=1, cache_days=1)
    names = (
        "models/" + "a" * 32,
        "data/" + "b" * 20,
        "clv/cdnow.csv",
        "packs/hillstrom",
        "models/.example.json",
    )
    for name in names:
        path = tmp_path / name
        path.mkdir(parents=True) if "." not in path.name else path.parent.mkdir(exist_ok=True)
        (path if "." in path.name else path / "data.parquet").write_bytes(b"0" * 2_000_000)
        aged(path, 1000 * DAY)
    tidy(settings)
    assert all((tmp_path / name).exists() for name in names)


def test_what_a_killed_process_was_making_goes_after_a_day(settings):
    for folder in ("scores", "models"):
        for name, age in ((".half.x1", 2 * DAY), (".now.x2", HOUR)):
            (settings.artifacts / folder / name).mkdir(parents=True)
            aged(settings.artifacts / folder / name, age)
    tidy(settings)
    assert sorted(p.name for p in settings.artifacts.glob("*/.*")) == [".now.x2", ".now.x2"]


def test_a_kill_in_the_middle_of_removing_leaves_nothing_under_the_old_name(settings, monkeypatch):
    path = keep(settings, "a", 91 * DAY)

    def killed(going: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            tidy(settings)
    assert not path.exists()
    (left,) = path.parent.iterdir()
    aged(left, 2 * DAY)
    tidy(settings)
    assert list(path.parent.iterdir()) == []


def test_several_processes_may_tidy_at_once(settings):
    for number in range(60):
        keep(settings, str(number), 2 * HOUR + number, megabytes=0.1)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            tidy(settings)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sum(one.size for one in kept(settings)) <= 3_000_000
    assert not list(settings.artifacts.glob("*/.*"))


def test_the_name_depends_on_every_part_and_on_the_codes_version(settings, monkeypatch):
    one = place(settings, "scores", "data", "model")
    assert place(settings, "scores", "data", "model") == one
    assert place(settings, "scores", "data", "other") != one
    monkeypatch.setattr(keeping, "_FORM", "another version")
    assert place(settings, "scores", "data", "model") != one


def test_of_several_who_miss_a_thing_one_makes_it(settings):
    path, made = place(settings, "health", "a"), []

    def make(path: Path) -> None:
        made.append(path)
        time.sleep(0.3)
        path.write_text("examined")

    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(found_or_made(path, Path.read_text, make)))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["examined"] * 5
    assert made == [path]
    assert list(path.parent.iterdir()) == [path]


def test_a_fault_while_making_is_told_and_leaves_the_place_free(settings):
    path = place(settings, "health", "a")

    def fault(path: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        found_or_made(path, Path.read_text, fault)
    assert found_or_made(path, Path.read_text, lambda path: path.write_text("made")) == "made"
