"""The contact pack as an Excel workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.advice.columns import headings
from core.data.sheet_numbers import number_columns
from core.files import replacing
from core.packs import sheets
from core.packs.cells import COUNT, NUMBER, PERCENT, cell, header, money_format
from core.packs.conditions import conditions
from core.packs.pack import Pack
from core.packs.sheet_rows import BATCH, rows_xml, splice
from core.packs.value_tiers import value_tiers
from core.progress import Progress, silent

ROWS_PER_SHEET = 1_048_575  # an Excel sheet has 1,048,576 rows; one is the header


_VALUES: dict[str, str | None] = {
    "clv": None, "expected_spend": None, "residual_value": None,
    "p_alive": PERCENT, "expected_orders": "0.00", "value_tier": "0", "w": "0.00",
}  # fmt: skip
"""The columns that `persuadable value` joins, with their number formats; None is money."""


def contact_formats(contacts: pd.DataFrame, written: Mapping[str, str]) -> dict[str, str]:
    """Number format of each contact column that has one. written: of the text columns that hold numbers."""
    formats = {
        **written,
        "rank": COUNT,
        "y1_hat": NUMBER,
        "y0_hat": NUMBER,
        "exp_incremental_revenue": money_format(),
        "exp_profit_per_contact": money_format(),
        "contact_cost": money_format(),
        "profit_after_prices": money_format(),
        "runner_up_after_prices": money_format(),
    }
    for name in map(str, contacts.columns):
        stem = name.removesuffix("_lo").removesuffix("_hi")
        if stem in _VALUES:
            formats[name] = _VALUES[stem] or money_format()
    uplifts = {str(c): NUMBER for c in contacts.columns if str(c).startswith("uplift_hat")}
    return {name: f for name, f in (formats | uplifts).items() if name in contacts.columns}


def write_pack(
    pack: Pack, path: Path, *, rows_per_sheet: int = ROWS_PER_SHEET, progress: Progress = silent
) -> None:
    """Write the workbook whole or not at all.

    Sheets: Summary, Contacts (Contacts 2, ... where there are more than `rows_per_sheet`), Profit curve,
    Deciles, Value tiers (where the customers carry values), Sensitivity, Constraints (where the contacts are
    a plan with conditions), Assumptions. Text is never a formula; ids stay text.
    """
    with _streamed() as book, replacing(path) as beside, tempfile.TemporaryDirectory() as folder:
        book.properties.title = "Contact pack"
        book.properties.creator = "Persuadable"
        book.properties.created = pack.created.replace(tzinfo=None)
        sheets.summary(book, pack)
        rows = _told(_contacts(book, pack.contacts, rows_per_sheet), len(pack.contacts), progress)
        sheets.curve(book, pack)
        sheets.deciles(book, pack)
        value_tiers(book, pack.tiers)
        sheets.sensitivity(book, pack)
        conditions(book, pack)
        sheets.assumptions(book, pack)
        frame = Path(folder) / "frame.xlsx"
        book.save(frame)
        splice(frame, rows, beside)


def _told(rows: dict[str, Iterator[bytes]], of: int, progress: Progress) -> dict[str, Iterator[bytes]]:
    """The same rows; as they are written it is told how far they are."""
    batches = count(1)

    def telling(one: Iterator[bytes]) -> Iterator[bytes]:
        for batch in one:
            yield batch
            progress("Writing the workbook", min(next(batches) * BATCH / of, 1.0))

    return {part: telling(one) for part, one in rows.items()}


@contextmanager
def _streamed() -> Iterator[Workbook]:
    """A workbook written as it goes; on failure its sheets are closed, for they hold files open."""
    book = Workbook(write_only=True)
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            if not sheet.closed:
                sheet.close()


def _contacts(book: Workbook, contacts: pd.DataFrame, rows_per_sheet: int) -> dict[str, Iterator[bytes]]:
    """Sheets with the header alone, and the rows to splice into each by the name of its part."""
    written = number_columns(contacts)
    formats = contact_formats(contacts, written)
    rows: dict[str, Iterator[bytes]] = {}
    for number, start in enumerate(range(0, max(len(contacts), 1), rows_per_sheet), start=1):
        share = contacts.iloc[start : start + rows_per_sheet]
        sheet = book.create_sheet("Contacts" if number == 1 else f"Contacts {number}")
        sheet.freeze_panes = "B2"
        last = get_column_letter(max(contacts.shape[1], 1))
        sheet.auto_filter.ref = f"A1:{last}{len(share) + 1}"
        heads = headings(map(str, contacts.columns))
        styles = {name: cell(sheet, 0, shape).style_id for name, shape in formats.items()}
        for i, name in enumerate(contacts.columns):
            widths = share.iloc[:200, i].astype("str").str.len().dropna() + 2
            width = max(
                [len(heads[str(name)]) + 4, *([] if name in formats and name not in written else widths)]
            )
            sheet.column_dimensions[get_column_letter(i + 1)].width = min(width, 50)
        header(sheet, list(heads.values()))
        rows[f"xl/worksheets/sheet{len(book.worksheets)}.xml"] = rows_xml(share, styles, written=written)
    return rows
