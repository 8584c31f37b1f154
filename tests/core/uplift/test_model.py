"""The model folder: what is saved comes back the same, and nothing else is opened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from made_campaigns import audience_of, campaign

from core.errors import ModelError
from core.uplift.model import Model, load, read_meta, save
from core.uplift.scoring import score
from core.uplift.training import train


@pytest.fixture(scope="module")
def model() -> Model:
    return train(campaign(contact_arms=2), "t-rf", simulated=True)


@pytest.fixture(scope="module")
def saved(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "spring"
    save(model, folder)
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "spring"))


def rewrite(folder: Path, **changes: Any) -> None:
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    (folder / "meta.json").write_text(json.dumps({**meta, **changes}), "utf-8")


def test_a_loaded_model_scores_to_the_byte_as_before(model: Model, saved: Path) -> None:
    everyone = audience_of(campaign(contact_arms=2))
    again = load(saved)
    assert score(again, everyone).uplift.tobytes() == score(model, everyone).uplift.tobytes()
    assert again.evidence is not None
    assert model.evidence is not None
    np.testing.assert_array_equal(again.evidence.uplift, model.evidence.uplift)
    assert again.evidence.propensities == model.evidence.propensities


def test_the_folder_holds_what_the_contract_names(saved: Path) -> None:
    names = {path.name for path in saved.iterdir()}
    assert names == {
        "meta.json",
        "required_features_schema.csv",
        "preprocess.joblib",
        "rf_treated.joblib",
        "rf_treated_2.joblib",
        "rf_control.joblib",
        "evidence.parquet",
        "evaluation.json",
    }
    assert set(json.loads((saved / "meta.json").read_text("utf-8"))["files"]) == names - {"meta.json"}


def test_the_record_comes_back_as_it_was_and_takes_its_id_from_the_folder(saved: Path) -> None:
    meta = read_meta(saved)
    assert meta.id == "spring"
    assert meta == load(saved).meta
    assert meta.simulated
    assert meta.arms == ("None", "Mail 1", "Mail 2")
    assert [feature.column for feature in meta.schema] == ["recency", "history", "channel"]
    assert (meta.n_train, meta.n_test) == (2250, 750)


def test_a_changed_file_is_refused_before_anything_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "rf_treated_2.joblib").write_bytes(b"not a forest")
    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("a file was opened"))
    with pytest.raises(ModelError, match=r"rf_treated_2\.joblib"):
        load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "preprocess.joblib").unlink()
    with pytest.raises(ModelError, match=r"preprocess\.joblib.*missing"):
        load(folder)


def test_a_file_that_was_not_saved_with_the_model_is_named(folder: Path) -> None:
    (folder / "extra.joblib").write_bytes(b"")
    with pytest.raises(ModelError, match=r"extra\.joblib"):
        load(folder)


def test_a_link_in_place_of_a_file_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "preprocess.joblib").rename(tmp_path / "elsewhere.joblib")
    (folder / "preprocess.joblib").symlink_to(tmp_path / "elsewhere.joblib")
    with pytest.raises(ModelError, match=r"preprocess\.joblib"):
        load(folder)


def test_a_path_in_the_list_of_files_is_refused(folder: Path) -> None:
    for name in ("../spring/preprocess.joblib", "/etc/passwd", "a\\b", "..", "meta.json", ""):
        rewrite(folder, files={name: "0" * 64})
        with pytest.raises(ModelError, match="'files'"):
            load(folder)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("arms", ["None"]),
        ("arms", "None"),
        ("propensities", ["a", "b", "c"]),
        ("propensities", [0.5]),
        ("feature_cols", ["recency"]),
        ("seed", "42"),
        ("seed", True),
        ("binary", 1),
        ("roles", []),
        ("left_out", [{"column": 1, "reason": "r"}]),
        ("files", {"preprocess.joblib": "short"}),
        ("fingerprint", None),
    ],
)
def test_a_malformed_record_names_its_entry(folder: Path, entry: str, value: Any) -> None:
    rewrite(folder, **{entry: value})
    with pytest.raises(ModelError, match=entry):
        read_meta(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "null"])
def test_a_record_that_is_not_an_object_is_refused(folder: Path, text: str) -> None:
    (folder / "meta.json").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"meta\.json"):
        read_meta(folder)


def test_a_folder_without_a_record_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model"):
        load(tmp_path)


def test_a_learner_that_is_not_installed_is_named(folder: Path) -> None:
    rewrite(folder, learner="t-future")
    with pytest.raises(ModelError, match="t-future"):
        load(folder)


def test_saving_again_takes_the_place_of_the_old_model(model: Model, folder: Path) -> None:
    (folder / "leftover.txt").write_text("old")
    save(model, folder)
    assert load(folder).meta.id == "spring"
    assert sorted(p.name for p in folder.parent.iterdir()) == ["spring"]
