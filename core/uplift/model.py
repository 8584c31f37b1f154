"""A trained model and its folder: saved whole, opened only if every file is the one that was saved."""

from __future__ import annotations

import json
import platform
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from sklearn.exceptions import InconsistentVersionWarning

from core.data.schema_file import write_schema
from core.errors import ModelError, SettingError
from core.files import replacing_folder, sha256, write_json
from core.progress import Progress, silent
from core.scenario import Scenario
from core.uplift.calibration import Calibration
from core.uplift.comparison import Leaderboard
from core.uplift.evaluation import evaluate
from core.uplift.evidence import Evidence
from core.uplift.learners import LEARNERS, Learner
from core.uplift.likeness import Population
from core.uplift.meta import ModelMeta
from core.uplift.preprocess import Preprocess

META, SCHEMA, PREPROCESS = "meta.json", "required_features_schema.csv", "preprocess.joblib"
CALIBRATION, LEADERBOARD = "calibration.joblib", "leaderboard.joblib"
POPULATION = "population.json"
EVIDENCE, EVALUATION = "evidence.parquet", "evaluation.json"
_LIBRARIES = ("numpy", "pandas", "scikit-learn", "joblib")
_OURS = (PREPROCESS, CALIBRATION, LEADERBOARD)
_AGAIN = "Train the model again, or restore its folder from a copy."


@dataclass(frozen=True)
class Model:
    """A fitted encoding and learner, what is known about them, and the rows they are judged by.

    calibrations: of the learner's uplift, one a contact arm; empty where it is taken as it is. leaderboard:
    of all learners, where `auto` chose this one. population: how it scores the campaign's customers.
    """

    meta: ModelMeta
    preprocess: Preprocess
    learner: Learner
    evidence: Evidence | None
    calibrations: tuple[Calibration, ...] = ()
    leaderboard: Leaderboard | None = None
    population: Population | None = None


def library_versions() -> dict[str, str]:
    """The versions that a model depends on, by name."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}


def check_target(folder: Path) -> None:
    """Raise SettingError where saving to `folder` would take the place of something that is no model."""
    if not folder.exists() or (folder / META).is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise SettingError(
            f"'{folder}' is not a model folder, and saving there would delete what it holds.",
            "Name a new folder.",
        )


def save(
    model: Model,
    folder: Path,
    scenario: Scenario | None = None,
    progress: Progress = silent,
    *,
    records: Mapping[str, Any] | None = None,
) -> Model:
    """Write the model folder and return the model under its new id, the folder's name.

    A kill leaves the old folder or the new one. scenario: the economics of evaluation.json, else the default.
    records: what else is known of the training, JSON by name; each becomes a file, hashed like the others.
    """
    folder = Path(folder).absolute()
    check_target(folder)
    with replacing_folder(folder) as beside:
        write_schema(beside / SCHEMA, model.meta.schema)
        joblib.dump(model.preprocess, beside / PREPROCESS)
        for name, piece in model.learner.parts().items():
            joblib.dump(piece, beside / name)
        if model.calibrations:
            joblib.dump(model.calibrations, beside / CALIBRATION)
        if model.leaderboard is not None:
            joblib.dump(model.leaderboard, beside / LEADERBOARD)
        if model.evidence is not None:
            model.evidence.to_frame().to_parquet(beside / EVIDENCE)
            economics = scenario or Scenario()
            evaluation = evaluate(
                model.evidence, economics.margin, economics.cost, economics.value, progress=progress
            )
            write_json(beside / EVALUATION, evaluation.as_dict())
        if model.population is not None:
            write_json(beside / POPULATION, model.population.as_dict())
        for name, record in (records or {}).items():
            write_json(beside / f"{name}.json", record)
        files = {path.name: sha256(path) for path in sorted(beside.iterdir())}
        meta = replace(model.meta, id=folder.name, files=files)
        write_json(beside / META, meta.as_json())
    return replace(model, meta=meta)


def read_meta(folder: Path) -> ModelMeta:
    """The model's record, the folder otherwise unopened. ModelError where it is missing or malformed."""
    folder = Path(folder).absolute()
    path = folder / META
    if not path.is_file():
        raise ModelError(
            f"'{folder.name}' is not a model: it has no {META}.", "Name a folder that `train` wrote."
        )
    try:
        value = json.loads(path.read_bytes())
    except ValueError:
        raise ModelError(f"{META} of model '{folder.name}' is not JSON.", _AGAIN) from None
    return ModelMeta.from_json(folder.name, value)


