"""Whether every door gives the same scores and the same list: training, the command line, HTTP, the app."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx
import numpy as np
import pandas as pd

from core.data.columns import numeric
from core.data.readers import read_table, write_table
from core.interpreter import environment, module
from core.policy.contacts import order
from core.policy.economics import FloatArray
from core.processes import ProcessKey
from core.settings import Settings
from core.uplift.model import Model

Door = Callable[[Path, int], bytes]
"""door(audience, contacts): the list of the best `contacts` customers of an audience file, as CSV bytes."""

TOP = 1000
_PATIENCE = 120.0  # seconds a server may take to answer for the first time


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a door's scores agree with those given at training. top_overlap: share of the TOP best."""

    rows: int
    correlation: float
    top_overlap: float
    max_abs_difference: float


@dataclass(frozen=True, slots=True)
class Parity:
    """The agreement of each door with training, and whether all doors' lists are the same bytes."""

    command_line: Agreement
    http: Agreement
    app: Agreement
    contact_list_bytes_equal: bool

    def as_dict(self) -> dict[str, object]:
        """For parity.json."""
        return {"top": TOP, **asdict(self)}


def parity(frame: pd.DataFrame, model: Model, command_line: Door, http: Door, app: Door) -> Parity:
    """Send the campaign's held-out rows through every door and compare with the scores kept at training.

    frame: the campaign the model was trained on. Raises ValueError where the model keeps no held-out rows.
    """
    audience, uplift = _held_out(frame, model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "held_out.csv"
        write_table(audience, path)
        lists = [door(path, len(audience)) for door in (command_line, http, app)]
    id_column = model.meta.id_column
    ids = audience[id_column].astype("str") if id_column else pd.Series(np.arange(len(audience)).astype(str))
    trained = pd.Series(uplift, index=pd.Index(ids, dtype="str"))
    by_command, by_http, by_app = (_agreement(trained, given) for given in lists)
    return Parity(by_command, by_http, by_app, len(set(lists)) == 1)


def _held_out(frame: pd.DataFrame, model: Model) -> tuple[pd.DataFrame, FloatArray]:
    """The held-out rows in file order, and their uplift as it was predicted at training."""
    if model.evidence is None:
        raise ValueError("the model keeps no held-out rows")
    id_column = model.meta.id_column
    ids = frame[id_column].astype("str") if id_column else pd.Series(np.arange(len(frame)).astype(str))
    kept = pd.Series(model.evidence.uplift.max(axis=1), index=pd.Index(model.evidence.ids, dtype="str"))
    here = ids.isin(kept.index).to_numpy()
    return frame[here].reset_index(drop=True), kept.loc[ids[here]].to_numpy(np.float64)


def _agreement(trained: pd.Series, given: bytes) -> Agreement:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(given)
        table = read_table(path)
    uplift, _ = numeric(table, "uplift_hat")
    expected = trained.loc[table["row_id"]].to_numpy(np.float64)
    best = trained.index[order(trained.to_numpy(np.float64), pd.Series(trained.index))[:TOP]]
    same = bool(np.array_equal(uplift, expected))
    # Constant scores have no correlation; equal ones agree all the same.
    correlation = 1.0 if same else float(np.corrcoef(uplift, expected)[0, 1])
    overlap = len(set(best) & set(table["row_id"].head(TOP))) / max(min(TOP, len(trained)), 1)
    return Agreement(len(table), correlation, overlap, float(np.abs(uplift - expected).max(initial=0.0)))


def command_line_door(model_folder: Path, settings: Settings) -> Door:
    """`persuadable score` in a process of its own."""

    def door(audience: Path, contacts: int) -> bytes:
        out = audience.with_name("list_of_the_command_line.csv")
        arguments = ["--in", audience, "--out", out, "--models", model_folder, "--topn", contacts]
        command = [*module("core.cli"), "score", *map(str, arguments), "--progress", "none"]
        subprocess.run(command, check=True, env=_environment(settings), stdout=subprocess.DEVNULL)
        return out.read_bytes()

    return door


@contextmanager
def served_doors(model_folder: Path, settings: Settings) -> Iterator[tuple[Door, Door]]:
    """POST /score, and what the app does: an upload and the list of its page's link.

    Of a server that runs while the context is open, on a free port of this machine, with a copy of the model
    in a folder of its own, so that nothing of this installation changes.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, artifacts=Path(folder), allowed_hosts="")
        model_id = model_folder.resolve().name
        shutil.copytree(model_folder, own.artifacts / "models" / model_id)
        command = [*module("core.cli"), "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=_environment(own), stdout=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(base_url=address, timeout=_PATIENCE, trust_env=False) as client:
                _wait(client, server)
                yield _http(client, model_id), _app(client, model_id)
        finally:
            ProcessKey.of(server.pid).end_tree()
            server.wait()


def _http(client: httpx.Client, model_id: str) -> Door:
    def door(audience: Path, contacts: int) -> bytes:
        with audience.open("rb") as file:
            answer = client.post(
                "/score",
                files={"file": (audience.name, file, "text/csv")},
                data={"topn": str(contacts), "model": model_id},
                headers={"Accept": "text/csv"},
            )
        return answer.raise_for_status().content

    return door


def _app(client: httpx.Client, model_id: str) -> Door:
    def door(audience: Path, contacts: int) -> bytes:
        sent = client.post(
            "/api/uploads", content=audience.read_bytes(), headers={"X-File-Name": audience.name}
        )
        link = {"data": sent.raise_for_status().json()["id"], "model": model_id, "topn": str(contacts)}
        return client.get("/api/contacts.csv", params=link).raise_for_status().content

    return door


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            client.get("/health").raise_for_status()
            return
        except httpx.HTTPError:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


def _environment(settings: Settings) -> dict[str, str]:
    return environment(PERSUADABLE_ARTIFACTS_DIR=str(settings.artifacts.absolute()))
