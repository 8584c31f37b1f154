"""Cells, header rows and plain tables of a workbook that is streamed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core.packs.sheet_rows import cell_text
from core.settings import Settings

COUNT, PERCENT, NUMBER, TIMES = "#,##0", "0.0%", "#,##0.0000", '"× "0.00'
_HEADER_FONT = Font(bold=True, color="FFFFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="FF1F3A5F")

Value = str | int | float | None
Row = Sequence[tuple[Value, str | None]]


def money_format(cents: bool = True) -> str:
    """Excel's number format for money in the installation's currency, with a sign for losses."""
    sign = Settings.from_environment().currency.replace('"', "")
    digits = "#,##0.00" if cents else "#,##0"
    return f'"{sign}"{digits};"\u2212{sign}"{digits}'


def table(
    book: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Row]
) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for i, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    header(sheet, [name for name, _ in columns])
    for row in rows:
        sheet.append([cell(sheet, value, shape) for value, shape in row])
    return sheet


def header(sheet: WriteOnlyWorksheet, names: Sequence[Value], shape: str | None = None) -> None:
    cells = []
    for name in names:
        title = cell(sheet, name, shape if not isinstance(name, str) else None, font=_HEADER_FONT)
        title.fill = _HEADER_FILL
        title.alignment = Alignment(vertical="center")
        cells.append(title)
    sheet.append(cells)


def cell(
    sheet: WriteOnlyWorksheet, value: Value, shape: str | None = None, font: Font | None = None
) -> WriteOnlyCell:
    if isinstance(value, float) and not math.isfinite(value):
        value = None
    made = WriteOnlyCell(sheet, value=cell_text(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        made.data_type = "s"  # never a formula, whatever the text begins with
    if shape:
        made.number_format = shape
    if font:
        made.font = font
    return made
