"""POST /plan: a scored file and conditions in, the contact plan out; the same bytes as `persuadable plan`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from core.chart_tables import frontier_table, plan_map_table
from core.commands.plan import summary
from core.errors import SettingError
from core.intake import read_sent
from core.list_files import FileKind, list_file
from core.plan_rows import plan_rows
from core.policy.constraints import Constraints, json_schema
from core.policy.offers import offers
from core.policy.plan import plan
from core.policy.plan_report import plain_report, plan_report
from core.scenario import Scenario
from core.workspace import Scored, Workspace
from webapp.downloads import scored_of
from webapp.forms import Received, inbox, received
from webapp.hang_up import still_wanted
from webapp.queries import known_fields, scenario_of
from webapp.scoring import AT_ONCE, CSV, PROBLEMS, TOP, csv_answer, rows

_FIELDS = {
    "file": {"type": "string", "format": "binary", "description": "As `persuadable score` writes it"},
    "margin": {"type": "number", "default": 0.30, "description": "Share of revenue kept, 0 to 1"},
    "cost": {
        "type": "number",
        "default": 0.05,
        "description": "Money per contact; the file's column cost first",
    },
    "value": {"type": "number", "default": 1, "description": "Money per outcome unit"},
    "constraints": {
        "type": "string",
        "description": 'JSON, e.g. {"budget": 500}; see /api/constraints.schema.json',
    },
    "all": {"type": "string", "enum": ["0", "1"], "description": "1: every customer, with should_contact"},
    "compare": {
        "type": "string",
        "enum": ["0", "1"],
        "description": "1: limits solved ±10 %, budget frontier",
    },
}
_FORM = {"type": "object", "required": ["file"], "properties": _FIELDS}
_DOCUMENTED = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}},
    "responses": {"200": {"content": {CSV: {"schema": {"type": "string"}}}}},
}


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation."""
    routes = APIRouter(tags=["planning"])
    settings = workspace.settings
    folder = inbox(settings)

    async def parcel(request: Request) -> AsyncIterator[Received]:
        async for one in received(request, folder, settings.max_upload_bytes):
            yield one

    @routes.post("/plan", openapi_extra=_DOCUMENTED, responses=PROBLEMS)
    def make_plan(request: Request, sent: Received = Depends(parcel)) -> Response:
        """Find the most profitable plan for a scored file within conditions.

        JSON with the report and the best contacts; the whole plan with `Accept: text/csv`. Closing the
        connection stops the solve.
        """
        known_fields(sent.fields, _FIELDS)
        checkpoint = still_wanted(request)
        scenario = scenario_of(sent.fields)
        constraints = Constraints.from_json(sent.fields.get("constraints") or "{}", "constraints")
        everyone, compare = (_yes(sent.fields, name) for name in ("all", "compare"))
        with AT_ONCE:
            frame = read_sent(sent.path, name=sent.name, settings=settings)
            found = plan(offers(frame, constraints), scenario, constraints, checkpoint=checkpoint)
            del frame
            table = found.table(everyone=everyone)
            if CSV in request.headers.get("accept", ""):
                return csv_answer(table, "plan.csv")
            report = plan_report(found, checkpoint) if compare else plain_report(found)
            answer = {
                "summary": list(summary(found)),
                "report": report.as_dict(),
                "top": rows(table.head(TOP)),
            }
            return JSONResponse(answer)

    @routes.get("/api/plan.csv")
    def plan_of_page(request: Request) -> Response:
        """The plan of the Policy page (query: that of the page)."""
        with AT_ONCE:
            found = plan_rows(*asked(request.query_params, workspace))
            return csv_answer(found.at(np.arange(found.contacts)), "plan.csv")

    @routes.get("/api/plan.{kind}")
    def plan_as_file(kind: FileKind, request: Request) -> FileResponse:
        """The same plan as an Excel workbook (up to 100,000 contacts) or as Parquet."""
        with AT_ONCE:
            path = list_file(plan_rows(*asked(request.query_params, workspace)), kind, settings)
        return FileResponse(path, filename=f"plan.{kind}")

    @routes.get("/api/constraints.json")
    def constraints_of_page(request: Request) -> Response:
        """The page's conditions, as `persuadable plan --constraints` reads them."""
        headers = {"Content-Disposition": 'attachment; filename="constraints.json"'}
        text = constraints_of(request.query_params).to_json()
        return Response(text, media_type="application/json", headers=headers)

    @routes.get("/api/frontier.csv")
    def frontier_of_page(request: Request) -> Response:
        """The best predicted profit for each budget, within the page's other conditions."""
        with AT_ONCE:
            return csv_answer(frontier_table(*asked(request.query_params, workspace)), "frontier.csv")

    @routes.get("/api/plan_sensitivity.csv")
    def map_of_page(request: Request) -> Response:
        """The best plan within the page's conditions over margin and cost."""
        with AT_ONCE:
            table = plan_map_table(*asked(request.query_params, workspace))
        return csv_answer(table, "plan_sensitivity.csv")

    @routes.get("/api/constraints.schema.json")
    def schema() -> Response:
        """The JSON schema of constraints."""
        return JSONResponse(json_schema())

    return routes


def constraints_of(query: Mapping[str, str]) -> Constraints:
    """The conditions of a link. Raises SettingError where one cannot be used."""
    constraints, notices = Constraints.from_query(query)
    if notices:
        raise SettingError(notices[0], "Copy the link again from the page.")
    return constraints


def asked(query: Mapping[str, str], workspace: Workspace) -> tuple[Scored, Scenario, Constraints]:
    """What the link of a Policy page stands for. Raises SettingError, NotFoundError."""
    scored, scenario = scored_of(query, workspace)
    return scored, scenario, constraints_of(query)


def _yes(fields: Mapping[str, str], name: str) -> bool:
    given = fields.get(name, "0").strip().lower()
    if given not in ("0", "1", "true", "false", ""):
        raise SettingError(f"{name} is '{given[:40]}', which cannot be used.", "Give 1 or 0.")
    return given in ("1", "true")
