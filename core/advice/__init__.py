"""Every sentence a person reads, and the formatters of money, percents and counts beside them."""

from core.advice.answers import answer, differences, judged_at, ranking_words, worth_unsaid
from core.advice.comparison import BOARD_HEAD, board_finding, board_rows, board_sentences
from core.advice.decisions import (
    SIMULATED,
    UNHEEDED_CONDITIONS,
    Tone,
    Verdict,
    own_costs_heeded,
    policy,
    scoring_notes,
    suppressed_note,
    too_many_contacts,
    unheeded_columns,
    verdict,
)
from core.advice.formats import count, ends, interval, money, percent, plus_minus, signed
from core.advice.glossary import GLOSSARY
from core.advice.health import WITHHELD, finding_line, health_summary, measured_on
from core.advice.lists import (
    NO_ROWS,
    PACK_HOLDS,
    PLAN_FILES,
    TOO_MANY_FOR_EXCEL,
    held_out_note,
    list_found,
    list_note,
    list_title,
    own_costs_note,
)
from core.advice.plan import BEFORE, not_given, plan
from core.advice.worth import worth_assumed, worth_counts, worth_title, worth_words

__all__ = [
    "BEFORE",
    "BOARD_HEAD",
    "GLOSSARY",
    "NO_ROWS",
    "PACK_HOLDS",
    "PLAN_FILES",
    "SIMULATED",
    "TOO_MANY_FOR_EXCEL",
    "UNHEEDED_CONDITIONS",
    "WITHHELD",
    "Tone",
    "Verdict",
    "answer",
    "board_finding",
    "board_rows",
    "board_sentences",
    "count",
    "differences",
    "ends",
    "finding_line",
    "health_summary",
    "held_out_note",
    "interval",
    "judged_at",
    "list_found",
    "list_note",
    "list_title",
    "measured_on",
    "money",
    "not_given",
    "own_costs_heeded",
    "own_costs_note",
    "percent",
    "plan",
    "plus_minus",
    "policy",
    "ranking_words",
    "scoring_notes",
    "signed",
    "suppressed_note",
    "too_many_contacts",
    "unheeded_columns",
    "verdict",
    "worth_assumed",
    "worth_counts",
    "worth_title",
    "worth_unsaid",
    "worth_words",
]
