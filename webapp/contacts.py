"""The contact list of a link: block by block for the page's table, and whole as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Body, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from components.contacts_grid import block_of, view_of
from core import advice
from core.conditions import conditions, planned
from core.contact_rows import ContactRows, listed
from core.errors import SettingError
from core.list_files import FileKind, list_file
from core.list_view import seen
from core.workspace import Workspace
from webapp.downloads import scored_of
from webapp.scoring import AT_ONCE, csv_answer, rows


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation; the query is that of the page."""
    routes = APIRouter(prefix="/api", tags=["contacts"])
    settings = workspace.settings

    @routes.post("/contacts/rows")
    def block(
        query: Annotated[dict[str, str], Body()], request: Annotated[dict[str, Any], Body()]
    ) -> Response:
        """A block of the list: {rows, count, said}. query: of the page. request: startRow, endRow,
        sortModel and filterModel as ag-grid asks; in the body, so that no address holds a customer's data.
        """
        found = list_of(query, workspace)
        view = view_of(request)
        places = seen(found, view, settings)
        start, stop = block_of(request)
        table = found.shown(np.asarray(places[start:stop], dtype=np.int64))
        said = advice.list_found(len(places), found.contacts) if view.filters else ""
        return JSONResponse({"rows": rows(table), "count": len(places), "said": said})

    @routes.get("/contacts.csv")
    def as_csv(request: Request) -> Response:
        """The contact list of a link as CSV (query: data, model, margin, cost, value, topn, policy, and the
        conditions of a plan).
        """
        found = list_of(request.query_params, workspace)
        with AT_ONCE:
            return csv_answer(found.at(np.arange(found.contacts)), "contacts.csv")

    @routes.get("/contacts.{kind}")
    def as_file(kind: FileKind, request: Request) -> FileResponse:
        """The same list as an Excel workbook (up to 100,000 contacts) or as Parquet."""
        found = list_of(request.query_params, workspace)
        with AT_ONCE:
            path = list_file(found, kind, settings)
        return FileResponse(path, filename=path.name)

    return routes


def list_of(query: Mapping[str, str], workspace: Workspace) -> ContactRows:
    """The list a link stands for. Raises SettingError, NotFoundError, and as the plan's solver does."""
    scored, scenario = scored_of(query, workspace)
    asked, notices = conditions(query, scenario)
    if notices:
        raise SettingError(notices[0], "Copy the link again from the page.")
    return listed(scored, scenario, planned(asked, scored.data.columns))
