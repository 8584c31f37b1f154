"""The small sheets of a pack: summary, profit curve, deciles, sensitivity, assumptions."""

from __future__ import annotations

import math

import numpy as np
from openpyxl import Workbook
from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Alignment, Font
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core import advice
from core.advice.columns import legend
from core.advice.conditions import OWN_COSTS, UNCONDITIONED, one_cost_words
from core.estimate import LEVEL
from core.packs.cells import COUNT, NUMBER, PERCENT, TIMES, Row, Value, cell, header, money_format, table
from core.packs.pack import CURVE_POINTS, HeldOut, Pack, measured_profit
from core.packs.summary import held_out
from core.policy.economics import FloatArray

_VERMILION, _WHITE, _BLUE = "FFEA9A6B", "FFFFFFFF", "FF7FB4DC"  # light enough for black figures


def summary(book: Workbook, pack: Pack) -> None:
    sheet = book.create_sheet("Summary")
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDE", (44, 25, 29, 16, 16)):
        sheet.column_dimensions[letter].width = width
    verdict = advice.verdict(pack.decision)
    for i, sentence in enumerate((*verdict.sentences, *held_out(pack)), start=1):
        size = 16 if i == 1 else 12
        # Excel does not grow the height of merged cells by itself.
        sheet.row_dimensions[i].height = size * 1.6 * math.ceil(len(sentence) * size / 1400)
        sheet.merged_cells.add(f"A{i}:E{i}")
        title = cell(sheet, sentence, font=Font(bold=i == 1, size=size))
        title.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.append([title])
    sheet.append([])
    held = pack.held_out
    whole = money_format(cents=False)
    decision = pack.decision
    measured = decision.measured
    everyone = decision.measured_everyone
    gap = decision.measured_gap
    predicted_gap = decision.predicted.profit - decision.predicted_everyone.profit
    header(sheet, ["", "Predicted by the model", "Measured on the experiment", "From", "To"])
    for name, claim, estimate in (
        ("Profit of this choice", decision.predicted.profit, measured),
        ("Profit of contacting everyone", decision.predicted_everyone.profit, everyone),
        ("This choice minus contacting everyone", predicted_gap, gap),
    ):
        shown = (estimate.value, estimate.lo, estimate.hi) if estimate else (None, None, None)
        sheet.append([cell(sheet, name), *(cell(sheet, v, whole) for v in map(_exact, (claim, *shown)))])
    sheet.append([])
    for name, value, shape in (
        ("Customers", decision.customers, COUNT),
        *(_counts(decision.contacts, held)),
        *((("Customers contacted", decision.reached, COUNT),) if decision.reached is not None else ()),
        ("Share contacted", decision.share, PERCENT),
        ("Incremental revenue, predicted", decision.predicted.revenue, whole),
        (
            "Cost of the contacts" if held is None else "Cost of the whole list",
            decision.predicted.cost,
            whole,
        ),
        *(_money_of(held, whole)),
        ("Margin", pack.scenario.margin, PERCENT),
        (*pack.cost, money_format()),
        ("Value of one outcome unit", pack.scenario.value, money_format()),
        *((("Scenario", pack.scenario.name, None),) if pack.scenario.name else ()),
    ):
        sheet.append([cell(sheet, name), cell(sheet, value, shape)])
    sheet.append([])
    level = advice.percent(measured.level if measured else LEVEL, 0)
    note = f"From and To are the ends of the {level} interval of the measured figure."
    sheet.append([cell(sheet, note, font=Font(italic=True, color="FF5A6472"))])


def _counts(listed: int, held: HeldOut | None) -> list[tuple[str, int, str]]:
    if held is None:
        return [("Contacts", listed, COUNT)]
    parts = (("Contacts on the list", listed), ("Held out", held.held), ("Will be contacted", held.contacts))
    return [(name, number, COUNT) for name, number in parts]


