"""POST /score: an audience file in, whom to contact out; the same bytes as `persuadable score`."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import AsyncIterator
from typing import Any

import pandas as pd
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from core import advice
from core.contact_list import ScoredList, contact_list
from core.data.readers import csv_bytes
from core.estimate import Estimate
from core.intake import read_sent
from core.policy.suppression import suppressed
from core.scenario import POLICIES
from core.workspace import Workspace
from webapp.forms import Received, inbox, received
from webapp.queries import known_fields, scenario_of

TOP = 100
AT_ONCE = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Held while a table is in memory, so that many senders at once do not exhaust it."""
CSV = "text/csv"

_FIELDS = {
    "file": {"type": "string", "format": "binary", "description": ".csv, .csv.gz, .xlsx or .parquet"},
    "margin": {"type": "number", "default": 0.30, "description": "Share of revenue kept, 0 to 1"},
    "cost": {"type": "number", "default": 0.05, "description": "Money per contact"},
    "value": {"type": "number", "default": 1, "description": "Money per outcome unit"},
    "topn": {"type": "integer", "description": "Contacts wanted; without it, the profit decides"},
    "policy": {"type": "string", "enum": list(POLICIES), "default": "bestN"},
    "model": {"type": "string", "description": "Id of the model; without it, the example's, else the latest"},
    "id_col": {"type": "string", "description": "Id column; without it, as in training"},
}
_FORM = {"type": "object", "required": ["file"], "properties": _FIELDS}
_DOCUMENTED = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}},
    "responses": {"200": {"content": {CSV: {"schema": {"type": "string"}}}}},
}
_PROBLEM = {"description": "Problem details (RFC 9457)", "content": {"application/problem+json": {}}}
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 404, 413, 415, 422), _PROBLEM)


def router(workspace: Workspace) -> APIRouter:
    """The route over one installation."""
    routes = APIRouter(tags=["scoring"])
    settings = workspace.settings
    folder = inbox(settings)

    async def parcel(request: Request) -> AsyncIterator[Received]:
        async for one in received(request, folder, settings.max_upload_bytes):
            yield one

    @routes.post("/score", openapi_extra=_DOCUMENTED, responses=PROBLEMS)
    def score(request: Request, sent: Received = Depends(parcel)) -> Response:
        """Score an audience and choose the contacts.

        JSON with a summary and the best contacts; the whole contact list with `Accept: text/csv`.
        """
        known_fields(sent.fields, _FIELDS)
        scenario = scenario_of(sent.fields)
        model = workspace.model(scenario.model or workspace.default_model())
        with AT_ONCE:
            frame = read_sent(sent.path, name=sent.name, settings=settings)
            scored = contact_list(frame, model, scenario, id_column=sent.fields.get("id_col") or None)
            del frame
            if CSV in request.headers.get("accept", ""):
                return csv_answer(scored.contacts, "contacts.csv")
            answer = {"summary": summary(scored, model.meta.id), "top": rows(scored.contacts.head(TOP))}
            return JSONResponse(answer)

    return routes


def _notes(scored: ScoredList) -> list[str]:
    left_alone = int(suppressed(scored.table).sum())
    said = list(advice.scoring_notes(scored.scores.unseen, scored.scores.missing))
    if left_alone:
        said.append(advice.suppressed_note(left_alone))
    if scored.own_costs:
        said.append(advice.own_costs_note(scored.own_costs, scored.decision.scenario.cost))
    return said


def summary(scored: ScoredList, model: str) -> dict[str, Any]:
    """What the list should earn, in money; `measured_*`: what the experiment showed, with its interval."""
    decision = scored.decision
    scenario = decision.scenario
    return {
        "customers": decision.customers,
        "contacts": decision.contacts,
        "share": decision.share,
        "expected_revenue": decision.predicted.revenue,
        "expected_cost": decision.predicted.cost,
        "expected_profit": decision.predicted.profit,
        "expected_profit_everyone": decision.predicted_everyone.profit,
        "measured_profit": _estimate(decision.measured),
        "measured_everyone": _estimate(decision.measured_everyone),
        "measured_gap": _estimate(decision.measured_gap),
        "model": model,
        "policy": scenario.policy,
        "margin": scenario.margin,
        "cost": scenario.cost,
        "value": scenario.value,
        "topn": scenario.topn,
        "verdict": list(advice.verdict(decision).sentences),
        "notes": _notes(scored),
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {
        name: number if math.isfinite(number := getattr(estimate, name)) else None
        for name in ("value", "lo", "hi", "level")
    }


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON takes them: missing and non-finite values are null, ids stay text."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(k): _plain(v) for k, v in row.items()} for row in plain.to_dict(orient="records")]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def csv_answer(table: pd.DataFrame, name: str) -> StreamingResponse:
    """A table as a streamed CSV file, in the one text form of the product."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(csv_bytes(table), media_type=CSV, headers=headers)
