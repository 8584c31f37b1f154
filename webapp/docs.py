"""Swagger UI at /docs, from the installed package fastapi-swagger: no other host is asked for anything."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import as_file, files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

from core.errors import NotFoundError

_ASSETS = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")


def install(api: FastAPI) -> str:
    """Add /docs and its files; returns the page's HTML (its inline script needs a hash in the policy)."""
    kept = version("fastapi-swagger")
    page = bytes(
        get_swagger_ui_html(
            openapi_url=api.openapi_url or "/openapi.json",
            title=f"{api.title} - API",
            swagger_js_url=f"/docs/{_ASSETS[0]}?v={kept}",
            swagger_css_url=f"/docs/{_ASSETS[1]}?v={kept}",
            swagger_favicon_url=f"/docs/{_ASSETS[2]}?v={kept}",
            swagger_ui_parameters={"validatorUrl": None},
        ).body
    ).decode()

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page)

    @api.get("/docs/{name}", include_in_schema=False)
    def asset(name: str) -> FileResponse:
        if name not in _ASSETS:
            raise NotFoundError("There is no such file.")
        with as_file(files("fastapi_swagger.resources") / name) as path:
            return FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})

    return page