def _money_of(held: HeldOut | None, shape: str) -> list[tuple[str, float, str]]:
    if held is None:
        return []
    return [
        ("Cost of those who will be contacted", held.cost, shape),
        ("Predicted profit of those", held.profit, shape),
    ]


def _exact(amount: float | None) -> float | None:
    """Without the last bits of sums that cancel: a bound of 0 is 0, not -3.6e-12."""
    return None if amount is None else round(amount, 9) + 0.0


def curve(book: Workbook, pack: Pack) -> None:
    curve = pack.curve.thinned(CURVE_POINTS)
    measured = measured_profit(pack, curve.contacts.astype(float))
    columns: list[tuple[str, int]] = [
        ("Contacts", 12),
        ("Share contacted", 16),
        ("Predicted revenue", 18),
        ("Cost", 14),
        ("Predicted profit", 18),
    ]
    if measured:
        # a band that holds at every number of contacts at once: wider than the interval of the one choice
        columns += [("Measured profit", 18), ("Measured from (whole curve)", 28)]
        columns += [("Measured to (whole curve)", 26)]
    money = money_format()
    rows: list[Row] = []
    for i in range(curve.contacts.size):
        row: list[tuple[Value, str | None]] = [
            (int(curve.contacts[i]), COUNT),
            (float(curve.contacts[i] / max(pack.decision.customers, 1)), PERCENT),
            (float(curve.revenue[i]), money),
            (float(curve.cost[i]), money),
            (float(curve.profit[i]), money),
        ]
        if measured:
            row += [(float(part[i]), money) for part in measured]
        rows.append(row)
    sheet = table(book, "Profit curve", columns, rows)
    _profit_chart(sheet, len(rows) + 1, measured is not None)
    if pack.report is not None:
        sheet.append([])
        sheet.append([cell(sheet, UNCONDITIONED, font=Font(italic=True))])
    if pack.own_costs:
        words = one_cost_words(pack.scenario.cost)
        sheet.append([cell(sheet, words, font=Font(italic=True))])


def _profit_chart(sheet: WriteOnlyWorksheet, last: int, has_measured: bool) -> None:
    chart = ScatterChart()
    chart.title, chart.style, chart.height, chart.width = "Profit by number of contacts", 2, 10, 20
    chart.x_axis.title, chart.y_axis.title = "Contacts", "Profit"
    chart.x_axis.number_format, chart.y_axis.number_format = COUNT, money_format(cents=False)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"
    contacts = Reference(sheet, min_col=1, min_row=2, max_row=last)
    lines = [(5, "Predicted", "4338CA", "dash", 22_000)]
    if has_measured:
        lines += [
            (6, "Measured", "1B1F24", "solid", 28_000),
            (7, "Measured from (whole curve)", "8A94A0", "solid", 9_000),
            (8, "Measured to (whole curve)", "8A94A0", "solid", 9_000),
        ]
    for column, title, colour, dash, width in lines:
        series = Series(Reference(sheet, min_col=column, min_row=2, max_row=last), contacts, title=title)
        series.smooth, series.marker.symbol = False, "none"
        series.graphicalProperties.line.solidFill = colour
        series.graphicalProperties.line.dashStyle = dash
        series.graphicalProperties.line.width = width
        chart.series.append(series)
    sheet.add_chart(chart, "J2")


def deciles(book: Workbook, pack: Pack) -> None:
    titles = {
        "decile": ("Decile (1 = best)", COUNT),
        "customers": ("Customers", COUNT),
        "predicted_uplift": ("Predicted uplift", NUMBER),
        "measured_uplift": ("Measured uplift", NUMBER),
        "lo": ("Measured from", NUMBER),
        "hi": ("Measured to", NUMBER),
        "treated": ("Contacted customers", COUNT),
        "control": ("Control customers", COUNT),
        "mean_treated": ("Mean outcome, contacted", NUMBER),
        "mean_control": ("Mean outcome, control", NUMBER),
    }
    if pack.deciles is None:
        note = "No experiment stands behind this pack, so no decile could be measured."
        table(book, "Deciles", [("Deciles", 70)], [[(note, None)]])
        return
    names = [str(c) for c in pack.deciles.columns]
    shapes = [titles.get(name, (name, NUMBER)) for name in names]
    rows: list[Row] = [
        [(int(value) if shape == COUNT else float(value), shape) for value, (_, shape) in zip(record, shapes)]
        for record in pack.deciles.itertuples(index=False, name=None)
    ]
    table(book, "Deciles", [(title, len(title) + 3) for title, _ in shapes], rows)


