"""The HTTP API: health, scoring, uploads and downloads. What computes is a plain `def`, run in a thread."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from core.workspace import Workspace
from webapp import charts, contacts, downloads, errors, jobs, plans, scoring, uploads


def create_api(workspace: Workspace, lifespan: Any = None) -> FastAPI:
    """The API over one installation. Errors leave it as problem details (RFC 9457)."""
    api = FastAPI(
        title="Persuadable",
        version=version("persuadable"),
        description="Whom to contact so that a campaign earns the most incremental profit.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    errors.install(api)

    @api.get("/health", tags=["service"])
    async def health() -> dict[str, str]:
        """Whether the service answers."""
        return {"status": "ok", "version": api.version}

    for room in (scoring, plans, uploads, contacts, downloads, charts, jobs):
        api.include_router(room.router(workspace))
    return api
