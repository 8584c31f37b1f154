"""The contact pack as one page of Markdown that a person can read or paste into a mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

import numpy as np
import pandas as pd

from core import advice
from core.advice.conditions import binding, changed_worth, kept_out_words, sentence
from core.advice.contact_plans import gap_words, price_words
from core.estimate import Estimate
from core.packs.pack import Pack
from core.policy.plan_report import PlanReport

_LINK_CHARACTERS = ":/?&=#%+,;@~!$'*()-._"  # what a link may hold; no space and no angle bracket
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown(pack: Pack) -> str:
    """Decision, figures, deciles, assumptions and link. Text from users is escaped."""
    verdict = advice.verdict(pack.decision)
    blocks = [
        f"# {verdict.decision}",
        verdict.comparison,
        verdict.certainty,
        *held_out(pack),
        *([f"Scenario: {escaped(pack.scenario.name)}"] if pack.scenario.name else []),
        "## Figures",
        _figures(pack),
    ]
    if pack.report is not None:
        blocks += ["## Conditions", _conditions(pack.report)]
    if pack.deciles is not None:
        blocks += ["## Deciles, best first", _deciles(pack.deciles, pack.binary)]
    told = [(n, v) for n, v in pack.assumptions if n != "Link"]  # it follows, to be clicked
    blocks += ["## Assumptions", "\n".join(f"- {escaped(n)}: {escaped(v)}" for n, v in told)]
    if pack.link:
        blocks.append(f"See it again: <{quote(pack.link, safe=_LINK_CHARACTERS)}>")
    blocks.append(f"Made {pack.created:%Y-%m-%d %H:%M} with Persuadable. The list: `{pack.stem}.csv`.")
    return "\n\n".join(blocks) + "\n"


def held_out(pack: Pack) -> tuple[str, ...]:
    """How many of the list are not contacted, and what the figures are of; () without a hold-out."""
    told = pack.held_out
    return () if told is None else (advice.held_out_note(told.held, told.contacts, told.cost, told.profit),)


def _conditions(report: PlanReport) -> str:
    plan = report.plan
    rows = [
        (
            escaped(sentence(use.limit.words)),
            binding(use.binding, use.missed),
            price_words(use, plan.cost),
        )
        for use in report.limits
    ]
    rows += [
        (escaped(sentence(use.words)), binding(use.binding, 0), kept_out_words(use)) for use in report.rules
    ]
    parts = [_table(("Limit", "Binds", "What one more is worth"), rows)] if rows else []
    said = [escaped(sentence(words)) for words in changed_worth(plan.formulation.constraints)]
    parts += ["\n".join(f"- {words}" for words in said)] if said else []
    return "\n\n".join((*parts, gap_words(plan.solution.gap_money, plan.solution.gap)))


def _figures(pack: Pack) -> str:
    d = pack.decision
    gap = d.predicted.profit - d.predicted_everyone.profit

    def row(name: str, predicted: float, measured: Estimate | None) -> tuple[str, ...]:
        if measured is None:
            return name, advice.money(predicted), "not measured", ""
        ends = f"{advice.money(measured.lo)} to {advice.money(measured.hi)}"
        return name, advice.money(predicted), advice.money(measured.value), ends

    level = advice.percent((d.measured.level if d.measured else 0.90), 0)
    table = _table(
        ("Profit", "Predicted", "Measured", f"{level} interval"),
        [
            row("This choice", d.predicted.profit, d.measured),
            row("Contact everyone", d.predicted_everyone.profit, d.measured_everyone),
            row("This choice minus everyone", gap, d.measured_gap),
            ("Contact no one", advice.money(0), advice.money(0), ""),
        ],
    )
    reached = d.contacts if d.reached is None else d.reached
    share = f"{advice.count(reached)} of {advice.count(d.customers)} ({advice.percent(d.share)})"
    if reached != d.contacts:
        share = f"{advice.count(d.contacts)}, to {share}"
    facts = _table(
        (
            "Contacts" if reached == d.contacts else "Contacts, to customers",
            "Incremental revenue, predicted",
            "Cost",
            "Margin",
            pack.cost[0],
        ),
        [
            (
                share,
                advice.money(d.predicted.revenue),
                advice.money(d.predicted.cost),
                advice.percent(pack.scenario.margin),
                advice.money(pack.cost[1], cents=True),
            )
        ],
    )
    return f"{facts}\n\n{table}"


def _deciles(deciles: pd.DataFrame, binary: bool) -> str:
    def uplift(value: float) -> str:
        if not binary:
            return advice.money(value, cents=True)
        return advice.signed(value, 4)

    columns = deciles[["decile", "customers", "predicted_uplift", "measured_uplift", "lo", "hi"]]
    rows = [
        (
            f"{decile:.0f}",
            advice.count(customers),
            *map(uplift, (told, seen)),
            " to ".join(map(uplift, ends)),
        )
        for decile, customers, told, seen, *ends in columns.to_numpy(np.float64).tolist()
    ]
    return _table(("Decile", "Customers", "Predicted uplift", "Measured uplift", "Interval"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
