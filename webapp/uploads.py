"""POST /api/uploads: a file streamed to disk, read, kept as a data set, its columns' roles proposed."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from core.intake import Intake, take_in
from core.workspace import Workspace
from webapp.forms import Received, inbox, received
from webapp.scoring import AT_ONCE, PROBLEMS

TEMPLATE = (
    "recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend\r\n"
    "4,2) $100 - $200,150,1,0,Urban,0,Phone,Womens E-Mail,0,0,0\r\n"
    "11,3) $200 - $350,275.5,0,1,Rural,1,Web,No E-Mail,0,0,0\r\n"
    "1,2) $100 - $200,120.25,0,1,Surburban,1,Web,Womens E-Mail,1,0,0\r\n"
    "8,5) $500 - $750,600,1,1,Rural,0,Multichannel,Mens E-Mail,1,1,45\r\n"
    "3,1) $0 - $100,60.75,1,0,Urban,0,Web,No E-Mail,1,1,30\r\n"
    "5,2) $100 - $200,180,0,1,Surburban,0,Phone,Mens E-Mail,0,0,0\r\n"
)
"""How a campaign file looks: six invented customers with the columns of the Hillstrom campaign."""


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation."""
    routes = APIRouter(tags=["data"])
    settings = workspace.settings
    folder = inbox(settings)

    async def parcel(request: Request) -> AsyncIterator[Received]:
        async for one in received(request, folder, settings.max_upload_bytes, raw=True):
            yield one

    @routes.post("/api/uploads", status_code=201, responses=PROBLEMS)
    def upload(sent: Received = Depends(parcel)) -> Intake:
        """Keep a table (form part `file`, or a raw body with its name in X-File-Name).

        Answers its id, size and the proposed roles of its columns.
        """
        with AT_ONCE:
            return take_in(sent.path, name=sent.name, settings=settings)

    @routes.get("/api/template.csv")
    async def template() -> Response:
        """A campaign file to fill in."""
        headers = {"Content-Disposition": 'attachment; filename="campaign_template.csv"'}
        return Response(TEMPLATE, media_type="text/csv", headers=headers)

    return routes
