"""The data sets, models and scores of an installation: what an id in a URL stands for."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from core.data import columns
from core.data.audience import audience
from core.data.mapped import open_mapped, write_mapped
from core.data.schema import Roles
from core.data.store import DataSet, DataStore
from core.errors import ModelError, NotFoundError
from core.estimate import Estimate
from core.files import founding_folder, sha256, write_json
from core.keeping import found_or_made, place, tidy
from core.policy.economics import RankedUplift
from core.policy.ranking import Ranking
from core.progress import Progress, silent
from core.settings import Settings
from core.uplift import model as models
from core.uplift.comparison import Leaderboard
from core.uplift.evidence import Evidence
from core.uplift.experiment import experiment
from core.uplift.gain import GainCurve
from core.uplift.health import health
from core.uplift.health_report import HealthReport
from core.uplift.likeness import Unmeasured, unmeasured_of
from core.uplift.measured import Measured
from core.uplift.meta import ModelMeta
from core.uplift.model import Model
from core.uplift.planned import planned_shares
from core.uplift.same_customers import same_customers
from core.uplift.scoring import Scores, score

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ORDER = ("rows", "place")
_UNMEASURED = "unmeasured.json"
EXAMPLES = ("hillstrom", "simulated")
"""Model ids the examples are kept under, the real one first."""


@dataclass(frozen=True)
class Scored:
    """An audience scored by a model, kept on disk: opening one reads no customer, arrays are mapped.

    curve: of the experiment. unmeasured: why it does not hold for these customers, or there is none.
    """

    data: DataSet
    meta: ModelMeta
    ranked: RankedUplift
    curve: GainCurve | None
    unmeasured: Unmeasured
    folder: Path
    workspace: Workspace

    @property
    def ranking(self) -> Ranking:
        """The order of the customers, mapped from disk."""
        return Ranking(self.ranked, *(_array(self.folder, f"ranking.{name}") for name in _ORDER))

    @property
    def carried(self) -> pa.Table:
        """The audience's columns beside its id, in the order of the file, mapped from disk."""
        return open_mapped(self.folder / "carried.arrow")

    @property
    def numbers(self) -> pa.Table:
        """Those of the carried columns that hold numbers written as text, as numbers; missing is null."""
        return open_mapped(self.folder / "numbers.arrow")

    def scores(self) -> Scores:
        """The scores of every customer, in the order of the file."""
        notes = pd.read_parquet(self.folder / "notes.parquet")
        unseen, missing = (
            {str(c): int(n) for kind, c, n in notes.itertuples(index=False) if kind == wanted}
            for wanted in ("unseen", "missing")
        )
        ids = open_mapped(self.folder / "ids.arrow").to_pandas()["id"]
        uplift, y1, y0 = (_array(self.folder, name) for name in ("uplift", "y1", "y0"))
        return Scores(ids, uplift, y1, y0, self.meta.arms, unseen, missing)

    def evidence(self) -> Evidence | None:
        """The experiment's held-out rows with their scores; None where the model keeps none."""
        return models.read_evidence(self.workspace.model_path(self.meta.id))

    @property
    def proof(self) -> GainCurve | None:
        """The experiment's curve where it holds for these customers."""
        return None if self.unmeasured else self.curve

    def proving(self) -> Evidence | None:
        """The experiment's rows where what they say holds for these customers."""
        return None if self.unmeasured else self.evidence()

    def measured(self) -> Measured | None:
        """What the experiment says of the ranking, its rows unread; None where the model keeps none."""
        if self.curve is None:
            return None
        ranked = RankedUplift(
            *(_array(self.folder, f"measured_{spec.name}") for spec in fields(RankedUplift))
        )
        differ = Estimate(*_array(self.folder, "customers_differ").tolist())
        return Measured(ranked, self.curve, differ, pd.read_parquet(self.folder / "deciles.parquet"))

    def record(self, name: str) -> Any:
        """What the model was saved with under that name, as JSON; None where there is no such record."""
        return models.read_record(self.workspace.model_path(self.meta.id), name)

    def same_customers(self) -> bool:
        """Whether an id names the same customer in the model's experiment; found out once, kept on disk."""
        if self.meta.id_column is not None:
            return True
        workspace = self.workspace
        depends = ("same customers", self.data.fingerprint, self.meta.fingerprint, asdict(self.meta.roles))
        path = place(workspace.settings, "health", *depends).with_suffix(".json")

        def compare(path: Path) -> None:
            write_json(path, same_customers(workspace.data.frame(self.data.id), None, self.meta))

        return found_or_made(path, lambda p: bool(json.loads(p.read_bytes())), compare)

    def leaderboard(self) -> Leaderboard | None:
        """All learners compared, where `auto` chose the model."""
        if models.LEADERBOARD not in self.meta.files:
            return None
        return self.workspace.model(self.meta.id).leaderboard


