"""Files to take away: the contact list of a scenario, and packs. Streamed, never base64."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from core.clv import results
from core.errors import NotFoundError, SettingError
from core.keeping import used
from core.scenario import Scenario
from core.workspace import Scored, Workspace
from webapp.queries import scenario_of
from webapp.scoring import csv_answer

ORDERS_TEMPLATE = (
    "customer_id,date,amount\r\n0001,2024-01-05,29.90\r\n0001,2024-03-17,45.00\r\n0002,2024-02-11,12.50\r\n"
)
"""How a file of orders looks: three invented lines."""
_PACK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation."""
    routes = APIRouter(prefix="/api", tags=["downloads"])

    @routes.get("/packs/{pack_id}/{name}")
    def pack(pack_id: str, name: str) -> FileResponse:
        """A file of a contact pack."""
        folder = workspace.settings.artifacts / "packs" / pack_id
        known = _PACK_ID.fullmatch(pack_id) and folder.is_dir()
        # Looked up among the folder's own names, so that no name can lead out of it.
        files = {path.name: path for path in folder.iterdir()} if known else {}
        path = files.get(name)
        if path is None or name.startswith(".") or not path.is_file():
            raise NotFoundError("There is no such pack.", "It may have been removed; build it again.")
        used(folder)
        return FileResponse(path, filename=name)

    @routes.get("/clv/{result_id}/customers.csv")
    def customer_values(result_id: str) -> Response:
        """Every customer's expected orders and value."""
        return csv_answer(results.load(workspace.settings, result_id).customers(), "customer_values.csv")

    @routes.get("/clv/{result_id}/report.json")
    def clv_report(result_id: str) -> FileResponse:
        """What was found about the customers of a file of orders."""
        found = results.load(workspace.settings, result_id)
        return FileResponse(found.folder / results.REPORT, filename="customer_values.json")

    @routes.get("/orders-template.csv")
    async def orders_template() -> Response:
        """A file of orders to fill in."""
        headers = {"Content-Disposition": 'attachment; filename="orders_template.csv"'}
        return Response(ORDERS_TEMPLATE, media_type="text/csv", headers=headers)

    return routes


def scored_of(query: Mapping[str, str], workspace: Workspace) -> tuple[Scored, Scenario]:
    """What a link's query stands for. Raises SettingError, NotFoundError."""
    scenario = scenario_of(query)
    if scenario.data is None or scenario.model is None:
        raise SettingError("The link names no data set or no model.", "Copy it again from the page.")
    return workspace.scored(scenario.data, scenario.model), scenario
