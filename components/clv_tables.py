"""The tables of the CLV page: ledger, model cards, the check, lifetimes beside ours, top customers."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from components.plain_table import plain_table
from core.advice import count, money, percent
from core.clv import result_words, words

MEANING: dict[str, str] = {
    "r": "How alike customers' order rates are: larger is more alike.",
    "alpha": "With r: customers who stay order r ÷ alpha times a unit of time on average.",
    "a": "With b: the chance of leaving after an order is a ÷ (a + b) on average.",
    "b": "See a.",
    "s": "How alike customers' leaving rates are: larger is more alike.",
    "beta": "With s: customers leave at a rate of s ÷ beta a unit of time on average.",
    "p": "How even a customer's own amounts are: larger is more even.",
    "q": "How alike customers' mean amounts are: larger is more alike.",
    "v": "The scale of amounts, money.",
}


def _signed(number: float, digits: int) -> str:
    return f"{number:,.{digits}f}".replace("-", "−")


def doubts(notes: list[str]) -> html.Section | None:
    """What must be kept in mind, all in one place."""
    if not notes:
        return None
    return html.Section(
        [html.H2("Keep in mind"), html.Ul([html.Li(note) for note in notes], className="stack-s mb-0")],
        className="panel stack",
    )


def ledger_table(cleaning: dict[str, Any], end: str) -> html.Section:
    """cleaning: Ledger.as_dict. end: the last day of observation."""
    rows: list[tuple[Any, ...]] = [("Lines read", "", "", count(cleaning["read"]))]
    rows += [
        (
            [
                line["rule"][:1].upper() + line["rule"][1:],
                html.Span(f" {line['note']}", className="muted small") if line["note"] else None,
            ],
            count(line["found"]),
            count(line["taken"]),
            count(line["left"]),
        )
        for line in cleaning["rules"]
        if line["found"]
    ]
    quiet = [line["rule"] for line in cleaning["rules"] if not line["found"]]
    return html.Section(
        [
            html.H2(f"{count(cleaning['left'])} of {count(cleaning['read'])} lines are orders to learn from"),
            plain_table("Cleaning ledger", ("Rule", "Lines it fits", "Left out", "Lines left"), rows),
            html.P(f"Observed until {end}, in whole days.", className="muted small"),
            html.P(f"Nothing to do for: {', '.join(quiet)}.", className="muted small") if quiet else None,
        ],
        className="panel stack",
    )


def model_card(fit: dict[str, Any], *remarks: str) -> html.Section:
    """fit: Fitted.as_dict, in plain words. remarks: what else is known of it."""
    rows: list[tuple[Any, ...]] = [
        (
            [html.B(name), html.Span(f" {MEANING[name]}", className="muted small")],
            f"{value:.4g}",
            "not determined" if se is None else f"± {se:.2g}",
        )
        for name, value, se in zip(fit["names"], fit["values"], fit["se"], strict=True)
    ]
    unit = f", time in {fit['unit']}s" if fit["unit"] else ""
    return html.Section(
        [
            html.H2(f"{words.TITLES[fit['model']]}: {words.MODELS[fit['model']]}"),
            html.P(result_words.told_plainly(fit)),
            plain_table(
                f"Parameters of {words.TITLES[fit['model']]}", ("Parameter", "Value", "Standard error"), rows
            ),
            html.P(
                f"Learnt from {count(fit['customers'])} customers{unit}; "
                f"log-likelihood {_signed(fit['log_likelihood'], 2)}.",
                className="muted small",
            ),
            *(html.P(remark, className="muted small") for remark in remarks),
        ],
        className="panel stack",
    )


def check_table(validation: dict[str, Any]) -> html.Section:
    """Every model and two simple rules on the days that were held out."""
    with_value = validation["actual_value"] is not None
    rows: list[tuple[Any, ...]] = []
    for score in validation["scores"]:
        between = score["interval"]
        rows.append(
            (
                words.TITLES[score["model"]],
                count(score["predicted"]),
                f"{count(between['lo'])} to {count(between['hi'])}" if between else "",
                percent(score["bias"]),
                f"{score['mae']:.3f}",
                f"{score['rmse']:.3f}",
                percent(score["capture"]),
                *((money(score["value"]) if score["value"] is not None else "",) if with_value else ()),
            )
        )
    also = words.otherwise(validation["by_holdout"], validation["scores"])
    came = (count(validation["actual_orders"]), "", "", "", "", "")
    rows.append(("What came", *came, *((money(validation["actual_value"]),) if with_value else ())))
    head = ("Model", "Orders", "90 % interval", "Off", "MAE", "RMSE", "Best tenth finds")
    return html.Section(
        [
            html.H2(words.preferred(validation["by_likelihood"], validation["by_holdout"])),
            html.P(also, className="muted small") if also else None,
            plain_table("Check on the days held out", (*head, *(("Value",) if with_value else ())), rows),
        ],
        className="panel stack",
    )


def top_customers(table: pd.DataFrame, rows: int = 15) -> html.Section:
    """The head of Values.to_frame."""
    has_value = "clv" in table.columns
    head = ["Customer", "Orders", "Last order", "p(alive)", "Expected orders"]
    head += ["A typical order", "Value", "90 % interval"] if has_value else []
    lines: list[tuple[Any, ...]] = []
    for row in table.head(rows).to_dict("records"):
        line: list[Any] = [
            str(row[table.columns[0]]),
            count(row["orders"]),
            str(row["last_order"]),
            percent(row["p_alive"]),
            f"{row['expected_orders']:.1f}",
        ]
        if has_value:
            between = " to ".join(money(row[end], cents=False) for end in ("clv_lo", "clv_hi") if end in row)
            line += [money(row["expected_spend"], cents=True), money(row["clv"], cents=False), between]
        lines.append(tuple(line))
    return html.Section(
        [html.H2("The most valuable customers"), plain_table("Most valuable customers", tuple(head), lines)],
        className="panel stack",
    )