class Workspace:
    """The one way from an id to a data set, a model or scores. Holds no state but its folder."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.from_environment()
        self.data = DataStore(self.settings)

    @property
    def models_folder(self) -> Path:
        return self.settings.artifacts / "models"

    def health(self, data_id: str, roles: Roles, shares: str = "") -> HealthReport:
        """The health of a campaign with these roles: examined once, kept under artifacts/health.

        shares: planned, "arm=share,…". Raises NotFoundError, and DataError where the roles do not fit.
        """
        depends = (self.data.get(data_id).fingerprint, asdict(roles), shares)
        path = place(self.settings, "health", *depends).with_suffix(".json")

        def examine(path: Path) -> None:
            campaign = experiment(self.data.frame(data_id), roles)
            planned = planned_shares(shares, campaign) if shares else None
            write_json(path, HealthReport.of(health(campaign, planned)).as_dict())

        return found_or_made(path, lambda p: HealthReport.from_dict(json.loads(p.read_bytes())), examine)

    def model_path(self, model_id: str) -> Path:
        """The folder of a model; NotFoundError for an unknown or malformed id."""
        path = self.models_folder / model_id
        if not _ID.fullmatch(model_id) or not (path / "meta.json").is_file():
            raise NotFoundError(
                f"There is no model '{model_id[:64]}' here.",
                "Train one on the Data page, or with `persuadable train`.",
            )
        return path

    def model(self, model_id: str) -> Model:
        """The model, its files checked against their recorded hashes."""
        return models.load(self.model_path(model_id))

    def meta(self, model_id: str) -> ModelMeta:
        """The model's record alone: cheap, and nothing of the model is opened."""
        return models.read_meta(self.model_path(model_id))

    def models(self) -> list[ModelMeta]:
        """All models, newest first; folders that are not models are passed over."""
        metas = []
        for path in self.models_folder.glob("*/meta.json"):
            if _ID.fullmatch(path.parent.name):
                with suppress(ModelError):
                    metas.append(models.read_meta(path.parent))
        return sorted(metas, key=lambda meta: (meta.created, meta.id), reverse=True)

    def default_model(self) -> str:
        """The example's model where it is here, else the newest: training another changes no one's answers.

        NotFoundError without any.
        """
        metas = self.models()
        if not metas:
            raise NotFoundError(
                "There is no model yet.", "Run `persuadable train`, or try the example campaign."
            )
        known = [meta.id for meta in metas]
        return next((name for name in EXAMPLES if name in known), known[0])

    def scored(self, data_id: str, model_id: str, progress: Progress = silent) -> Scored:
        """The audience scored by the model: computed once, kept under artifacts/scores.

        Raises NotFoundError for unknown ids, DataError where the audience lacks what the model needs.
        """
        data, path = self.data.get(data_id), self.model_path(model_id)
        folder = place(self.settings, "scores", data.fingerprint, sha256(path / "meta.json"))

        def make(folder: Path) -> None:
            model = models.load(path)
            people = audience(self.data.frame(data_id), model.meta.schema, model.meta.id_column)
            scores = score(model, people, progress)
            measured = Measured.of(model.evidence) if model.evidence is not None else None
            with founding_folder(folder) as beside:
                _write(beside, scores, people.extra)
                write_json(beside / _UNMEASURED, unmeasured_of(model, scores))
                if measured is not None:
                    _write_measured(beside, measured)
            tidy(self.settings)

        return found_or_made(folder, lambda f: _read(f, data, models.read_meta(path), self), make)


def _write(folder: Path, scores: Scores, carried: pd.DataFrame) -> None:
    ranking = Ranking.of(scores.uplift.max(axis=1), scores.ids)
    for spec in fields(RankedUplift):
        np.save(folder / f"{spec.name}.npy", getattr(ranking.ranked, spec.name))
    for name in _ORDER:
        np.save(folder / f"ranking.{name}.npy", getattr(ranking, name))
    for name in ("uplift", "y1", "y0"):
        np.save(folder / f"{name}.npy", getattr(scores, name))
    notes = pd.DataFrame(
        [("unseen", *item) for item in scores.unseen.items()]
        + [("missing", *item) for item in scores.missing.items()],
        columns=["kind", "column", "count"],
    )
    notes.to_parquet(folder / "notes.parquet")
    write_mapped(pd.DataFrame({"id": scores.ids.astype("str")}), folder / "ids.arrow")
    write_mapped(carried, folder / "carried.arrow")
    write_mapped(_numbers(carried), folder / "numbers.arrow")


def _write_measured(folder: Path, measured: Measured) -> None:
    for prefix, value in (("measured", measured.ranked), ("curve", measured.curve)):
        for spec in fields(value):
            np.save(folder / f"{prefix}_{spec.name}.npy", getattr(value, spec.name))
    np.save(folder / "customers_differ.npy", astuple(measured.customers_differ))
    measured.deciles.to_parquet(folder / "deciles.parquet")


def _numbers(carried: pd.DataFrame) -> pd.DataFrame:
    """Text columns that hold numbers, as numbers: of a CSV file all are text. True and False stay words."""
    texts = [name for name in carried.columns if carried[name].dtype == "str"]
    written = [
        name
        for name in texts
        if columns.kind(carried, name) == "numeric"
        and not {"true", "false"}.issuperset(map(str.lower, columns.distinct(carried, name, 2) or ("1",)))
    ]
    return pd.DataFrame(
        {name: columns.numeric(carried, name)[0] for name in written}, index=range(len(carried))
    )


def _read(folder: Path, data: DataSet, meta: ModelMeta, workspace: Workspace) -> Scored:
    ranked = RankedUplift(*(_array(folder, spec.name) for spec in fields(RankedUplift)))
    curve = None
    if (folder / "curve_share.npy").is_file():
        # [()] makes a number of an array without dimensions and leaves the others as they are.
        values: dict[str, Any] = {
            spec.name: _array(folder, f"curve_{spec.name}")[()] for spec in fields(GainCurve)
        }
        curve = GainCurve(**values)
    unmeasured = json.loads((folder / _UNMEASURED).read_bytes())
    return Scored(data, meta, ranked, curve, unmeasured, folder, workspace)


def _array(folder: Path, name: str) -> NDArray[Any]:
    """An array of the folder, mapped: only what is looked at is read.

    Mapped "c", not "r": NumPy copies a read-only array whole before it interpolates in it.
    """
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))
