"""Data sets on disk: one folder each, named by what it holds, complete or not there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.data.readers import read_table, write_table
from core.data.roles import Proposal, propose
from core.data.schema import Roles
from core.errors import NotFoundError
from core.files import private, sha256, write_json
from core.keeping import found_or_made, place
from core.progress import Progress, part, silent
from core.settings import Settings

_ID = re.compile(r"[0-9a-f]{20}")
_MAX_NAME = 120
_KEY_BYTES = 32
_DAY = 86_400.0
_DATA, _META = "data.parquet", "meta.json"


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is known of a stored table.

    id: 20 hexadecimal characters, the same for the same content, not to be guessed without the key of this
    installation. name: text of the user, at most 120 characters. created: UTC, ISO 8601. fingerprint: SHA-256
    of the stored bytes. simulated: whether the customers were made up by `core.data.simulate`.
    """

    id: str
    name: str
    rows: int
    columns: tuple[str, ...]
    roles: Roles | None
    simulated: bool
    created: str
    fingerprint: str


class DataStore:
    """The data sets of an installation, in `artifacts/data/<id>/` as data.parquet and meta.json."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.artifacts / "data"

    def add(
        self, frame: pd.DataFrame, name: str, roles: Roles | None = None, simulated: bool = False
    ) -> DataSet:
        """Keep a table and say under which id. The same content again keeps its id, its roles (unless new
        ones are given) and the time it first came; its name is the newest."""
        private(self._settings.artifacts)
        private(self._folder)
        self._sweep()
        staging = Path(tempfile.mkdtemp(prefix=".adding.", dir=self._folder))
        try:
            data = staging / _DATA
            write_table(frame, data)
            fingerprint = sha256(data)
            dataset = DataSet(
                id=self._id(fingerprint),
                name=_name(name),
                rows=len(frame),
                columns=tuple(str(column) for column in frame.columns),
                roles=roles,
                simulated=simulated,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                fingerprint=fingerprint,
            )
            known = self._find(dataset.id)
            if known is None:
                return self._keep(dataset, staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        roles, simulated = roles or known.roles, simulated or known.simulated
        return self._update(replace(known, name=dataset.name, roles=roles, simulated=simulated))

    def add_file(
        self,
        path: Path,
        *,
        name: str | None = None,
        roles: Roles | None = None,
        simulated: bool = False,
        progress: Progress = silent,
    ) -> DataSet:
        """Read a file (`read_table`) and keep it. `name` is what its user calls it; its ending counts."""
        name = name or path.name
        frame = read_table(path, name=name, settings=self._settings, progress=part(progress, 0.0, 0.8))
        progress("Keeping the table", 0.8)
        dataset = self.add(frame, name, roles, simulated)
        progress("Keeping the table", 1.0)
        return dataset

    def get(self, identifier: str) -> DataSet:
        """The data set of that id; NotFoundError where there is none."""
        dataset = self._find(identifier)
        if dataset is None:
            raise NotFoundError("There is no data set with this id.", "Upload the file again.")
        return dataset

    def frame(self, identifier: str) -> pd.DataFrame:
        """The table of that id as it was added (text stays text, `attrs` stay); NotFoundError for none."""
        self.get(identifier)
        frame: pd.DataFrame = pq.read_table(self.path(identifier)).to_pandas()
        return frame

    def first(self, identifier: str, rows: int) -> pd.DataFrame:
        """The first rows of the table of that id, the others unread; NotFoundError where there is none."""
        with pq.ParquetFile(self.path(identifier)) as file:
            batch = next(file.iter_batches(batch_size=rows), None)
            table = file.schema_arrow.empty_table() if batch is None else pa.Table.from_batches([batch])
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def proposal(self, identifier: str) -> Proposal:
        """What the columns of that id may be: looked at once, kept under artifacts/proposals."""
        fingerprint = self.get(identifier).fingerprint
        path = place(self._settings, "proposals", fingerprint).with_suffix(".json")
        return found_or_made(
            path,
            lambda place: Proposal.from_dict(json.loads(place.read_bytes())),
            lambda place: write_json(place, propose(self.frame(identifier)).as_dict()),
        )

    def path(self, identifier: str) -> Path:
        """Where the table of that id stands, as Parquet; NotFoundError where there is none."""
        return self._folder / self.get(identifier).id / _DATA

    def set_roles(self, identifier: str, roles: Roles) -> DataSet:
        """Remember what the columns are for."""
        return self._update(replace(self.get(identifier), roles=roles))

    def all(self) -> list[DataSet]:
        """Every data set, the newest first; half-written folders are not there."""
        folders = self._folder.iterdir() if self._folder.is_dir() else ()
        found = [dataset for folder in folders if (dataset := self._find(folder.name))]
        return sorted(found, key=lambda dataset: (dataset.created, dataset.id), reverse=True)

    def _id(self, fingerprint: str) -> str:
        return hashlib.blake2b(bytes.fromhex(fingerprint), key=self._key(), digest_size=10).hexdigest()

    def _key(self) -> bytes:
        """The secret of this installation, made once; of two processes at once the first makes it."""
        path = self._settings.artifacts / ".key"
        if not path.exists():
            beside = path.with_name(f".key.{secrets.token_hex(8)}")
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            try:
                with suppress(FileExistsError):
                    path.hardlink_to(beside)
            finally:
                beside.unlink()
        return path.read_bytes()

    def _find(self, identifier: str) -> DataSet | None:
        if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
            return None
        folder = self._folder / identifier
        if not (folder / _DATA).is_file():
            return None
        try:
            return _from_json(json.loads((folder / _META).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, dataset: DataSet, staging: Path) -> DataSet:
        """Give the finished folder its name at once; where another process was first, its folder stays."""
        write_json(staging / _META, _as_json(dataset))
        home = self._folder / dataset.id
        try:
            staging.rename(home)
        except OSError:
            if self._find(dataset.id) is None:  # not ours: something without a description stands there
                shutil.rmtree(home, ignore_errors=True)
                staging.rename(home)
        return dataset

    def _update(self, dataset: DataSet) -> DataSet:
        write_json(self._folder / dataset.id / _META, _as_json(dataset))
        return dataset

    def _sweep(self) -> None:
        """Remove what a killed process left half-written more than a day ago."""
        for left in self._folder.glob(".*"):
            with suppress(OSError):
                if left.is_dir() and time.time() - left.stat().st_mtime > _DAY:
                    shutil.rmtree(left, ignore_errors=True)


def _name(name: str) -> str:
    """Text of the user on one line, at most 120 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[:_MAX_NAME] or "Unnamed"


def _as_json(dataset: DataSet) -> dict[str, Any]:
    return asdict(dataset)


def _from_json(meta: dict[str, Any]) -> DataSet:
    roles = None
    if meta["roles"] is not None:
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in meta["roles"].items()}
        roles = Roles(**fields)
    return DataSet(**{**meta, "columns": tuple(meta["columns"]), "roles": roles})
