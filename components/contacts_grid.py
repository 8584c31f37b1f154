"""The contact list as a table that fetches the rows one looks at, sorted and filtered by the server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import dash_ag_grid as dag

from components import ids
from core import advice
from core.advice.columns import ours
from core.contact_rows import WHY
from core.errors import SettingError
from core.list_view import Filter, View
from core.settings import currency

PAGE_ROWS = 100
_MOST_ROWS = 1000
_MOST_SORTS = 8
_HEADS = {
    "rank": "Rank",
    "row_id": "Customer",
    "action": "Contact by",
    "arm": "Contact with",
    "exp_profit_per_contact": "Predicted profit",
    WHY: "Why",
    "reason": "Why",
    "exp_incremental_revenue": "Extra revenue",
    "contact_cost": "Cost",
    "profit_after_prices": "After prices of limits",
    "runner_up": "Next best",
    "runner_up_after_prices": "Next best after prices",
    "uplift_hat": "Predicted uplift",
    "y1_hat": "If contacted",
    "y0_hat": "If not",
}
_MONEY = (
    "exp_profit_per_contact",
    "exp_incremental_revenue",
    "contact_cost",
    "profit_after_prices",
    "runner_up_after_prices",
)
_UPLIFT = ("uplift_hat", "y1_hat", "y0_hat")
_WIDTHS = {"rank": 140, "row_id": 160, "exp_profit_per_contact": 165, WHY: 555, "reason": 380}

_THEME = """{
    backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', textColor: 'var(--ink)',
    headerBackgroundColor: 'var(--bs-tertiary-bg)', headerTextColor: 'var(--ink-soft)',
    oddRowBackgroundColor: 'var(--surface)', rowHoverColor: 'var(--bs-tertiary-bg)',
    borderColor: 'var(--line)', accentColor: 'var(--accent)', chromeBackgroundColor: 'var(--bs-tertiary-bg)',
    inputBackgroundColor: 'var(--surface)', inputBorder: 'solid 1px var(--bs-border-color)',
    inputTextColor: 'var(--ink)', inputPlaceholderTextColor: 'var(--ink-soft)',
    fontFamily: 'inherit', headerFontFamily: 'inherit', cellFontFamily: 'inherit', fontSize: 14,
    wrapperBorderRadius: 8, browserColorScheme: 'inherit'
}"""
"""The grid's theme in the words of assets/theme.css, so that it follows light and dark."""

_NUMBER = {
    "filterOptions": ["greaterThanOrEqual", "lessThanOrEqual", "equals", "inRange", "blank", "notBlank"],
    "inRangeInclusive": True,
}
_TEXT = {"filterOptions": ["contains", "notContains", "equals", "startsWith", "blank", "notBlank"]}
_ONE_TEST = {"maxNumConditions": 1, "debounceMs": 400, "buttons": ["reset"]}


Sorts = tuple[tuple[str, str], ...]
"""Columns with "asc" or "desc", the first to sort by first."""


def sorts_of(link: str, sortable: Iterable[str]) -> tuple[Sorts, tuple[str, ...]]:
    """How a link says that the list is sorted, and a notice where it cannot be. sortable: columns' names."""
    if not link:
        return (), ()
    try:
        sorts = tuple((str(name), str(way)) for name, way in json.loads(link))
    except (ValueError, TypeError, RecursionError):
        sorts = (("", ""),)
    known = len(sorts) <= _MOST_SORTS and {name for name, _ in sorts} <= set(sortable)
    if known and all(way in ("asc", "desc") for _, way in sorts):
        return sorts, ()
    return (), ("The link's sorting could not be used; the list is in its own order.",)