def sensitivity(book: Workbook, pack: Pack) -> None:
    grid, scenario = pack.grid, pack.scenario
    sheet = book.create_sheet("Sensitivity")
    columns = len(grid.costs)
    sheet.column_dimensions["A"].width = 22
    for i in range(columns):
        sheet.column_dimensions[get_column_letter(i + 2)].width = 13
    last = get_column_letter(columns + 1)
    rows = len(grid.margins)
    _shade(sheet, f"B3:{last}{rows + 2}", [(0.0, _WHITE), (1.0, _BLUE)])
    _shade(sheet, f"B{rows + 6}:{last}{2 * rows + 5}", _diverging(grid.profit))
    _shade(sheet, f"B{2 * rows + 9}:{last}{3 * rows + 8}", _diverging(grid.profit_everyone))
    here = Font(bold=True, underline="single")
    own = grid.axis == "factor"
    across = "factor on every contact's own cost" if own else "cost per contact"
    for title, values, shape in (
        (f"Best share to contact, by margin (down) and {across} (across)", grid.share, PERCENT),
        ("Predicted profit of the best choice", grid.profit, money_format(cents=False)),
        ("Predicted profit of contacting everyone", grid.profit_everyone, money_format(cents=False)),
    ):
        sheet.append([cell(sheet, title, font=Font(bold=True, size=12))])
        header(sheet, ["Margin \\ cost", *grid.costs.tolist()], TIMES if own else money_format())
        for margin, row in zip(grid.margins, values):
            cells = [cell(sheet, float(margin), PERCENT, font=Font(bold=True))]
            for cost, value in zip(grid.costs, row):
                current = margin == scenario.margin and cost == grid.here(scenario.cost)
                cells.append(cell(sheet, float(value), shape, font=here if current else None))
            sheet.append(cells)
        sheet.append([])
    sheet.append([cell(sheet, "The underlined cell is this pack's margin and cost.", font=Font(italic=True))])
    if own:
        sheet.append([cell(sheet, OWN_COSTS, font=Font(italic=True))])
    if pack.report is not None:
        sheet.append([cell(sheet, UNCONDITIONED, font=Font(italic=True))])


def assumptions(book: Workbook, pack: Pack) -> None:
    """What the pack was made from, and what the columns of its list are."""
    rows: list[Row] = [[(name, None), (value, None)] for name, value in pack.assumptions]
    sheet = table(book, "Assumptions", [("Assumption", 38), ("Value", 90)], rows)
    sheet.append([])
    header(sheet, ["Column of the list", "Its name in the CSV file, and what it is"])
    for heading, meaning in legend(map(str, pack.contacts.columns)):
        sheet.append([cell(sheet, heading), cell(sheet, meaning)])


def _diverging(values: FloatArray) -> list[tuple[float, str]]:
    end = float(np.abs(values).max(initial=0.0)) or 1.0
    return [(-end, _VERMILION), (0.0, _WHITE), (end, _BLUE)]


def _shade(sheet: WriteOnlyWorksheet, area: str, stops: list[tuple[float, str]]) -> None:
    scale = ColorScale(
        cfvo=[FormatObject("num", value) for value, _ in stops],
        color=[Color(colour) for _, colour in stops],
    )
    sheet.conditional_formatting.add(area, Rule(type="colorScale", colorScale=scale))
