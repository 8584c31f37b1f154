"""The data behind each chart as CSV."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.chart_tables import curve_table, decile_table, gain_table, sensitivity_table
from core.workspace import Workspace
from webapp.downloads import scored_of
from webapp.scoring import csv_answer


def router(workspace: Workspace) -> APIRouter:
    """The routes over one installation; the query is that of the page."""
    routes = APIRouter(prefix="/api", tags=["charts"])

    @routes.get("/curve.csv")
    def curve(request: Request) -> Response:
        """Profit against the number of contacts, predicted and measured with its band."""
        return csv_answer(curve_table(*scored_of(request.query_params, workspace)), "profit_curve.csv")

    @routes.get("/deciles.csv")
    def deciles(request: Request) -> Response:
        """Predicted and measured uplift by decile, with intervals from outcomes."""
        return csv_answer(decile_table(*scored_of(request.query_params, workspace)), "deciles.csv")

    @routes.get("/gain.csv")
    def gain(request: Request) -> Response:
        """Measured gain of contacting the best share, with its interval and band."""
        return csv_answer(gain_table(*scored_of(request.query_params, workspace)), "gain.csv")

    @routes.get("/sensitivity.csv")
    def sensitivity(request: Request) -> Response:
        """Best share to contact and its profit over margin and cost."""
        return csv_answer(sensitivity_table(*scored_of(request.query_params, workspace)), "sensitivity.csv")

    return routes