def contacts_grid(columns: Iterable[tuple[str, bool]], sorts: Sequence[tuple[str, str]] = ()) -> dag.AgGrid:
    """columns: names of the list, and whether each holds numbers. sorts: as `sorts_of` gives.

    assets/contacts.js fetches the rows.
    """
    numeric = dict(columns)
    names = [name for name in _HEADS if name in numeric] + [name for name in numeric if name not in _HEADS]
    known = ours(names) | {WHY}
    first = {name: {"sort": way, "sortIndex": place} for place, (name, way) in enumerate(sorts)}
    return dag.AgGrid(
        id=ids.GRID,
        columnDefs=[_column(name, numeric[name], name in known) | first.get(name, {}) for name in names],
        rowModelType="infinite",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "minWidth": 90,
            "floatingFilter": True,
            "suppressHeaderMenuButton": True,
            "suppressHeaderFilterButton": True,
        },
        dashGridOptions={
            "rowBuffer": 0,
            "cacheBlockSize": PAGE_ROWS,
            "maxBlocksInCache": 20,
            "cacheOverflowSize": 2,
            # Without a limit: the grid's own source, which ours takes the place of, leaves one open for ever.
            "maxConcurrentDatasourceRequests": -1,
            "blockLoadDebounceMillis": 60,
            "infiniteInitialRowCount": PAGE_ROWS,
            "suppressFieldDotNotation": True,
            "enableCellTextSelection": True,
            "localeText": {"noRowsToShow": advice.NO_ROWS},
            "theme": {"function": f"themeQuartz.withParams({_THEME})"},
        },
        style={"height": "600px"},
        className="contacts",
    )


def _column(name: str, numeric: bool, known: bool) -> dict[str, Any]:
    column: dict[str, Any] = {
        "field": name,
        "colId": name,
        "headerName": _HEADS.get(name, name) if known else name,
        "width": _WIDTHS.get(name, 170 if numeric else 160),
        "filter": "agNumberColumnFilter" if numeric else "agTextColumnFilter",
        "filterParams": _ONE_TEST | (_NUMBER if numeric else _TEXT),
        "floatingFilterComponentParams": {
            "filterPlaceholder": "at least" if numeric else "contains",
            "browserAutoComplete": numeric,  # "off", the grid's own, is no word for a number box
        },
    }
    if name == WHY:
        return column | {"tooltipField": name, "sortable": False, "filter": False, "floatingFilter": False}
    if name in _MONEY:
        column |= _number(f"persuadableMoney(params.value, {currency()!r})")
    elif name in _UPLIFT or name.startswith("uplift_hat["):
        column |= _number("persuadableNumber(params.value, 4)")
    elif name == "rank":
        column |= _number("persuadableNumber(params.value, 0)")
    return column


def _number(function: str) -> dict[str, Any]:
    return {"type": "rightAligned", "valueFormatter": {"function": function}}


def view_of(request: dict[str, Any]) -> View:
    """The filters and sorts of what ag-grid asks for. Raises SettingError where it is not of its form."""
    try:
        filters = tuple(
            Filter(str(name), str(asked["type"]), asked.get("filter"), asked.get("filterTo"))
            for name, asked in (request.get("filterModel") or {}).items()
        )
        sorts = {str(one["colId"]): one.get("sort") == "desc" for one in request.get("sortModel") or []}
    except (AttributeError, KeyError, TypeError):
        raise SettingError("The table's sorting or filter cannot be read.", "Reload the page.") from None
    if len(sorts) > _MOST_SORTS:
        raise SettingError(f"The table sorts by at most {_MOST_SORTS} columns.", "Sort by fewer.")
    return View(filters, tuple(sorts.items()))


def block_of(request: dict[str, Any]) -> tuple[int, int]:
    """(first, behind the last) place that ag-grid asks for; at most a thousand rows."""
    try:
        start = max(int(request.get("startRow") or 0), 0)
        end = int(request.get("endRow") or start + PAGE_ROWS)
    except (TypeError, ValueError):
        raise SettingError("The table's rows cannot be read.", "Reload the page.") from None
    return start, min(max(end, start), start + _MOST_ROWS)
