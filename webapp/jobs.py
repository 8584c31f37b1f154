"""GET /api/jobs/{id} and its cancel: a job's state for those who hold its unguessable id."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from core import jobs
from core.errors import NotFoundError
from core.job_records import JobRecord, folder_of, problems_file
from core.workspace import Workspace

_SHOWN = ("id", "kind", "title", "state", "step", "percent", "message", "problems", "created")


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation."""
    routes = APIRouter(prefix="/api/jobs", tags=["jobs"])

    @routes.get("/{job_id}")
    def state(job_id: str) -> dict[str, Any]:
        """The state of a job: queued, running, done, failed, cancelled or stopped."""
        return _shown(jobs.job(job_id, workspace.settings))

    @routes.get("/{job_id}/problems.csv")
    def problems(job_id: str) -> FileResponse:
        """Everything that is wrong with the file of a job that failed."""
        record = jobs.job(job_id, workspace.settings)
        path = problems_file(folder_of(workspace.settings), record.id)
        if not path.is_file():
            raise NotFoundError("There are no problems to list.", "Look at the job's message.")
        return FileResponse(path, filename="problems.csv", media_type="text/csv")

    @routes.post("/{job_id}/cancel")
    def cancel(job_id: str) -> dict[str, Any]:
        """End a job and all its processes, within two seconds."""
        return _shown(jobs.cancel(job_id, workspace.settings))

    return routes


def _shown(record: JobRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _SHOWN}