def read_record(folder: Path, name: str) -> Any:
    """One JSON record the model was saved with, its hash checked; None where it has none of that name."""
    folder = Path(folder).absolute()
    meta = read_meta(folder)
    file = f"{name}.json"
    if file not in meta.files:
        return None
    _verify_file(folder, meta, file)
    return json.loads((folder / file).read_bytes())


def read_evidence(folder: Path) -> Evidence | None:
    """The model's evidence alone, its hash checked; None where it keeps none."""
    folder = Path(folder).absolute()
    meta = read_meta(folder)
    if EVIDENCE not in meta.files:
        return None
    _verify_file(folder, meta, EVIDENCE)
    return Evidence.from_frame(pd.read_parquet(folder / EVIDENCE))


def load(folder: Path) -> Model:
    """Open a model folder after checking the hash of every file in it.

    Raises ModelError naming the file that is missing, not listed or not the one that was saved; for a learner
    that this version does not know; and where scikit-learn is another version than the model was made with.
    """
    folder = Path(folder).absolute()
    meta = read_meta(folder)
    _verify(folder, meta)
    if meta.learner not in LEARNERS:
        raise ModelError(
            f"Model '{meta.id}' uses the learner '{meta.learner}', which is not installed here.", _AGAIN
        )
    pieces = [name for name in meta.files if name.endswith(".joblib") and name not in _OURS]
    try:
        preprocess = _open(folder / PREPROCESS, meta)
        learner = LEARNERS[meta.learner].restore({name: _open(folder / name, meta) for name in pieces})
        calibrations = _open(folder / CALIBRATION, meta) if CALIBRATION in meta.files else ()
        board = _open(folder / LEADERBOARD, meta) if LEADERBOARD in meta.files else None
        population = None
        if POPULATION in meta.files:
            population = Population.from_dict(json.loads((folder / POPULATION).read_bytes()))
        evidence = None
        if EVIDENCE in meta.files:
            evidence = Evidence.from_frame(pd.read_parquet(folder / EVIDENCE))
    except (KeyError, IndexError, OSError):
        raise ModelError(f"Model '{meta.id}' is incomplete.", _AGAIN) from None
    return Model(meta, preprocess, learner, evidence, calibrations, board, population)


def _verify(folder: Path, meta: ModelMeta) -> None:
    found = {path.name for path in folder.iterdir()} - {META}
    for name in sorted(found - set(meta.files)):
        raise ModelError(
            f"Model '{meta.id}' holds '{name}', which it was not saved with.", "Remove that file."
        )
    for name in meta.files:
        _verify_file(folder, meta, name)


def _verify_file(folder: Path, meta: ModelMeta, name: str) -> None:
    path = folder / name
    if not path.is_symlink() and not path.exists():
        raise ModelError(f"The file '{name}' of model '{meta.id}' is missing.", _AGAIN)
    if path.is_symlink() or not path.is_file() or sha256(path) != meta.files[name]:
        raise ModelError(f"The file '{name}' of model '{meta.id}' was changed after it was saved.", _AGAIN)


def _open(path: Path, meta: ModelMeta) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", InconsistentVersionWarning)
        try:
            return joblib.load(path)
        except InconsistentVersionWarning:
            made = meta.versions.get("scikit-learn", "another version")
            raise ModelError(
                f"Model '{meta.id}' was made with scikit-learn {made}; here is {version('scikit-learn')}.",
                "Train it again, or install the version it was made with.",
            ) from None
        except (ImportError, AttributeError, ValueError, EOFError, TypeError):
            raise ModelError(
                f"The file '{path.name}' of model '{meta.id}' cannot be opened here.", _AGAIN
            ) from None
