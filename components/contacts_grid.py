"""The contact list as a table that fetches the rows one looks at."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
import pandas as pd

from components import ids
from core.settings import Settings

PAGE_ROWS = 100
_HEADS = {
    "rank": "Rank",
    "row_id": "Customer",
    "arm": "Contact with",
    "exp_profit_per_contact": "Predicted profit",
    "exp_incremental_revenue": "Extra revenue",
    "uplift_hat": "Predicted uplift",
    "y1_hat": "If contacted",
    "y0_hat": "If not",
    "should_contact": "Contact",
}


_THEME = """{
    backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', textColor: 'var(--ink)',
    headerBackgroundColor: 'var(--bs-tertiary-bg)', headerTextColor: 'var(--ink-soft)',
    oddRowBackgroundColor: 'var(--surface)', rowHoverColor: 'var(--bs-tertiary-bg)',
    borderColor: 'var(--line)', accentColor: 'var(--accent)', chromeBackgroundColor: 'var(--bs-tertiary-bg)',
    fontFamily: 'inherit', headerFontFamily: 'inherit', cellFontFamily: 'inherit', fontSize: 14,
    wrapperBorderRadius: 8, browserColorScheme: 'inherit'
}"""
"""The grid's theme in the words of assets/theme.css, so that it follows light and dark."""


def contacts_grid(columns: list[str]) -> dag.AgGrid:
    """columns: of the contact table. Rows come by getRowsRequest."""
    ours = [c for c in _HEADS if c in columns]
    others = [c for c in columns if c not in _HEADS]
    return dag.AgGrid(
        id=ids.GRID,
        columnDefs=[_column(c) for c in ours + others],
        rowModelType="infinite",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "minWidth": 80,
            "suppressHeaderMenuButton": True,
        },
        dashGridOptions={
            "rowBuffer": 0,
            "cacheBlockSize": PAGE_ROWS,
            "maxBlocksInCache": 20,
            "cacheOverflowSize": 2,
            "maxConcurrentDatasourceRequests": 2,
            "infiniteInitialRowCount": PAGE_ROWS,
            "suppressFieldDotNotation": True,
            "enableCellTextSelection": True,
            "theme": {"function": f"themeQuartz.withParams({_THEME})"},
        },
        style={"height": "560px"},
        className="contacts",
    )


def _column(name: str) -> dict[str, Any]:
    column: dict[str, Any] = {"field": name, "headerName": _HEADS.get(name, name), "width": 140}
    currency = Settings.from_environment().currency
    if name in ("exp_profit_per_contact", "exp_incremental_revenue"):
        column |= _number(f"persuadableMoney(params.value, {currency!r})")
    elif name in ("uplift_hat", "y1_hat", "y0_hat") or name.startswith("uplift_hat["):
        column |= _number("persuadableNumber(params.value, 4)")
    elif name == "rank":
        column |= _number("persuadableNumber(params.value, 0)") | {"width": 100}
    elif name == "should_contact":
        column |= {
            "valueFormatter": {"function": "params.value == null ? '' : params.value ? 'Yes' : 'No'"},
            "width": 120,
        }
    return column


def _number(function: str) -> dict[str, Any]:
    return {"type": "rightAligned", "width": 170, "valueFormatter": {"function": function}}


def rows_answer(table: pd.DataFrame, request: dict[str, Any]) -> dict[str, Any]:
    """The rows that the grid asks for: {rowData, rowCount}. Unknown columns to sort by are passed over."""
    sorting = [s for s in request.get("sortModel") or [] if s.get("colId") in table.columns]
    if sorting:
        table = table.sort_values(
            [s["colId"] for s in sorting], ascending=[s.get("sort") != "desc" for s in sorting], kind="stable"
        )
    start = max(int(request.get("startRow") or 0), 0)
    end = min(max(int(request.get("endRow") or PAGE_ROWS), start), start + 1000)
    rows = table.iloc[start:end]
    return {
        "rowData": rows.astype(object).where(rows.notna(), None).to_dict("records"),
        "rowCount": len(table),
    }
