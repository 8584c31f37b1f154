"""The sheet of value tiers against uplift deciles, where the scored customers carry values."""

from __future__ import annotations

import numpy as np
from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Font
from openpyxl.styles.colors import Color

from core.clv import result_words
from core.clv.tiers import GROUPS, TierTable
from core.packs.cells import COUNT, NUMBER, cell, header, money_format

TITLE = "Value tiers"
_WHITE, _BLUE = "FFFFFFFF", "FF7FB4DC"


def value_tiers(book: Workbook, found: TierTable | None) -> None:
    """Customers, and what they are worth together, by value tier (down) and uplift decile (across)."""
    if found is None:
        return
    sheet = book.create_sheet(TITLE)
    sheet.column_dimensions["A"].width = 34
    worth = "Value of these customers" if found.in_money else "Expected orders of these customers"
    blocks: tuple[tuple[str, np.ndarray, str], ...] = (
        ("Customers", found.customers, COUNT),
        (worth, found.worth, money_format(cents=False) if found.in_money else NUMBER),
    )
    first = 3  # row of the first numbers: a title above them and a header
    for _, numbers, _ in blocks:
        _shade(sheet, f"B{first + 1}:K{first + GROUPS}", float(numbers.max()))
        first += GROUPS + 3
    sheet.append([cell(sheet, result_words.best_of_both(found), font=Font(bold=True, size=12))])
    for title, numbers, shape in blocks:
        sheet.append([cell(sheet, f"{title}, by value tier (down) and uplift decile (across), 1 = best")])
        header(sheet, ["", *range(1, GROUPS + 1)], COUNT)
        for tier, (line, mean) in enumerate(zip(numbers, found.mean_worth, strict=True), start=1):
            told = result_words.tier(tier, float(mean), in_money=found.in_money)
            sheet.append([cell(sheet, told), *(cell(sheet, number, shape) for number in line.tolist())])
        sheet.append([])


def _shade(sheet: object, area: str, end: float) -> None:
    scale = ColorScale(
        cfvo=[FormatObject("num", 0.0), FormatObject("num", max(end, 1e-9))],
        color=[Color(_WHITE), Color(_BLUE)],
    )
    sheet.conditional_formatting.add(area, Rule(type="colorScale", colorScale=scale))  # type: ignore[attr-defined]
