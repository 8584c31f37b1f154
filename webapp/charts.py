"""The data behind each chart as CSV."""

from __future__ import annotations

import pandas as pd
from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.alternatives import both_of, side_by_side
from core.chart_tables import comparison_table, curve_table, decile_table, gain_table, sensitivity_table
from core.clv import chart_tables as clv
from core.clv import results
from core.errors import SettingError
from core.own_costs import OwnAxis
from core.plan import Plan
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

    @routes.get("/compare.csv")
    def compare(request: Request) -> Response:
        """Two scenarios side by side (query: that of the Compare page)."""
        scored, _ = scored_of(request.query_params, workspace)
        first, second, notices = both_of(request.query_params, scored.data.columns)
        if notices or second is None:
            message = notices[0] if notices else "The link has no second scenario."
            raise SettingError(message, "Copy the link again from the page.")
        return csv_answer(comparison_table(side_by_side(scored, first, second)), "comparison.csv")

    @routes.get("/sensitivity.csv")
    def sensitivity(request: Request) -> Response:
        """Best share to contact and its profit over margin and cost."""
        return csv_answer(sensitivity_table(*scored_of(request.query_params, workspace)), "sensitivity.csv")

    @routes.get("/sensitivity_{axis}.csv")
    def own_cost_sensitivity(axis: OwnAxis, request: Request) -> Response:
        """The same over a factor on, or money added to, the costs that customers have of their own."""
        table = sensitivity_table(*scored_of(request.query_params, workspace), axis)
        return csv_answer(table, f"sensitivity_{axis}.csv")

    @routes.get("/clv/{result_id}/{chart}.csv")
    def customer_value(result_id: str, chart: clv.Chart) -> Response:
        """The data of a chart of customer values."""
        found = results.load(workspace.settings, result_id)
        return csv_answer(clv.chart_table(found, chart), f"customer_value_{chart}.csv")

    @routes.get("/design.csv")
    def design(request: Request) -> Response:
        """Probability that a test shows its change, by its customers (query: that of the Design page)."""
        sizes, power = Plan.stated_by(request.query_params).solved().power_curve()
        return csv_answer(pd.DataFrame({"customers": sizes, "power": power}), "test_design.csv")

    return routes
