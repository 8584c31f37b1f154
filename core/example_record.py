"""Which data set and model are the example: kept by id, for its file may be uploaded under any name."""

from __future__ import annotations

import json
from pathlib import Path

from core.errors import NotFoundError
from core.files import write_json
from core.workspace import Workspace


def record_path(workspace: Workspace) -> Path:
    """Where the ids of the example are kept; the file stands once the example is ready."""
    return workspace.models_folder / ".example.json"


def remember(workspace: Workspace, data_id: str, model_id: str) -> None:
    """Write down the ids of the example that is ready."""
    write_json(record_path(workspace), {"data": data_id, "model": model_id})


def prepared(workspace: Workspace) -> tuple[str, str] | None:
    """The ids of the example's data set and model; None where it is not prepared or one of them is gone."""
    try:
        known = json.loads(record_path(workspace).read_bytes())
        data_id, model_id = str(known["data"]), str(known["model"])
        workspace.data.get(data_id)
        workspace.model_path(model_id)
    except (OSError, ValueError, KeyError, TypeError, NotFoundError):
        return None
    return data_id, model_id
