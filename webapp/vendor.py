"""Bootstrap and its icons, from the installed package Bootstrap-Flask: no third-party file is committed."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

_FOLDER = Path(str(files("flask_bootstrap"))) / "static" / "bootstrap5"
_SHEETS = ("css/bootstrap.min.css", "css/font/bootstrap-icons.min.css")
_PREFIX = f"/vendor/bootstrap-{version('bootstrap-flask')}"

STYLESHEETS = tuple(f"{_PREFIX}/{sheet}" for sheet in _SHEETS)
"""Addresses for a page's head; the version in them lets a browser keep the files for good."""


def blueprint() -> Blueprint:
    """The routes of the files."""
    vendor = Blueprint("vendor", __name__)

    @vendor.get(f"{_PREFIX}/<path:name>")
    def file(name: str) -> Response:
        answer = send_from_directory(_FOLDER, name)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    return vendor
