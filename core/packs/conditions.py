"""The sheet of conditions of a pack whose contacts are a plan: limits, their price, the other rules."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Font

from core.advice.conditions import PRICES, binding, changed_worth, kept_out_words, sentence
from core.advice.contact_plans import gap_words, missed_words, price_words
from core.packs.cells import COUNT, Value, cell, header, money_format, table
from core.packs.pack import Pack
from core.policy.plan import WHY_NOT
from core.policy.plan_report import PlanReport
from core.policy.shadow import Changed, LimitUse

_COLUMNS = [
    ("Condition", 46),
    ("Limit", 14),
    ("Used", 14),
    ("Left", 14),
    ("Binds", 14),
    ("What one more is worth", 50),
    ("Limit, a tenth less", 20),
    ("Profit then changes by", 24),
    ("Limit, a tenth more", 20),
    ("Profit then changes by", 24),
]


def conditions(book: Workbook, pack: Pack) -> None:
    """Nothing where the pack is a plain list."""
    if pack.report is None:
        return
    report, plan = pack.report, pack.report.plan
    sheet = table(book, "Constraints", _COLUMNS, _rows(report))
    bold = Font(bold=True, size=12)
    if not report.limits and not report.rules:
        sheet.append([cell(sheet, "No limits are set.")])
    sheet.append([])
    said = changed_worth(plan.formulation.constraints)
    gap = gap_words(plan.solution.gap_money, plan.solution.gap)
    missed = [missed_words(use.limit.words, use.missed) for use in report.limits if use.missed]
    for title, lines in (
        ("Other conditions", [sentence(words) for words in said]),
        ("How good the plan is", [gap, *missed]),
    ):
        if lines:
            sheet.append([cell(sheet, title, font=bold)])
            for line in lines:
                sheet.append([cell(sheet, line)])
            sheet.append([])
    left = [(words, plan.excluded(why)) for why, words in WHY_NOT.items()]
    if any(number for _, number in left):
        header(sheet, ["Left alone", "Customers"])
        for words, number in left:
            if number:
                sheet.append([cell(sheet, words), cell(sheet, number, COUNT)])
        sheet.append([])
    sheet.append([cell(sheet, PRICES, font=Font(italic=True, color="FF5A6472"))])


def _rows(report: PlanReport) -> list[list[tuple[Value, str | None]]]:
    """The limits, then the rules about customers, which have neither an amount nor a price."""
    none: tuple[Value, str | None] = (None, None)
    rows = [_row(use, report.plan.cost) for use in report.limits]
    for use in report.rules:
        said = [(sentence(use.words), None), none, none, none, (binding(use.binding, 0), None)]
        rows.append([*said, (kept_out_words(use), None), none, none, none, none])
    return rows


def _row(use: LimitUse, cost: float) -> list[tuple[Value, str | None]]:
    shape = COUNT if use.limit.counts else money_format()
    plain: list[tuple[Value, str | None]] = [(use.amount, shape), (use.used, shape), (use.slack, shape)]
    if use.limit.key == "roi_floor":  # its amount is the zero of an inequality, not what people set
        plain[:2] = [(None, None), (None, None)]
    return [
        (sentence(use.limit.words), None),
        *plain,
        (binding(use.binding, use.missed), None),
        (price_words(use, cost), None),
        *_changed(use.less, shape),
        *_changed(use.more, shape),
    ]


def _changed(changed: Changed | None, shape: str) -> list[tuple[Value, str | None]]:
    if changed is None:
        return [("not tried", None), (None, None)]
    if changed.gain is None:
        return [(changed.amount, shape), ("no plan", None)]
    return [(changed.amount, shape), (round(changed.gain, 2) + 0.0, money_format())]
