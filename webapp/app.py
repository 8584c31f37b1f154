"""The Dash application: pages, their theme and frame, background jobs, and what a page shows on error."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import dash
import plotly.utils
from dash import Dash, DiskcacheManager
from diskcache import Cache, JSONDisk
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from components import ids
from components.shell import INDEX
from core.errors import PersuadableError
from core.files import private
from core.workspace import Workspace
from pages import PAGES, frame
from webapp import vendor
from webapp.errors import fault, record
from webapp.guards import content_policy
from webapp.inline import hashes

ASSETS = Path(__file__).resolve().parents[1] / "assets"
_KEPT = 3600  # seconds a background callback's result is kept for the page that asked
_CACHE_BYTES = 100_000_000


def create_app(workspace: Workspace) -> Dash:
    """The pages over one installation. Holds no state of a user: the URL and the disk do."""
    app = Dash(
        "webapp",
        title="Persuadable",
        update_title="",
        use_pages=True,
        pages_folder="",
        assets_folder=str(ASSETS),
        external_stylesheets=list(vendor.STYLESHEETS),
        suppress_callback_exceptions=True,
        index_string=INDEX,
        background_callback_manager=_background(workspace.settings.artifacts / "cache"),
        on_error=_tell,
    )
    for page in PAGES:
        page.register(app, workspace)
    app.layout = frame(app, workspace)
    _serve(app.server)
    return app


def policy(app: Dash) -> str:
    """The content policy of the pages: scripts of this host, and the inline ones by their hash.

    Dash adds an inline script of its own with the first request, so one is made here.
    """
    app.server.test_client().get("/_dash-dependencies")
    return content_policy((*hashes(INDEX), *app.csp_hashes()))


class PlainDisk(JSONDisk):  # type: ignore[misc]
    """A cache of JSON alone: diskcache would otherwise unpickle what it reads (CVE-2025-69872)."""

    def store(self, value: Any, read: bool, key: Any = None) -> Any:
        if isinstance(value, bytes):  # Dash's signing secret, which is text
            value = value.decode()
        plain = json.loads(json.dumps(value, cls=plotly.utils.PlotlyJSONEncoder))
        return super().store(plain, read, key=key)


def _background(folder: Path) -> DiskcacheManager:
    cache = Cache(str(private(folder)), disk=PlainDisk, size_limit=_CACHE_BYTES)
    return DiskcacheManager(cache, expire=_KEPT)  # type: ignore[no-untyped-call]


def _tell(error: Exception) -> None:
    """What a page shows when a callback fails; the outputs keep what they showed."""
    words = str(error) if isinstance(error, PersuadableError) else fault(record(error, "a callback"))
    dash.set_props(ids.FAULT, {"children": words})


def _serve(server: Flask) -> None:
    server.register_blueprint(vendor.blueprint())

    @server.errorhandler(Exception)
    def friendly(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return error
        if isinstance(error, PersuadableError):
            return _page(error.status, str(error))
        return _page(500, fault(record(error, f"{request.method} {request.path.split('/')[1]}")))


def _page(status: int, words: str) -> Response:
    sheets = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in vendor.STYLESHEETS)
    body = (
        '<!DOCTYPE html><html lang="en"><head><meta name="viewport" content="width=device-width">'
        f'<title>Persuadable</title>{sheets}</head><body class="container py-5"><h1>That did not work</h1>'
        f'<p role="alert">{html.escape(words)}</p><p><a href="/">Back to the start</a></p></body></html>'
    )
    return Response(body, status, mimetype="text/html")
